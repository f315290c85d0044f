/**
 * The straight line over real HTTP: a signed bill in, a control number out, an enquiry, a signed payment notification,
 * the money in the ledger, the final result to the PSP and the confirmation to the institution.
 */
import { dammDigit } from '../../src/bills/control-number.rules';
import { TrialBalance } from '../../src/ledger/trial-balance';
import { businessDayOf } from '../../src/kernel/business-day';
import {
  cancelBills,
  enquire,
  pay,
  submitBills,
  type SampleBill,
} from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;
let operator: SandboxParty;

const now = '2026-11-24T10:00:00';
const resultUrl = 'http://127.0.0.1:1/elsewhere';

function bill(billId: string, more: Partial<SampleBill> = {}): SampleBill {
  return {
    billId,
    amount: '50000.00',
    generatedAt: now,
    subSpCode: '1001',
    systemId: 'THOSP001',
    items: [
      { gfsCode: '142202', amount: '30000.00' },
      { gfsCode: '142203', amount: '20000.00' },
    ],
    ...more,
  };
}

async function numberOf(billId: string): Promise<string> {
  const answer = await hospital.waitFor(
    'gepgBillSubResp',
    (root) => textOf(root, 'BillId') === billId,
  );
  expect(answer.isSigned).toBe(true);
  expect(textOf(answer.root, 'TrxStsCode')).toBe('7101');
  return textOf(answer.root, 'PayCntrNum');
}

async function numberFor(billId: string, more: Partial<SampleBill> = {}): Promise<string> {
  expect((await submitBills(hospital, gateway.url, [bill(billId, more)])).code).toBe('7101');
  return numberOf(billId);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
  operator = await gateway.party('PSP703');
});

afterAll(async () => {
  await gateway.stop();
});

describe('the main job', () => {
  it('carries a bill from its submission to its confirmation', async () => {
    const ack = await submitBills(hospital, gateway.url, [bill('B-1')]);
    expect(ack).toMatchObject({
      status: 200,
      contentType: 'application/xml',
      code: '7101',
      isSigned: true,
    });
    const controlNumber = await numberOf('B-1');
    expect(controlNumber).toMatch(/^99701\d{7}$/);

    const due = await enquire(bank, gateway.url, controlNumber);
    expect(due).toMatchObject({ status: 200, code: '7101', isSigned: true });
    expect(textOf(due.root, 'BillAmt')).toBe('50000.00');
    expect(textOf(due.root, 'PyrCellNum')).toBe('');

    const posted = await pay(bank, gateway.url, {
      transactionId: 'T-1',
      controlNumber,
      amount: '50000.00',
      paidAt: now,
      resultUrl,
    });
    expect(posted).toMatchObject({ status: 200, code: '7101', isSigned: true });

    const result = await bank.waitFor('gepgPmtFinResp', (root) => textOf(root, 'TrxId') === 'T-1');
    const confirmation = await hospital.waitFor(
      'gepgPmtSpInfo',
      (root) => textOf(root, 'BillId') === 'B-1',
    );
    expect([result.isSigned, confirmation.isSigned]).toEqual([true, true]);
    expect(textOf(confirmation.root, 'PayRefId')).toBe(textOf(result.root, 'RcptNum'));
    expect(textOf(confirmation.root, 'PspReceiptNumber')).toBe('T-1');
    expect(textOf(confirmation.root, 'TrxDtTm')).toBe(now);

    const balance = await gateway.app
      .get(TrialBalance, { strict: false })
      .execute(businessDayOf(new Date('2026-11-24T08:00:00Z')));
    expect(balance.isBalanced).toBe(true);
    const sums = balance.accounts.map((each) => [
      each.account.split(':')[0],
      each.debitMinor,
      each.creditMinor,
    ]);
    expect(sums).toEqual([
      ['psp-receivable', 5_000_000n, 0n],
      ['sp-payable', 0n, 3_000_000n],
      ['sp-payable', 0n, 2_000_000n],
    ]);
  });

  it('gives a repeated notification the same answer and takes no money twice', async () => {
    const controlNumber = await numberFor('B-2');
    const payment = {
      transactionId: 'T-2',
      controlNumber,
      amount: '50000.00',
      paidAt: now,
      resultUrl,
    };
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await pay(bank, gateway.url, payment));

    expect(new Set(answers.map((answer) => answer.body.toString())).size).toBe(1);
    expect(await gateway.count('payment', `psp_transaction_id = 'T-2'`)).toBe(1);

    const other = await pay(bank, gateway.url, { ...payment, amount: '50001.00' });
    expect(other.code).toBe('7207');
    expect(await gateway.count('alarm', `kind = 'transaction-id-reused'`)).toBe(1);
  });

  it('never makes a second bill of a repeated BillId', async () => {
    const controlNumber = await numberFor('B-3');
    expect((await submitBills(hospital, gateway.url, [bill('B-3')])).code).toBe('7101');
    await submitBills(hospital, gateway.url, [bill('B-3', { description: 'Other' })]);

    const refused = await hospital.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === 'B-3' && textOf(root, 'TrxSts') === 'GF',
    );
    expect(textOf(refused.root, 'TrxStsCode')).toBe('7226;7201');
    expect(textOf(refused.root, 'PayCntrNum')).toBe(controlNumber);
    expect(await gateway.count('bill', `sp_bill_id = 'B-3'`)).toBe(1);
  });

  it('keeps refused payments with their reason, and puts an irrevocable PSP in suspense', async () => {
    const controlNumber = await numberFor('B-4');
    const refused = await pay(bank, gateway.url, {
      transactionId: 'T-4',
      controlNumber,
      amount: '49999.99',
      paidAt: now,
      resultUrl,
    });
    expect(refused.code).toBe('7302');
    expect(await gateway.count('payment_notification', `reason = 'bill.amount-inexact'`)).toBe(1);

    const taken = await pay(operator, gateway.url, {
      transactionId: 'T-4',
      controlNumber,
      amount: '49999.99',
      paidAt: now,
      resultUrl,
    });
    expect(taken.code).toBe('7101');
    expect(await gateway.count('payment', `destination = 'suspense'`)).toBe(1);
    await operator.waitFor('gepgPmtFinResp', (root) => textOf(root, 'TrxId') === 'T-4');
  });

  it.each([
    ['7333', '997011234567'],
    ['7335', `99701999999${dammDigit('99701999999')}`],
  ])('answers %s to a control number that is not ours', async (code, controlNumber) => {
    const answer = await pay(bank, gateway.url, {
      transactionId: `T-${code}`,
      controlNumber,
      amount: '100',
      paidAt: now,
      resultUrl,
    });
    expect(answer.code).toBe(code);
    expect((await enquire(bank, gateway.url, controlNumber)).code).toBe(code);
  });

  it('cancels an open bill, and says per bill what became of it', async () => {
    const controlNumber = await numberFor('B-5');
    const answer = await cancelBills(hospital, gateway.url, 'THOSP001', ['B-5', 'B-none']);
    expect(answer.isSigned).toBe(true);
    expect(answer.body.toString()).toContain(
      '<BillCanclTrxDt><BillId>B-5</BillId><TrxSts>GS</TrxSts><TrxStsCode>7283</TrxStsCode></BillCanclTrxDt>' +
        '<BillCanclTrxDt><BillId>B-none</BillId><TrxSts>GF</TrxSts><TrxStsCode>7204</TrxStsCode></BillCanclTrxDt>',
    );
    expect((await enquire(bank, gateway.url, controlNumber)).code).toBe('7283');
  });
});
