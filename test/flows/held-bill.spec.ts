/**
 * A bill that somebody holds for longer than a lock is waited for: the payment on it is told to come again (503), and its
 * neighbours of the same batch are taken as if it were not there. When it comes again it is taken, once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { pay } from '../../tools/sandbox/messages';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';

const held = 5;
let gateway: TestGateway;
let bank: SandboxParty;
const numbers: string[] = [];

/** The code of the acknowledgement; '' where there is none, for what may come again. */
async function send(transactionId: string, bill: number): Promise<string> {
  const paid = {
    transactionId,
    controlNumber: numbers[bill] ?? '',
    amount: '1000.00',
    paidAt: '2026-11-24T10:00:00',
    resultUrl: 'http://127.0.0.1:1/',
  };
  return pay(bank, gateway.url, paid).then(
    ({ code }) => code,
    () => '',
  );
}

const sendAll = () => Promise.all(numbers.map((_number, i) => send(`T-${String(i)}`, i)));
const payments = () => gateway.count('payment');
const waiting = () => gateway.count('pg_locks', 'not granted');

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
  const books = new Books(gateway);
  for (let i = 0; i < 8; i++) {
    const bill = draft(`B-${String(i)}`, { systemId: 'THOSP001' });
    numbers.push(await books.numberOf('SP70101', bill));
  }
});

afterAll(() => gateway.stop());

it('costs only the payment on it the answer', async () => {
  await gateway.db.query('begin');
  await gateway.db.query(`select from bill where sp_bill_id = 'B-${String(held)}' for update`);
  // Every lane is busy with the held bill, so that all that comes now is one batch; were it several, it held no less.
  const first: Promise<string>[] = [];
  for (let i = 1; i <= 3; i++) {
    first.push(send(`F-${String(i)}`, held));
    for (let tries = 0; tries < 40 && (await waiting()) < i; tries++) await pause(5);
  }
  const told = await sendAll();
  expect(told).toEqual(numbers.map((_number, i) => (i === held ? '' : '7101')));
  expect(await Promise.all(first)).toEqual(['', '', '']);
  // Told while the bill was still held. Of what was not taken nothing is kept, so that its id is free.
  await gateway.db.query('rollback');
  expect([await payments(), await gateway.count('payment_notification')]).toEqual([7, 7]);
});

it('and that one is taken when it comes again; the others are known', async () => {
  expect(await sendAll()).toEqual(numbers.map(() => '7101'));
  expect(await payments()).toBe(8);
});

it('what is held for all is an outage for all, after a few tries', async () => {
  await gateway.db.query('begin');
  await gateway.db.query('lock table bill in access exclusive mode');
  const told = await Promise.all(numbers.map((_number, i) => send(`U-${String(i)}`, i)));
  await gateway.db.query('rollback');
  expect(told).toEqual(numbers.map(() => ''));
});
