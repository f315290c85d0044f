/**
 * Generation 4 over real HTTP, beyond the main job: the synchronous path, reuse, change, the day batch with what was taken back, the early notice
 * of an online payment. (gepg-v4-profiles.spec: what profiles change.) The names are those of gepg-protocol.md §1 and §3.
 */
import { enquire, pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf, textsOf } from '../../tools/sandbox/sandbox-party';
import { dammDigit } from '../../src/bills/control-number.rules';
import { writeElement } from '../../src/gepg/xml';
import { ReversePayment } from '../../src/payments/reverse-payment';
import { Database } from '../../src/platform/database/database';
import { TestGateway } from '../support/gateway';
import { bill, payment, V4Hospital } from '../support/v4-hospital';

let gateway: TestGateway;
let hospital: V4Hospital;
let bank: SandboxParty;

async function changeExpiry(billId: string, expiresAt: string) {
  return hospital.send('/api/bill/sigqrequest_change', 'gepgBillSubReq', {
    BillHdr: { SpCode: 'SP70101', RtrRespFlg: 'true' },
    BillTrxInf: { BillId: billId, SpSysId: 'THOSP001', BillExprDt: expiresAt },
  });
}

async function requestDay(requestId: string, day: string, option = '1', systemId = 'THOSP001') {
  return hospital.send('/api/reconciliations/sig_sp_qrequest', 'gepgSpReconcReq', {
    SpReconcReqId: requestId,
    SpCode: 'SP70101',
    SpSysId: systemId,
    TnxDt: day,
    ReconcOpt: option,
  });
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await V4Hospital.enrol(gateway);
  bank = await gateway.party('PSP701');
});

afterAll(async () => {
  await gateway.stop();
});

it('answers in the same exchange on the synchronous path, and owes nothing more', async () => {
  const answer = await submitBills(
    hospital.party,
    gateway.url,
    [bill('S-1')],
    '/api/bill/sigsrequest',
  );
  expect(answer.root.name).toBe('gepgBillSubResp');
  expect([answer.code, answer.isSigned]).toEqual(['7101', true]);
  expect(textOf(answer.root, 'PayCntrNum')).toMatch(/^99701\d{7}$/);
  expect(await gateway.count('delivery', `message::text like '%S-1%'`)).toBe(0);
});

it('gives a number to a new bill once its old one is paid', async () => {
  const controlNumber = await hospital.numberFor('U-1');
  await submitBills(
    hospital.party,
    gateway.url,
    [bill('U-2', { reuse: controlNumber })],
    '/api/bill/sigqrequest_reuse',
  );
  expect(textOf((await hospital.answerTo('U-2', '7226;7201')).root, 'TrxSts')).toBe('GF');

  expect((await pay(bank, gateway.url, payment('U-T1', controlNumber))).code).toBe('7101');
  await submitBills(
    hospital.party,
    gateway.url,
    [bill('U-3', { reuse: controlNumber })],
    '/api/bill/sigqrequest_reuse',
  );
  expect(textOf((await hospital.answerTo('U-3', '7101')).root, 'PayCntrNum')).toBe(controlNumber);
  expect((await pay(bank, gateway.url, payment('U-T2', controlNumber))).code).toBe('7101');
});

it.each([
  ['7333;7201', '12345'],
  ['7335;7201', `99701999999${dammDigit('99701999999')}`],
])('answers %s to the reuse of a number that is not its own', async (code, number) => {
  const billId = `U-${code.slice(0, 4)}`;
  await submitBills(
    hospital.party,
    gateway.url,
    [bill(billId, { reuse: number })],
    '/api/bill/sigqrequest_reuse',
  );
  expect(textOf((await hospital.answerTo(billId, code)).root, 'TrxSts')).toBe('GF');
});

it('refuses a reuse without a number rather than issue a new one', async () => {
  await submitBills(hospital.party, gateway.url, [bill('U-none')], '/api/bill/sigqrequest_reuse');
  await hospital.answerTo('U-none', '7333;7201');
});

it('changes the expiry by three fields, and the whole bill by all of them', async () => {
  const controlNumber = await hospital.numberFor('C-1');
  expect((await changeExpiry('C-1', '2028-01-31T23:59:59')).code).toBe('7101');
  const changed = await hospital.answerTo('C-1', '7334');
  expect([textOf(changed.root, 'TrxSts'), textOf(changed.root, 'PayCntrNum')]).toEqual([
    'GS',
    controlNumber,
  ]);
  const due = await enquire(bank, gateway.url, controlNumber);
  expect(textOf(due.root, 'BillExprDt')).toBe('2028-01-31T23:59:59');

  const whole = bill('C-1', { amount: '800.00', items: [{ gfsCode: '142203', amount: '800.00' }] });
  await submitBills(hospital.party, gateway.url, [whole], '/api/bill/sigqrequest_change');
  for (let tries = 0; tries < 100; tries++) {
    const answer = await enquire(bank, gateway.url, controlNumber);
    if (textOf(answer.root, 'BillAmt') === '800.00') break;
  }
  expect((await pay(bank, gateway.url, payment('C-T1', controlNumber, '800.00'))).code).toBe(
    '7101',
  );
  expect((await changeExpiry('C-1', '2028-02-28T23:59:59')).code).toBe('7101');
  await hospital.answerTo('C-1', '7279;7201');
  expect((await changeExpiry('C-none', '2028-02-28T23:59:59')).code).toBe('7101');
  await hospital.answerTo('C-none', '7204;7201');
});

it('takes a message of the other generation on its paths, and answers in that generation', async () => {
  const answer = await hospital.send('/api/bill/20/cancellation', 'gepgBillCanclReq', {
    SpCode: 'SP70101',
    SpSysId: 'THOSP001',
    BillId: 'none',
  });
  expect([answer.root.name, answer.code]).toEqual(['gepgBillCanclResp', '7204']);
});

it('is tolerant of blanks and slashes behind the path, of odd words in headers, and of their absence', async () => {
  const body = hospital.party.sign(
    writeElement('gepgBillCanclReq', { SpCode: 'SP70101', SpSysId: 'THOSP001', BillId: 'none' }),
  );
  for (const path of [
    '/api/bill/sigcancel_request%20',
    '/api/bill/sigcancel_request/',
    '/API/bill/SIGcancel_request',
  ]) {
    const headers = {
      'gepg-com': 'Application/xml',
      'content-type': 'Application/xml; charset=utf-8',
    };
    expect((await hospital.party.post(gateway.url, path, body, headers)).code).toBe('7204');
  }
  const bare = { 'gepg-code': '', 'gepg-com': '' };
  expect(
    (await hospital.party.post(gateway.url, '/api/bill/sigcancel_request', body, bare)).code,
  ).toBe('7204');
});

describe('the day batch', () => {
  it.each([
    ['7318', '2026-11-24', '1'],
    ['7318', 'yesterday', '1'],
    ['7319', '2026-08-25', '1'],
    ['7320', '2026-11-23', '3'],
  ])('is refused with %s for %s and option %s', async (code, day, option) => {
    expect((await requestDay('7', day, option)).code).toBe(code);
  });

  it('holds the payments of the day, and under option 2 what was refused', async () => {
    const controlNumber = await hospital.numberFor('R-1');
    expect((await pay(bank, gateway.url, payment('R-T1', controlNumber, '1.00'))).code).toBe(
      '7302',
    );
    expect((await pay(bank, gateway.url, payment('R-T2', controlNumber))).code).toBe('7101');
    await gateway.setClock('2026-11-25T08:00:00Z');

    expect((await requestDay('8', '2026-11-24')).code).toBe('7101');
    const day = await hospital.party.waitFor(
      'gepgSpReconcResp',
      (root) => textOf(root, 'SpReconcReqId') === '8',
    );
    expect(day.isSigned).toBe(true);
    expect(textOf(day.root, 'ReconcStsCode')).toBe('7101');
    expect(textsOf(day.root, 'pspTrxId')).toEqual(expect.arrayContaining(['R-T2']));
    expect(textsOf(day.root, 'pspTrxId')).not.toContain('R-T1');

    expect((await requestDay('9', '2026-11-24', '2')).code).toBe('7101');
    const exceptions = await hospital.party.waitFor(
      'gepgSpReconcResp',
      (root) => textOf(root, 'SpReconcReqId') === '9',
    );
    expect(textsOf(exceptions.root, 'pspTrxId')).toContain('R-T1');
  });

  it('of an empty day has no rows and the code of the profile', async () => {
    expect((await requestDay('10', '2026-11-20')).code).toBe('7101');
    const empty = await hospital.party.waitFor(
      'gepgSpReconcResp',
      (root) => textOf(root, 'SpReconcReqId') === '10',
    );
    expect(empty.body.toString()).toContain(
      '<ReconcStsCode>7101</ReconcStsCode></ReconcBatchInfo><ReconcTrans></ReconcTrans>',
    );
  });

  it('is not sent more than ten times an hour', async () => {
    const codes = [];
    for (let i = 0; i < 11; i++) codes.push((await requestDay('11', '2026-11-24')).code);
    expect(codes).toEqual([...Array<string>(10).fill('7101'), '7332']);
  });

  it('tells what was taken back: of the day of the reversal among the exceptions, of the payment in its remarks', async () => {
    const { rows } = await gateway.db.query<{ id: string }>(
      `select id from payment where psp_transaction_id = 'R-T2'`,
    );
    await gateway.app.get(Database, { strict: false }).transaction((tx) =>
      gateway.app.get(ReversePayment, { strict: false }).execute(tx, {
        paymentId: rows[0]?.id ?? '',
        reason: 'twice',
        requestedBy: 'amina',
        approvedBy: 'baraka',
      }),
    );
    await gateway.setClock('2026-11-26T08:00:00Z');
    for (const [id, day, option] of [
      ['12', '2026-11-25', '2'],
      ['13', '2026-11-24', '1'],
    ] as const) {
      expect((await requestDay(id, day, option)).code).toBe('7101');
      const { root } = await hospital.party.waitFor(
        'gepgSpReconcResp',
        (each) => textOf(each, 'SpReconcReqId') === id,
      );
      const place = textsOf(root, 'pspTrxId').indexOf('R-T2');
      expect([textsOf(root, 'PaidAmt')[place], textsOf(root, 'Remarks')[place]]).toEqual([
        '500.00',
        '500.00 taken back on 2026-11-25',
      ]);
    }
    await gateway.setClock('2026-11-25T08:00:00Z');
  });
});

it('tells the institution early of a payment made online', async () => {
  const controlNumber = await hospital.numberFor('O-1', { expiresAt: '2027-06-30T23:59:59' });
  const announced = await bank.send(gateway.url, '/api/payment/20/online', 'pmtOlNtfReq', {
    ReqId: 'OL-1',
    PspCode: 'PSP701',
    CustCtrNum: controlNumber,
    TrxId: 'O-T1',
    Auth: 'A1',
    PaidAmt: '500.00',
    Ccy: 'TZS',
    TrxDtTm: '2026-11-25T10:00:00',
    UsdPayChnl: 'CARD',
    PyrCellNum: '',
    PyrName: 'Neema Mollel',
    PyrEmail: '',
  });
  expect(announced.code).toBe('7101');
  const notice = await hospital.party.waitFor('gepgOlPmtNtfSpInfo');
  expect([textOf(notice.root, 'BillId'), textOf(notice.root, 'PaidAmt')]).toEqual([
    'O-1',
    '500.00',
  ]);
  expect(await gateway.count('payment', `psp_transaction_id = 'O-T1'`)).toBe(0);
});
