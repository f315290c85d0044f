/** Two PSPs pay one exact bill at the same moment, many times: one credit each, and the other hears that it is settled. */
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

const now = '2026-11-24T10:00:00';
const resultUrl = 'http://127.0.0.1:1/';
const bills = Array.from({ length: 60 }, (_, i) => `R-${String(i)}`);

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;
let operator: SandboxParty;
const numbers = new Map<string, string>();

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
  operator = await gateway.party('PSP702');
  const ack = await submitBills(
    hospital,
    gateway.url,
    bills.map((billId) => ({
      billId,
      amount: '100.00',
      generatedAt: now,
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '100.00' }],
    })),
  );
  expect(ack.code).toBe('7101');
  for (const billId of bills) {
    const answer = await hospital.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === billId,
    );
    numbers.set(billId, textOf(answer.root, 'PayCntrNum'));
  }
});

afterAll(async () => {
  await gateway.stop();
});

function payment(billId: string, transactionId: string) {
  return {
    transactionId,
    controlNumber: numbers.get(billId) ?? '',
    amount: '100.00',
    paidAt: now,
    resultUrl,
  };
}

/** A machine that stands still for a second makes a batch wait too long for the other's bills: 503, come again. */
async function payAsTold(psp: SandboxParty, billId: string): Promise<string> {
  for (;;) {
    const { status, code } = await pay(psp, gateway.url, payment(billId, `X-${billId}`));
    if (status === 200) return code;
    expect(status).toBe(503);
  }
}

it('credits every bill exactly once', async () => {
  const codes = await Promise.all(
    bills.slice(0, 50).map(async (billId) => {
      const answers = await Promise.all([payAsTold(bank, billId), payAsTold(operator, billId)]);
      return answers.sort();
    }),
  );

  expect(codes).toEqual(codes.map(() => ['7101', '7279']));
  expect(await gateway.count('payment')).toBe(50);
  expect(await gateway.count('ledger_entry')).toBe(50);
  expect(await gateway.count('bill', `state = 'paid'`)).toBe(50);
  expect(await gateway.count('payment_notification', `reason = 'bill.settled'`)).toBe(50);
});

it('takes one payment of eight that come at once with one transaction id, and answers all alike', async () => {
  for (const billId of bills.slice(50)) {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => pay(bank, gateway.url, payment(billId, `Y-${billId}`))),
    );
    expect(new Set(answers.map((answer) => answer.body.toString())).size).toBe(1);
    expect(answers[0]?.code).toBe('7101');
  }
  expect(await gateway.count('payment', `psp_transaction_id like 'Y-%'`)).toBe(10);
});
