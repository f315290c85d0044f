/**
 * Somebody holds a bill and does not let go: the payment of it is answered 503 after the second that a lock is waited
 * for, nothing of it is kept, and the same message is taken once the bill is free (security-reliability §3.2, §3.4).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { pay } from '../../tools/sandbox/messages';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { Database } from '../../src/platform/database/database';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
let bank: SandboxParty;
let held: string;
let free: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101', { systemIds: [] });
  bank = await gateway.party('PSP701');
  const books = new Books(gateway);
  held = await books.numberOf('SP70101', draft('L-1'));
  free = await books.numberOf('SP70101', draft('L-2'));
});

afterAll(async () => {
  await gateway.stop();
});

const payment = (transactionId: string, controlNumber: string) =>
  pay(bank, gateway.url, {
    transactionId,
    controlNumber,
    amount: '1000.00',
    paidAt: '2026-11-24T10:00:00',
    resultUrl: `${bank.url}/result`,
  });

it('is told to come again, keeps nothing, and is taken when the bill is free', async () => {
  const holder = new Client({ connectionString: gateway.databaseUrl });
  await holder.connect();
  try {
    await holder.query(`begin`);
    await holder.query(`select from bill where sp_bill_id = 'L-1' for update`);
    expect((await payment('L-1', held)).status).toBe(503);
    expect(await gateway.count('payment_notification')).toBe(0);
    expect(await gateway.count('inbound_message')).toBe(0);
    // What comes alone is not held up by it.
    expect((await payment('L-2', free)).code).toBe('7101');
    await holder.query(`rollback`);
  } finally {
    await holder.end();
  }
  let code = '';
  for (let tries = 0; tries < 50 && code !== '7101'; tries++) {
    ({ code } = await payment('L-1', held));
    if (code !== '7101') await pause(100);
  }
  expect(code).toBe('7101');
  expect(await gateway.count('payment')).toBe(2);
  await gateway.settled();
});

it('has the deadlines of the design in its sessions, and none of them in long work', async () => {
  const database = gateway.app.get(Database, { strict: false });
  const settings = `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
                           current_setting('idle_in_transaction_session_timeout') as idle,
                           current_setting('transaction_isolation') as isolation`;
  const isolation = 'read committed';
  const short = await database.transaction((tx) => tx.query(settings));
  expect(short).toEqual([{ lock: '1s', statement: '5s', idle: '10s', isolation }]);
  const intake = await database.intake((tx) => tx.query(settings));
  expect(intake).toEqual([{ lock: '1s', statement: '2s', idle: '10s', isolation }]);
  const long = await database.longTransaction((tx) => tx.query(settings));
  expect(long).toEqual([{ lock: '5s', statement: '0', idle: '30s', isolation }]);
  // The next transaction on the same connection has its own again.
  expect(await database.transaction((tx) => tx.query(settings))).toEqual(short);
});
