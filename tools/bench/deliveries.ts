/**
 * The delivery figures: confirmations a second to ten recipients that answer, each encoded, signed, sent, acknowledged
 * and recorded; and how long a healthy one takes from its commit to its record, undisturbed and while one recipient of
 * the ten takes connections and never answers.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { signingRates } from './anchors/signing';
import { freePort, Helper, ServerProcess } from './child';
import { atMost, type Tally } from './figures';
import type { Plan } from './intake/plan';
import { cpuMsOf, describeMachine } from './machine';
import { controlNumberKey, Ground, spCode } from './stage/ground';

const recipients = 10;
const throughputName = 'deliveries, ten recipients, each with unique signature';
const undisturbedName = 'p99 of a delivery from commit to record, ten recipients that answer';

/** Copies of one institution under codes of their own. */
async function enrolCopies(db: Client): Promise<void> {
  await db.query(
    `with made as (
       insert into party (code, kind, name, profile)
       select 'SP79' || i, kind, name, profile from party, generate_series(1, ${String(recipients)}) i where code = '${spCode}'
       returning id)
     insert into service_provider
     select (jsonb_populate_record(s, jsonb_build_object('party_id', made.id))).*
       from made, service_provider s join party p on p.id = s.party_id where p.code = '${spCode}'`,
  );
  await db.query(
    `insert into party_certificate (party_id, fingerprint, public_key_fingerprint, pem, not_before, not_after)
     select n.id, c.fingerprint, c.public_key_fingerprint, c.pem, c.not_before, c.not_after
       from party n, party_certificate c join party p on p.id = c.party_id
      where p.code = '${spCode}' and n.code like 'SP79%'`,
  );
}

/** In turns to the recipients, each about a bill of its own; the tenth at `last`. */
async function owe(db: Client, count: number, url: string, last: string): Promise<void> {
  await db.query(
    `insert into delivery (recipient_id, kind, subject, url, message)
     select p.id, 'payment-confirmed', n.text, case when p.place = ${String(recipients)} then $3 else $2 end,
            jsonb_build_object('kind', 'payment-confirmed', 'form', 'gepg-v4', 'paymentId', gen_random_uuid(),
              'receiptNumber', n.text, 'controlNumber', n.text, 'currency', 'TZS', 'paidAt', '2026-11-24T10:00:00.000Z',
              'channel', 'MOBILE', 'payerName', 'Neema Mollel', 'payerPhone', '255700000001', 'payerEmail', '',
              'pspCode', 'PSP701', 'pspName', 'Benki', 'pspTransactionId', n.text, 'thirdPartyId', '',
              'parts', jsonb_build_array(jsonb_build_object('spCode', p.code, 'billId', n.text, 'controlNumber', n.text,
                'billAmount', '25000.00', 'paidAmount', '25000.00', 'paymentOption', 'exact',
                'collectionAccount', '0170100000011')))
       from generate_series(1, $1::integer) i
       -- With the row named, or the number would be drawn once and all would be about one bill.
       cross join lateral (select (nextval('delivery_id_seq') + 0 * i)::text as text) n
       join (select id, code, row_number() over (order by id) as place from party where code like 'SP79%') p
         on p.place = 1 + i % ${String(recipients)}`,
    [count, url, last],
  );
}

async function untilSettled(db: Client, where: string, limitMs: number): Promise<void> {
  const giveUp = performance.now() + limitMs;
  for (;;) {
    const { rows } = await db.query(
      `select from delivery where settled_at is null and ${where} limit 1`,
    );
    if (rows.length === 0) return;
    if (performance.now() > giveUp) throw new Error('the deliveries did not end in time');
    await pause(20);
  }
}

interface Place {
  readonly ground: Ground;
  readonly tally: Tally;
  readonly url: string;
  readonly plan: Plan;
}

async function withWorker(
  { ground }: Place,
  work: (db: Client, server: ServerProcess) => Promise<void>,
): Promise<void> {
  const database = await ground.copy();
  const server = await ServerProcess.start(
    'src/main.js',
    {
      DATABASE_URL: ground.urlOf(database),
      SANDBOX: 'true',
      DATA_DIR: ground.folder,
      CONTROL_NUMBER_KEY: controlNumberKey.toString('hex'),
      ROLE: 'worker',
      HOST: '127.0.0.1',
    },
    join(ground.folder, 'server.log'),
  );
  try {
    await ground.on(database, (db) => work(db, server));
  } finally {
    await server.stop();
    await ground.drop(database);
  }
}

async function measureThroughput(place: Place): Promise<void> {
  const { tally, ground, url, plan } = place;
  await withWorker(place, async (db, server) => {
    await owe(db, recipients * 50, url, url);
    await untilSettled(db, 'true', 60_000);
    const count = plan.isQuick ? 3_000 : 30_000;
    const cpu = () => [cpuMsOf(server.pid), cpuMsOf(ground.postgresPid)] as const;
    const before = cpu();
    const began = performance.now();
    await owe(db, count, url, url);
    await untilSettled(db, 'true', 300_000);
    const seconds = (performance.now() - began) / 1_000;
    const after = cpu();
    tally.add(throughputName, count / seconds, 'per second', {
      against: ['S'],
      detail: {
        count,
        cpuUsServer: Math.round(((after[0] - before[0]) * 1_000) / count),
        cpuUsPostgres: Math.round(((after[1] - before[1]) * 1_000) / count),
      },
    });
  });
}

const everyMs = 100;

/** A fifth of what was found possible, in small commits, so that nothing waits for the machine. */
async function measureDelay(place: Place, last: string, name: string): Promise<void> {
  const { tally, url, plan } = place;
  await withWorker(place, async (db) => {
    const rate = Math.max(100, (tally.medianOf(throughputName) ?? 500) / 5);
    const rounds = ((plan.isQuick ? 5 : 30) * 1_000) / everyMs;
    for (let round = 0; round < rounds; round++) {
      const next = pause(everyMs);
      await owe(db, Math.max(recipients, Math.round((rate * everyMs) / 1_000)), url, last);
      await next;
    }
    await untilSettled(db, `url = '${url}'`, 60_000);
    const { rows } = await db.query<{ p50: number; p99: number; n: number }>(
      `select percentile_cont(0.5) within group (order by ms) as p50,
              percentile_cont(0.99) within group (order by ms) as p99, count(*)::integer as n
         from (select extract(epoch from settled_at - created_at)::double precision * 1000 as ms
                 from delivery where url = $1) as t`,
      [url],
    );
    tally.add(name, rows[0]?.p99 ?? Number.NaN, 'ms', {
      targets: [atMost('value', 2_000)],
      ...(name === undisturbedName ? {} : { sameRun: undisturbedName }),
      detail: { healthy: rows[0]?.n ?? 0, p50ms: Number((rows[0]?.p50 ?? Number.NaN).toFixed(1)) },
    });
  });
}

export async function measureDeliveries(
  tally: Tally,
  plan: Plan,
  say: (line: string) => void,
): Promise<Readonly<Record<string, number | string>>> {
  const ground = await Ground.open(await freePort());
  const receivers = Helper.start('receivers');
  const held: Socket[] = [];
  const silence = createServer((socket) => held.push(socket));
  try {
    await receivers.ask({ kind: 'listen', port: ground.receiversPort });
    await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve));
    const dead = `http://127.0.0.1:${String((silence.address() as AddressInfo).port)}/`;
    const url = `http://127.0.0.1:${String(ground.receiversPort)}/sp/payment`;
    await ground.seed(enrolCopies);
    const place = { ground, tally, url, plan };
    for (let round = 1; round <= plan.rounds; round++) {
      say(`round ${String(round)} of ${String(plan.rounds)}`);
      const { signs, by } = await signingRates(plan.anchorSeconds);
      tally.anchor('S', `S: RSA-2048 signs, all cores, ${by}`, signs, 'per second');
      await measureThroughput(place);
      await measureDelay(place, url, undisturbedName);
      await measureDelay(
        place,
        dead,
        'p99 of a healthy delivery while one recipient of ten is dead',
      );
    }
    return describeMachine(ground.folder, await ground.version());
  } finally {
    for (const socket of held) socket.destroy();
    silence.close();
    await receivers.stop();
    await ground.close();
  }
}
