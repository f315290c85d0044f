/**
 * What is owed arrives, whatever the other side does: odd acknowledgements, refusals, silence, a crash of our own worker.
 * The same bytes every time, in order for each bill, and nobody waits for somebody else. Rules: rulings.md §4, §5.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type Received, type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

const now = '2026-11-24T10:00:00';

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;
/** Takes connections and never says a word. */
let silence: Server;
const held: Socket[] = [];

interface DeliveryState {
  readonly id: string;
  readonly state: string;
  readonly attempt_count: number;
  readonly last_outcome: string | null;
  readonly flags: readonly string[];
  readonly body: Buffer | null;
}

/** The row of a bill's answer. */
async function answerOf(billId: string): Promise<DeliveryState> {
  const { rows } = await gateway.db.query<DeliveryState>(
    `select id, state, attempt_count, last_outcome, flags, body from delivery
      where message -> 'bills' -> 0 ->> 'billId' = $1`,
    [billId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no delivery answers ${billId}`);
  return row;
}

async function answerWith(
  billId: string,
  facts: Partial<Pick<DeliveryState, 'state' | 'last_outcome' | 'attempt_count'>>,
): Promise<DeliveryState> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    const row = await answerOf(billId);
    if (Object.entries(facts).every(([key, value]) => row[key as keyof DeliveryState] === value))
      return row;
    await pause(20);
  }
  const { state, last_outcome } = await answerOf(billId);
  throw new Error(`the answer of ${billId} is ${state} after ${String(last_outcome)}`);
}

async function attemptsOf(billId: string): Promise<readonly (readonly [number, string])[]> {
  const { id } = await answerOf(billId);
  const { rows } = await gateway.db.query<{ attempt: number; outcome: string }>(
    `select attempt, outcome from delivery_attempt where delivery_id = $1 order by attempt`,
    [id],
  );
  return rows.map(({ attempt, outcome }) => [attempt, outcome] as const);
}

async function makeDue(): Promise<void> {
  await gateway.db.query(
    `update delivery set next_attempt_at = gateway_now() where state = 'ready'`,
  );
}

function answersTo(billId: string): readonly Received[] {
  return hospital.received.filter(
    ({ name, root }) => name === 'gepgBillSubResp' && textOf(root, 'BillId') === billId,
  );
}

async function submit(billId: string, party = hospital, systemId = 'THOSP001', gfs = '142202') {
  const ack = await submitBills(party, gateway.url, [
    {
      billId,
      amount: '100.00',
      generatedAt: now,
      subSpCode: '1001',
      systemId,
      items: [{ gfsCode: gfs, amount: '100.00' }],
    },
  ]);
  expect(ack.code).toBe('7101');
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
  silence = createServer((socket) => held.push(socket));
  await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  hospital.behaviour = 'ack';
});

afterAll(async () => {
  silence.close();
  await gateway.stop();
});

it('takes an unsigned acknowledgement where the profile allows it, and flags it', async () => {
  hospital.behaviour = 'unsigned-ack';
  await submit('D-unsigned');
  const row = await answerWith('D-unsigned', { state: 'delivered' });
  expect(row).toMatchObject({ attempt_count: 1, flags: ['acknowledgement-unsigned'] });
  expect(answersTo('D-unsigned')).toHaveLength(1);
});

it.each([
  ['code-7102', 'refused-7102', []],
  ['http-500', 'http-500', ['acknowledged-under-http-error']],
  ['empty', 'no-acknowledgement', []],
  ['garbage', 'no-acknowledgement', []],
] as const)('sends again, byte for byte, after %s', async (behaviour, outcome, flags) => {
  const billId = `D-${behaviour}`;
  hospital.behaviour = behaviour;
  await submit(billId);
  const failed = await answerWith(billId, { state: 'ready', last_outcome: outcome });
  expect(failed).toMatchObject({ attempt_count: 1, flags });

  hospital.behaviour = 'ack';
  await makeDue();
  const done = await answerWith(billId, { state: 'delivered' });
  expect(await attemptsOf(billId)).toEqual([
    [1, outcome],
    [2, 'acknowledged'],
  ]);
  expect(answersTo(billId).map(({ body }) => body)).toEqual([done.body, done.body]);
});

it('tells of a payment only after the number of its bill has arrived', async () => {
  hospital.behaviour = 'empty';
  await submit('D-order');
  await answerWith('D-order', { last_outcome: 'no-acknowledgement' });
  const { rows } = await gateway.db.query<{ control_number: string }>(
    `select control_number from bill where sp_bill_id = 'D-order'`,
  );
  const paid = await pay(bank, gateway.url, {
    transactionId: 'D-order',
    controlNumber: rows[0]?.control_number ?? '',
    amount: '100.00',
    paidAt: now,
    resultUrl: 'http://127.0.0.1:1/',
  });
  expect(paid.code).toBe('7101');
  // The result to the bank is a later row than the confirmation: when it is out, the confirmation had its chance.
  await bank.waitFor('gepgPmtFinResp', (root) => textOf(root, 'TrxId') === 'D-order');
  expect(hospital.received.map(({ name }) => name)).not.toContain('gepgPmtSpInfo');

  hospital.behaviour = 'ack';
  await makeDue();
  await hospital.waitFor('gepgPmtSpInfo', (root) => textOf(root, 'BillId') === 'D-order');
  const order = hospital.received.filter(({ root }) => textOf(root, 'BillId') === 'D-order');
  expect(order.map(({ name }) => name)).toEqual([
    'gepgBillSubResp',
    'gepgBillSubResp',
    'gepgPmtSpInfo',
  ]);
});

it('sends again what a crashed worker held, once its lease has ended', async () => {
  await submit('D-crash');
  await answerWith('D-crash', { state: 'delivered' });
  const lease = async (until: string): Promise<void> => {
    await gateway.db.query(
      `update delivery set state = 'leased', settled_at = null, lease_until = gateway_now() + $2::interval
        where id = $1`,
      [(await answerOf('D-crash')).id, until],
    );
  };

  await lease('1 hour');
  await pause(500);
  expect(answersTo('D-crash')).toHaveLength(1);

  await lease('-1 second');
  await answerWith('D-crash', { state: 'delivered', attempt_count: 2 });
  const [first, second] = answersTo('D-crash');
  expect(second?.body).toEqual(first?.body);
});

it.each<[fault: string, base: () => string, outcome: string | null]>([
  ['refuses connections', () => 'http://127.0.0.1:1', 'not-reachable'],
  [
    'never answers',
    () => `http://127.0.0.1:${String((silence.address() as AddressInfo).port)}`,
    null,
  ],
])('lets nobody wait for an institution that %s', async (fault, base, outcome) => {
  const water = await gateway.party('SP70202', {
    endpoints: {
      controlNumber: base(),
      payment: base(),
      reconciliation: null,
      cancellation: null,
    },
  });
  // What it did at its address before is forgotten.
  await gateway.db.query(`delete from delivery_breaker`);
  await gateway.db.query(
    `update delivery set state = 'parked', settled_at = gateway_now() where state = 'ready'`,
  );
  const dead = Array.from({ length: 20 }, (_, i) => `D-dead-${fault}-${String(i)}`);
  for (const billId of dead) await submit(billId, water, 'TMAJI001', '140101');
  await answerWith(dead[0] ?? '', { attempt_count: 1, last_outcome: outcome });

  await submit(`D-alive-${fault}`);
  await hospital.waitFor(
    'gepgBillSubResp',
    (root) => textOf(root, 'BillId') === `D-alive-${fault}`,
    2_000,
  );
});

it('ends with every attempt under way recorded', async () => {
  expect(await gateway.count('delivery', `state = 'leased'`)).toBeGreaterThan(0);
  const closed = gateway.app.close();
  await pause(300);
  for (const socket of held) socket.destroy();
  await closed;
  expect(await gateway.count('delivery', `state = 'leased'`)).toBe(0);
  expect(await gateway.count('delivery', `last_outcome = 'connection-failed'`)).toBeGreaterThan(0);
});
