/**
 * A control number that somebody holds for longer than a lock: the bill that wants to use it again is told to come again
 * (503), and the bills that were sent beside it get their numbers as if it were not there. So does a bill in XML. When it
 * comes again, under its own key, it is taken, once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { submitBills } from '../../tools/sandbox/messages';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { ask, bill, keyOf, type Reply, refusal, today } from './support';

let gateway: TestGateway;
let hospital: SandboxParty;
let key: string;
let number: string;

const post = (path: string, body: object, idempotencyKey: string): Promise<Reply> =>
  ask(gateway.url, path, {
    method: 'POST',
    key,
    body,
    headers: { 'idempotency-key': idempotencyKey },
  });
const numberOf = ({ json }: Reply): string => (json as { controlNumber: string }).controlNumber;
const isReplayed = ({ headers }: Reply): boolean => headers.get('idempotency-replayed') === 'true';

const held = 5;
const places = Array.from({ length: 12 }, (_, i) => i);
const sendAll = (): Promise<readonly Reply[]> =>
  Promise.all(
    places.map((i) =>
      post(
        '/v1/bills',
        bill(`N-${String(i)}`, i === held ? { controlNumber: number } : {}),
        `n-${String(i)}`,
      ),
    ),
  );

const waiting = () => gateway.count('pg_locks', 'not granted');
beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  hospital = await gateway.party('SP70101');
  key = await keyOf(gateway, 'SP70101');
  number = numberOf(await post('/v1/bills', bill('OLD'), 'old'));
  const done = await post('/v1/bills/OLD/cancellation', { reason: 'mistake' }, 'cancelled');
  expect(done.status).toBe(200);
});

afterAll(() => gateway.stop());

let told: readonly Reply[];

it('costs only the bill that wants it the answer', async () => {
  await gateway.db.query('begin');
  await gateway.db.query(`select from control_number where number = $1 for update`, [number]);
  // The lane is busy with the held number, so that all that comes now is one batch; were it several, it held no less.
  const first = post('/v1/bills', bill('FIRST', { controlNumber: number }), 'first');
  for (let tries = 0; tries < 40 && (await waiting()) < 1; tries++) await pause(5);
  const inXml = submitBills(hospital, gateway.url, [
    {
      billId: 'XML',
      amount: '100.00',
      generatedAt: '2026-11-24T10:00:00',
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '100.00' }],
    },
  ]);
  told = await sendAll();
  expect(told.map(({ status }) => status)).toEqual(places.map((i) => (i === held ? 503 : 201)));
  for (const postponed of [await first, told[held]]) {
    expect(refusal(postponed)).toEqual([503, 'http.503']);
    expect(postponed?.headers.get('retry-after')).toBe('3');
  }
  expect((await inXml).code).toBe('7101');
  // Told while the number was still held. Of what was not taken nothing is kept, so that its key is free.
  await gateway.db.query('rollback');
  const taken = told.filter((_reply, i) => i !== held).map(numberOf);
  expect(new Set(taken).size).toBe(places.length - 1);
  expect(await gateway.count('bill', `sp_bill_id like 'N-%' or sp_bill_id = 'FIRST'`)).toBe(11);
  expect(await gateway.count('stored_answer', `key like 'n-%' or key = 'first'`)).toBe(11);
});

it('and that one is taken when it comes again; the others are answered from their keys', async () => {
  const again = await sendAll();
  expect(again.map(({ status }) => status)).toEqual(places.map(() => 201));
  expect(again.map(isReplayed)).toEqual(places.map((i) => i !== held));
  expect(again.map(numberOf)).toEqual(
    told.map((reply, i) => (i === held ? number : numberOf(reply))),
  );
  expect(await gateway.count('bill', `sp_bill_id like 'N-%'`)).toBe(places.length);
});

it('what is held for all is an outage for all, after a few tries', async () => {
  await gateway.db.query('begin');
  await gateway.db.query('lock table control_number_range in access exclusive mode');
  const replies = await Promise.all(
    places.map((i) => post('/v1/bills', bill(`A-${String(i)}`), `a-${String(i)}`)),
  );
  await gateway.db.query('rollback');
  expect(replies.map(({ status }) => status)).toEqual(places.map(() => 503));
  expect(await gateway.count('bill', `sp_bill_id like 'A-%'`)).toBe(0);
});
