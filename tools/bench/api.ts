/**
 * Figures of the JSON edge: bills a second one by one and in hundreds, each under an Idempotency-Key of its own and with
 * its control number in the answer; bills read; and events of the feed read in pages of a thousand. Against C, one-row
 * durable inserts, and Q, one-row selects, measured in turn with them. Nothing of this is signed, so S is no limit here.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { Pool } from 'undici';
import { formatWireInstant } from '../../src/kernel/business-day';
import { instantFromMs } from '../../src/kernel/clock';
import { findPgbench, limitOf, prepareLimits, workloads } from './anchors/database-limits';
import { apiKeyFor } from './api-key';
import { freePort, ServerProcess } from './child';
import { percentile, type Rest, type Tally } from './figures';
import type { Plan } from './intake/plan';
import { environmentFor } from './intake/setting';
import { cpuMsOf, describeMachine } from './machine';
import { gfsCode, Ground, spCode } from './stage/ground';

const dayMs = 86_400_000;
const eventsAPage = 1_000;

interface Place {
  readonly tally: Tally;
  readonly plan: Plan;
  readonly ground: Ground;
  readonly server: ServerProcess;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request of a load; `units` is what it counts for. */
interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly units: number;
}

interface Load {
  readonly name: string;
  readonly unit: string;
  readonly connections: number;
  readonly against: Rest['against'];
  /** The `n`th of connection `of`; undefined ends that connection. */
  readonly next: (n: number, of: number) => Request | undefined;
  readonly read?: (text: string, of: number) => void;
}

let made = 0;

function bill(): object {
  made += 1;
  const now = performance.timeOrigin + performance.now();
  return {
    billId: `API-${String(made)}`,
    amount: '25000.00',
    currency: 'TZS',
    paymentOption: 'exact',
    description: 'School fees, term 1',
    generatedAt: `${formatWireInstant(instantFromMs(now))}+03:00`,
    expiresAt: `${formatWireInstant(instantFromMs(now + 300 * dayMs))}+03:00`,
    payer: { id: `STD-${String(made)}`, name: 'Neema Mollel', phone: '0712345678' },
    items: [{ gfsCode, amount: '25000.00' }],
    subSpCode: '1001',
  };
}

async function run({ server, headers }: Place, load: Load, seconds: number) {
  const pool = new Pool(`http://127.0.0.1:${String(server.port)}`, {
    connections: load.connections,
  });
  const times: number[] = [];
  let units = 0;
  const began = performance.now();
  const one = async (of: number): Promise<void> => {
    for (let n = 0; performance.now() - began < seconds * 1_000; n++) {
      const wanted = load.next(n, of);
      if (wanted === undefined) return;
      const asked = performance.now();
      const { statusCode, body } = await pool.request({
        method: wanted.method,
        path: wanted.path,
        headers: {
          ...headers,
          ...(wanted.body === undefined
            ? {}
            : {
                'content-type': 'application/json',
                'idempotency-key': `${load.name}/${String(of)}/${String(made)}`.replaceAll(
                  ' ',
                  '-',
                ),
              }),
        },
        ...(wanted.body === undefined ? {} : { body: wanted.body }),
      });
      const text = await body.text();
      if (statusCode >= 300)
        throw new Error(`${wanted.path} answered ${String(statusCode)}: ${text}`);
      load.read?.(text, of);
      units += wanted.units;
      times.push(performance.now() - asked);
    }
  };
  try {
    await Promise.all(Array.from({ length: load.connections }, (_, of) => one(of)));
  } finally {
    await pool.close();
  }
  return { units, times: times.sort((a, b) => a - b), ms: performance.now() - began };
}

async function measure(place: Place, load: Load): Promise<void> {
  const { ground, plan, server, tally } = place;
  await run(place, load, Math.min(1, plan.seconds / 4));
  const cpu = () => [cpuMsOf(server.pid), cpuMsOf(ground.postgresPid)] as const;
  const before = cpu();
  const { units, times, ms } = await run(place, load, plan.seconds);
  const after = cpu();
  tally.add(load.name, (units * 1_000) / ms, load.unit, {
    ...(load.against === undefined ? {} : { against: load.against }),
    detail: {
      requests: times.length,
      p50ms: Number(percentile(times, 0.5).toFixed(2)),
      p99ms: Number(percentile(times, 0.99).toFixed(2)),
      cpuUsServer: Math.round(((after[0] - before[0]) * 1_000) / units),
      cpuUsPostgres: Math.round(((after[1] - before[1]) * 1_000) / units),
    },
  });
}

const submit = (): Request => ({
  method: 'POST',
  path: '/v1/bills',
  body: JSON.stringify(bill()),
  units: 1,
});

const submitHundred = (): Request => ({
  method: 'POST',
  path: '/v1/bills/batch',
  body: JSON.stringify({ bills: Array.from({ length: 100 }, bill) }),
  units: 100,
});

/** Whoever reads its feed from the start, and begins anew at its end. */
function feedLoad(connections: number, last: number): Load {
  const after = new Map<number, number>();
  return {
    name: `events of the feed, pages of ${String(eventsAPage)}, ${connectionsOf(connections)}`,
    unit: 'events per second',
    connections,
    against: ['Q'],
    next: (_n, of) => {
      const from = after.get(of) ?? 0;
      const next = from + eventsAPage >= last ? 0 : from + eventsAPage;
      after.set(of, next);
      const path = `/v1/events?after=${String(from)}&limit=${String(eventsAPage)}`;
      return { method: 'GET', path, units: eventsAPage };
    },
    read: (text) => {
      if (!text.startsWith('{"data":[{')) throw new Error('a page of the feed is empty');
    },
  };
}

function connectionsOf(count: number): string {
  return `${String(count)} connection${count === 1 ? '' : 's'}`;
}

/** As payments leave them; the sealer of the server gives them their numbers. */
async function seedEvents(db: Client, count: number): Promise<void> {
  await db.query(
    `insert into unsealed_event (party_id, event_id, type, subject, data)
     select p.id, 'evt_' || gen_random_uuid(), 'payment.confirmed', lpad(i::text, 12, '9'),
            jsonb_build_object('paymentId', gen_random_uuid(), 'receiptNumber', 'R2611240000' || i, 'amount', '25000.00',
              'controlNumber', lpad(i::text, 12, '9'), 'currency', 'TZS', 'paidAt', '2026-11-24T10:00:00.000Z',
              'channel', 'MOBILE', 'payerName', 'Neema Mollel', 'payerPhone', '255700000001', 'payerEmail', '',
              'pspCode', 'PSP701', 'pspName', 'Benki', 'pspTransactionId', 'T' || i, 'thirdPartyId', '',
              'parts', jsonb_build_array(jsonb_build_object('spCode', p.code, 'billId', 'B' || i, 'controlNumber',
                lpad(i::text, 12, '9'), 'billAmount', '25000.00', 'paidAmount', '25000.00', 'paymentOption', 'exact',
                'collectionAccount', '0170100000011')))
       from party p, generate_series(1, $2::integer) i where p.code = $1`,
    [spCode, count],
  );
  for (;;) {
    const { rows } = await db.query(`select from unsealed_event limit 1`);
    if (rows.length === 0) return;
    await pause(50);
  }
}

async function measureLimits({ tally, plan, ground }: Omit<Place, 'server' | 'headers'>) {
  const database = await ground.copy();
  try {
    await prepareLimits(ground, database, [Buffer.from('none')]);
    const by = findPgbench() === undefined ? 'pg from Node' : 'pgbench';
    for (const [key, name] of [
      ['C', 'C: one-row durable inserts'],
      ['Q', 'Q: one-row selects by key'],
    ] as const) {
      const clients = plan.isQuick ? [8] : workloads[key].clients;
      const limit = await limitOf(
        ground,
        database,
        workloads[key],
        {},
        plan.anchorSeconds,
        clients,
      );
      tally.anchor(key, `${name}, ${by}`, limit.perSecond, 'per second', {
        detail: { clients: limit.clients },
      });
    }
  } finally {
    await ground.drop(database);
  }
}

async function round(place: Omit<Place, 'server' | 'headers'>): Promise<void> {
  const { ground, plan } = place;
  await measureLimits(place);
  const database = await ground.copy();
  let server: ServerProcess | undefined;
  try {
    const key = apiKeyFor(ground, database, 'bills:read,bills:write,events:read');
    server = await ServerProcess.start(
      'src/main.js',
      environmentFor(ground, database, 'all'),
      join(ground.folder, 'server.log'),
    );
    const here = { ...place, server, headers: { authorization: `Bearer ${key}` } };
    const bills = { unit: 'bills per second', against: ['C'] as const };
    for (const connections of [1, 32])
      await measure(here, {
        name: `bills, one by one, ${connectionsOf(connections)}`,
        ...bills,
        connections,
        next: submit,
      });
    await measure(here, {
      name: `bills, in hundreds, ${connectionsOf(4)}`,
      ...bills,
      connections: 4,
      next: submitHundred,
      read: (text) => {
        const numbers = text.match(/"controlNumber":"99\d{10}"/g)?.length ?? 0;
        if (numbers !== 100) throw new Error(`${String(numbers)} of 100 bills got a number`);
      },
    });
    await measure(here, {
      name: `bills read, ${connectionsOf(32)}`,
      unit: 'bills per second',
      against: ['Q'],
      connections: 32,
      next: (n, of) => ({
        method: 'GET',
        path: `/v1/bills/API-${String(1 + ((n * 32 + of) % 100))}`,
        units: 1,
      }),
    });
    const count = plan.isQuick ? 5_000 : 50_000;
    await ground.on(database, (db) => seedEvents(db, count));
    for (const connections of [1, 8]) await measure(here, feedLoad(connections, count));
  } finally {
    await server?.stop();
    await ground.drop(database);
    made = 0;
  }
}

export async function measureApi(
  tally: Tally,
  plan: Plan,
  say: (line: string) => void,
  stopping: AbortSignal,
): Promise<Readonly<Record<string, number | string>>> {
  const ground = await Ground.open(await freePort());
  const close = (): void => void ground.close();
  stopping.addEventListener('abort', close);
  try {
    const machine = describeMachine(ground.folder, await ground.version());
    for (let i = 1; i <= plan.rounds; i++) {
      say(`round ${String(i)} of ${String(plan.rounds)}`);
      await round({ tally, plan, ground });
    }
    return machine;
  } finally {
    stopping.removeEventListener('abort', close);
    await ground.close();
  }
}
