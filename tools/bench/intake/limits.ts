/** One round of the anchors: S and V by openssl, C, F, X and B in a copy of the seeded database, N as a process. */
import { join } from 'node:path';
import { runLoad, ServerProcess } from '../child';
import { signingRates } from '../anchors/signing';
import {
  findPgbench,
  limitOf,
  prepareLimits,
  type Workload,
  workloads,
} from '../anchors/database-limits';
import { amount, bodiesOf, detailOf, jobFor, measured, type Setting } from './setting';

const minorOf = (text: string): string => text.replace('.', '');

/** The best number of clients of the first round serves the others: the search takes longer than the measurement. */
const bestClients = new Map<string, number>();

export async function measureSigning({ tally, plan }: Setting): Promise<void> {
  const rates = await signingRates(plan.anchorSeconds);
  if (rates.by !== 'openssl speed')
    tally.note('S and V: openssl was not found, so node:crypto was measured on its thread pool.');
  tally.anchor('S', `S: RSA-2048 signs, all cores, ${rates.by}`, rates.signs, 'per second');
  tally.anchor('V', `V: RSA-2048 verifies, all cores, ${rates.by}`, rates.verifies, 'per second');
}

export async function measureDatabase(setting: Setting): Promise<void> {
  const { ground, tally, plan, constant } = setting;
  const by = findPgbench() === undefined ? 'pg from Node' : 'pgbench';
  if (by !== 'pgbench')
    tally.note('C, F, B: pgbench was not found, so pg from Node was measured; X was not.');
  const database = await ground.copy();
  try {
    const variables = await prepareLimits(ground, database, await bodiesOf(constant.measured, 64));
    const names = {
      C: 'C: one-row durable inserts',
      F: 'F: payments, one PL/pgSQL call each',
      X: 'X: payments, single statements in a transaction',
      B: 'B: payments, one call per 100',
    } as const;
    for (const key of ['C', 'F', 'X', 'B'] as const) {
      const workload: Workload = workloads[key];
      const known = bestClients.get(key);
      const clients = known !== undefined ? [known] : plan.isQuick ? [8] : workload.clients;
      const limit = await limitOf(
        ground,
        database,
        workload,
        key === 'C' ? {} : variables,
        plan.anchorSeconds,
        clients,
      );
      if (limit.perSecond === 0) continue;
      bestClients.set(key, limit.clients);
      tally.anchor(key, `${names[key]}, ${by}`, limit.perSecond, 'per second', {
        detail: { clients: limit.clients },
      });
    }
  } finally {
    await ground.drop(database);
  }
}

/** N, on its own tables, with the same control numbers and the same messages. */
export async function measurePlainBuild(setting: Setting): Promise<void> {
  const { ground, tally, plan, constant, numbers } = setting;
  const database = 'plain';
  await ground.empty(database);
  const server = await ServerProcess.start(
    'tools/bench/baseline/main.js',
    { DATABASE_URL: ground.urlOf(database) },
    join(ground.folder, 'plain.log'),
  );
  try {
    await ground.on(database, async (db) => {
      await db.query(
        `with added as (
           insert into bill (control_number, amount_minor, payer_name)
           select number, $2, 'Neema Mollel' from unnest($1::text[]) as n (number) returning id)
         insert into bill_item (bill_id, gfs_code, amount_minor) select id, '142202', $2 from added`,
        [numbers, minorOf(amount)],
      );
      await db.query('vacuum analyze');
      await db.query('checkpoint');
    });
    const load = (messages: typeof constant.measured, seconds: number) =>
      jobFor(server, 'v4', { messages, count: messages.count, connections: 64, seconds });
    await runLoad(load(constant.warmUp, Math.min(2, plan.seconds)));
    const outcome = await measured(setting, server, load(constant.measured, plan.seconds));
    if (outcome.accepted !== outcome.sent)
      throw new Error(`the plain build refused payments: ${JSON.stringify(outcome.answers)}`);
    tally.anchor(
      'N',
      'N: payments of the plain build, Express, xml2js, repositories, unique sign each',
      outcome.perSecond,
      'per second',
      { detail: detailOf(outcome) },
    );
  } finally {
    await server.stop();
  }
}
