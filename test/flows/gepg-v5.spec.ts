/**
 * Generation 5 over real HTTP: the institution's submission, change, reuse, cancellation and day; a combined bill; and
 * our own messages for PSPs. Every answer is signed with SHA-256 and says what it answers.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  askStatusV5,
  cancelBillV5,
  enquireV5,
  payV5,
  requestDayV5,
  type SampleBillV5,
  submitBillsV5,
} from '../../tools/sandbox/messages-v5';
import {
  type Received,
  type SandboxParty,
  textOf,
  textsOf,
} from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

const now = '2026-11-24T10:00:00';
const uuid = /^[0-9a-f-]{36}$/;

let gateway: TestGateway;
let hospital: SandboxParty;
let water: SandboxParty;
let bank: SandboxParty;

function bill(billId: string, more: Partial<SampleBillV5> = {}): SampleBillV5 {
  return {
    billId,
    amount: '15000.00',
    generatedAt: now,
    subSpCode: '1001',
    systemId: 'THOSP001',
    items: [{ gfsCode: '142202', amount: '15000.00' }],
    ...more,
  };
}

async function submit(requestId: string, sample: SampleBillV5, groupCode = 'SP70101') {
  return submitBillsV5(hospital, gateway.url, {
    requestId,
    groupCode,
    groupBillId: sample.billId,
    bills: [sample],
  });
}

async function answerTo(requestId: string, party = hospital): Promise<Received> {
  return party.waitFor('billSubRes', (root) => textOf(root, 'ReqId') === requestId);
}

async function numberFor(billId: string, more: Partial<SampleBillV5> = {}): Promise<string> {
  expect((await submit(`R-${billId}`, bill(billId, more))).code).toBe('7101');
  const answer = await answerTo(`R-${billId}`);
  expect(textOf(answer.root, 'ResSts')).toBe('GS');
  return textOf(answer.root, 'CustCntrNum');
}

async function pay(transactionId: string, controlNumber: string, amount: string) {
  return payV5(bank, gateway.url, {
    requestId: `P-${transactionId}`,
    transactionId,
    controlNumber,
    amount,
    paidAt: now,
    resultUrl: '',
  });
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101', { delivery: 'gepg-v5' });
  water = await gateway.party('SP70202');
  bank = await gateway.party('PSP701');
});

afterAll(async () => {
  await gateway.stop();
});

it('answers a bill with its number, a payment with its receipt, and confirms it', async () => {
  const ack = await submit('R-1', bill('V5-1', { payerName: 'Asha Özil' }));
  expect(ack).toMatchObject({ status: 200, code: '7101', isSigned: true });
  expect(ack.root.name).toBe('billSubReqAck');
  expect(textOf(ack.root, 'ReqId')).toBe('R-1');
  expect(textOf(ack.root, 'AckId')).toMatch(uuid);

  const answer = await answerTo('R-1');
  expect(answer.isSigned).toBe(true);
  expect(textOf(answer.root, 'ResStsCode')).toBe('7101');
  const controlNumber = textOf(answer.root, 'BillCntrNum');
  expect(controlNumber).toMatch(/^99701\d{7}$/);
  expect(textOf(answer.root, 'CustCntrNum')).toBe(controlNumber);

  const due = await enquireV5(bank, gateway.url, controlNumber);
  expect(due).toMatchObject({ code: '7101', isSigned: true });
  expect([textOf(due.root, 'BillAmt'), textOf(due.root, 'EntryCnt')]).toEqual(['15000.00', '1']);

  const paid = await pay('V5-T1', controlNumber, '15000.00');
  expect(paid).toMatchObject({ code: '7101', isSigned: true });
  expect(paid.root.name).toBe('pmtReqAck');
  const result = await bank.waitFor('pmtFinRes', (root) => textOf(root, 'TrxId') === 'V5-T1');
  const confirmation = await hospital.waitFor(
    'pmtSpNtfReq',
    (root) => textOf(root, 'BillId') === 'V5-1',
  );
  expect([result.isSigned, confirmation.isSigned]).toEqual([true, true]);
  const receipt = textOf(paid.root, 'RcptNum');
  expect(receipt).toMatch(/^R2611\d+$/);
  expect([textOf(result.root, 'RcptNum'), textOf(confirmation.root, 'PayRefId')]).toEqual([
    receipt,
    receipt,
  ]);
  expect(textOf(confirmation.root, 'PyrName')).toBe('Neema Mollel');
});

it('says in its own messages which request it answers, by the digest of the signed bytes', async () => {
  const number = '997010000000';
  const answer = await enquireV5(bank, gateway.url, number);
  const request = `<billQryReq><ReqId>Q-${number}</ReqId><PspCode>PSP701</PspCode><CustCtrNum>${number}</CustCtrNum></billQryReq>`;
  expect(textOf(answer.root, 'ReqDgst')).toBe(createHash('sha256').update(request).digest('hex'));
});

it('gives the same number to the same bill under another request id, and refuses other content', async () => {
  const controlNumber = await numberFor('V5-2');
  await submit('R-again', bill('V5-2'));
  expect(textOf((await answerTo('R-again')).root, 'CustCntrNum')).toBe(controlNumber);

  await submit('R-other', bill('V5-2', { description: 'Nyingine' }));
  const refused = await answerTo('R-other');
  expect(textOf(refused.root, 'ResStsCode')).toBe('7226;7201');
  expect(textOf(refused.root, 'BillCntrNum')).toBe(controlNumber);
});

it('changes an open bill, uses a paid number again, and cancels', async () => {
  const controlNumber = await numberFor('V5-3');
  const changed = { amount: '9000.00', items: [{ gfsCode: '142202', amount: '9000.00' }] };
  await submit('R-change', bill('V5-3', { ...changed, updateReason: 'Punguzo' }));
  const answer = await answerTo('R-change');
  expect([textOf(answer.root, 'ResSts'), textOf(answer.root, 'ResStsCode')]).toEqual([
    'GS',
    '7334',
  ]);
  expect((await pay('V5-T3', controlNumber, '9000.00')).code).toBe('7101');

  expect(await numberFor('V5-4', { reuse: controlNumber })).toBe(controlNumber);
  await submit('R-early', bill('V5-5', { reuse: controlNumber }));
  expect(textOf((await answerTo('R-early')).root, 'ResStsCode')).toBe('7226;7201');

  const facts = {
    requestId: 'C-1',
    groupCode: 'SP70101',
    systemId: 'THOSP001',
    groupBillId: 'V5-4',
  };
  const cancelled = await cancelBillV5(hospital, gateway.url, facts);
  expect(cancelled.root.name).toBe('billCanclRes');
  expect([cancelled.code, cancelled.isSigned]).toEqual(['7283', true]);
  expect((await enquireV5(bank, gateway.url, controlNumber)).code).toBe('7283');
  const unknown = await cancelBillV5(hospital, gateway.url, { ...facts, groupBillId: 'none' });
  expect([textOf(unknown.root, 'CanclSts'), unknown.code]).toEqual(['GF', '7204']);
});

it('sends the answer to a cancellation once more where the profile asks for the callback', async () => {
  hospital = await gateway.party('SP70101', {
    delivery: 'gepg-v5',
    profile: { cancellationCallback: true },
  });
  await numberFor('V5-6');
  const facts = {
    requestId: 'C-6',
    groupCode: 'SP70101',
    systemId: 'THOSP001',
    groupBillId: 'V5-6',
  };
  expect((await cancelBillV5(hospital, gateway.url, facts)).code).toBe('7283');
  const callback = await hospital.waitFor(
    'billCanclRes',
    (root) => textOf(root, 'ReqId') === 'C-6',
  );
  expect(textOf(callback.root, 'CanclStsCode')).toBe('7283');
});

it('takes a combined bill under one number, and confirms its parts in one message', async () => {
  const parts = [
    bill('V5-G1', { amount: '700.00', items: [{ gfsCode: '142202', amount: '700.00' }] }),
    bill('V5-G2', {
      spCode: 'SP70202',
      amount: '300.00',
      items: [{ gfsCode: '140101', amount: '300.00' }],
    }),
  ];
  const ack = await submitBillsV5(hospital, gateway.url, {
    requestId: 'R-group',
    groupCode: 'SPG701',
    groupBillId: 'V5-G',
    isCombined: true,
    bills: parts,
  });
  expect(ack.code).toBe('7101');
  const answer = await answerTo('R-group');
  expect(textOf(answer.root, 'ResStsCode')).toBe('7101');
  const controlNumber = textOf(answer.root, 'CustCntrNum');
  const partNumbers = textsOf(answer.root, 'BillCntrNum');
  expect(new Set([controlNumber, ...partNumbers]).size).toBe(3);

  expect((await enquireV5(bank, gateway.url, partNumbers[0] ?? '')).code).toBe('7333');
  const due = await enquireV5(bank, gateway.url, controlNumber);
  expect(textsOf(due.root, 'BillAmt')).toEqual(['700.00', '300.00']);
  expect((await pay('V5-TG0', controlNumber, '999.99')).code).toBe('7302');
  expect((await pay('V5-TG', controlNumber, '1000.00')).code).toBe('7101');

  const confirmation = await hospital.waitFor(
    'pmtSpNtfReq',
    (root) => textOf(root, 'GrpBillId') === 'V5-G',
  );
  expect(textOf(confirmation.root, 'EntryCnt')).toBe('2');
  expect(textsOf(confirmation.root, 'PaidAmt')).toEqual(['700.00', '300.00']);
  expect(textsOf(confirmation.root, 'SpCode')).toEqual(['SP70101', 'SP70202']);
  expect(water.received).toEqual([]);
});

it('tells what became of a payment, and not to those who ask all the time', async () => {
  const controlNumber = await numberFor('V5-7');
  const paid = await pay('V5-T7', controlNumber, '15000.00');
  const status = await askStatusV5(bank, gateway.url, 'S-1', 'V5-T7');
  expect([status.code, textOf(status.root, 'RcptNum')]).toEqual([
    '7101',
    textOf(paid.root, 'RcptNum'),
  ]);
  expect((await askStatusV5(bank, gateway.url, 'S-2', 'V5-T7')).code).toBe('7332');
  expect((await askStatusV5(bank, gateway.url, 'S-3', 'never-sent')).code).toBe('7324');
});

it('answers push to pay with the code that no PSP can', async () => {
  const answer = await hospital.send(gateway.url, '/api/bill/20/push', 'billPushToPayReq', {
    ReqId: 'X-1',
    BillCntrNum: '997010000000',
  });
  expect([answer.root.name, answer.code, textOf(answer.root, 'ReqId')]).toEqual([
    'billPushToPayReqAck',
    '7330',
    'X-1',
  ]);
});

it('sends a past day in one message, the same again on a repeat, and never today', async () => {
  const facts = { requestId: 'D-1', groupCode: 'SP70101', systemId: 'THOSP001', day: '2026-11-24' };
  expect((await requestDayV5(hospital, gateway.url, facts)).code).toBe('7318');
  await gateway.setClock('2026-11-25T08:00:00Z');

  expect((await requestDayV5(hospital, gateway.url, facts)).code).toBe('7101');
  const isOurs = (root: Received['root']) => textOf(root, 'ReqId') === 'D-1';
  const day = await hospital.waitFor('sucSpPmtRes', isOurs);
  expect(textOf(day.root, 'PayStsCode')).toBe('7101');
  expect(textsOf(day.root, 'BillId')).toEqual(expect.arrayContaining(['V5-1', 'V5-G1', 'V5-G2']));

  // A delivery under way is left to itself; once it is acknowledged, the repeat sends it again.
  const isSettled = `subject like 'day-batch/%/D-1/%' and state = 'delivered'`;
  for (let waited = 0; waited < 10_000; waited += 20) {
    if ((await gateway.count('delivery', isSettled)) === 1) break;
    await pause(20);
  }
  const ours = () => hospital.received.filter(({ root }) => isOurs(root)).map(({ body }) => body);
  expect((await requestDayV5(hospital, gateway.url, facts)).code).toBe('7101');
  for (let waited = 0; ours().length < 2 && waited < 10_000; waited += 20) await pause(20);
  expect(ours()).toEqual([day.body, day.body]);

  const empty = { ...facts, requestId: 'D-2', day: '2026-11-20' };
  expect((await requestDayV5(hospital, gateway.url, empty)).code).toBe('7101');
  const none = await hospital.waitFor('sucSpPmtRes', (root) => textOf(root, 'ReqId') === 'D-2');
  expect(none.body.toString()).toContain('<PmtDtls></PmtDtls>');
});
