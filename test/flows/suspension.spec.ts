/**
 * A suspended party is refused, what it is owed waits untried, and everything goes on when it is back. A second gateway
 * on the same database learns of it within the five seconds that its directory keeps a party.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { SuspendParty } from '../../src/parties/suspend-party';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

const now = '2026-11-24T10:00:00';
let gateway: TestGateway;
let hospital: SandboxParty;
let water: SandboxParty;
let bank: SandboxParty;

const set = (code: string, status: 'active' | 'suspended'): Promise<boolean> =>
  gateway.app
    .get(SuspendParty, { strict: false })
    .execute(code, { status, reason: 'kwa ombi la taasisi' }, 'test');

async function submit(sp: SandboxParty, billId: string): Promise<string> {
  const [systemId, gfsCode] =
    sp === hospital ? (['THOSP001', '142202'] as const) : (['TMAJI001', '140101'] as const);
  const items = [{ gfsCode, amount: '100.00' }];
  const ack = await submitBills(sp, gateway.url, [
    { billId, amount: '100.00', generatedAt: now, subSpCode: '1001', systemId, items },
  ]);
  return ack.code;
}

async function numberOf(sp: SandboxParty, billId: string): Promise<string> {
  const { root } = await sp.waitFor(
    'gepgBillSubResp',
    (answer) => textOf(answer, 'BillId') === billId,
  );
  return textOf(root, 'PayCntrNum');
}

const payment = (transactionId: string, controlNumber: string) => ({
  transactionId,
  controlNumber,
  amount: '100.00',
  paidAt: now,
  resultUrl: 'http://127.0.0.1:1/',
});

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  water = await gateway.party('SP70202');
  bank = await gateway.party('PSP701');
});

afterAll(async () => {
  await gateway.stop();
});

it('refuses the messages of a suspended party, and takes them again later', async () => {
  expect(await submit(hospital, 'S-1')).toBe('7101');
  const controlNumber = await numberOf(hospital, 'S-1');

  expect(await set('SP70101', 'suspended')).toBe(true);
  expect(await set('PSP701', 'suspended')).toBe(true);
  expect(await submit(hospital, 'S-2')).toBe('7206');
  expect((await pay(bank, gateway.url, payment('S-1', controlNumber))).code).toBe('7216');
  expect(await gateway.count('payment_notification')).toBe(0);

  expect(await set('SP70101', 'active')).toBe(true);
  expect(await set('PSP701', 'active')).toBe(true);
  expect(await submit(hospital, 'S-2')).toBe('7101');
  expect((await pay(bank, gateway.url, payment('S-1', controlNumber))).code).toBe('7101');
  await gateway.settled();
});

it('keeps what a suspended institution is owed, untried, while others get theirs', async () => {
  expect(await submit(hospital, 'S-3')).toBe('7101');
  const controlNumber = await numberOf(hospital, 'S-3');
  await set('SP70101', 'suspended');
  expect((await pay(bank, gateway.url, payment('S-3', controlNumber))).code).toBe('7101');

  // The result to the bank and an answer to another institution are later rows: the worker has passed the confirmation.
  await bank.waitFor('gepgPmtFinResp', (root) => textOf(root, 'TrxId') === 'S-3');
  expect(await submit(water, 'S-4')).toBe('7101');
  await numberOf(water, 'S-4');
  const waiting = `kind = 'payment-confirmed' and subject = '${controlNumber}'`;
  expect(
    await gateway.count('delivery', `${waiting} and state = 'ready' and attempt_count = 0`),
  ).toBe(1);

  await set('SP70101', 'active');
  await hospital.waitFor('gepgPmtSpInfo', (root) => textOf(root, 'BillId') === 'S-3');
  await gateway.settled();
  expect(
    await gateway.count('delivery', `${waiting} and state = 'delivered' and attempt_count = 1`),
  ).toBe(1);
});

it('is audited once for each change, and refuses a party that is not enrolled', async () => {
  expect(await set('SP70202', 'suspended')).toBe(true);
  expect(await set('SP70202', 'suspended')).toBe(false);
  expect(await set('SP70202', 'active')).toBe(true);
  const { rows } = await gateway.db.query<{ action: string; actor: string; reason: string }>(
    `select action, actor, detail ->> 'reason' as reason from audit_event
      where subject = 'SP70202' and action in ('party.suspended', 'party.resumed') order by id`,
  );
  const reason = 'kwa ombi la taasisi';
  expect(rows).toEqual([
    { action: 'party.suspended', actor: 'test', reason },
    { action: 'party.resumed', actor: 'test', reason },
  ]);
  await expect(set('SP99999', 'suspended')).rejects.toMatchObject({ code: 'party.unknown' });
});

it('reaches a process that did not do it within five seconds', async () => {
  expect(await submit(water, 'S-5')).toBe('7101');
  // As another process does it: this one is not told.
  await gateway.db.query(`update party set status = 'suspended' where code = 'SP70202'`);
  let code = '';
  for (let tries = 0; tries < 60 && code !== '7206'; tries++) {
    code = await submit(water, `S-6-${String(tries)}`);
    await pause(100);
  }
  expect(code).toBe('7206');
  await gateway.db.query(`update party set status = 'active' where code = 'SP70202'`);
});
