/** What becomes of a bill over JSON: changed, cancelled, paid, its number used again; and what a PSP is told of it. */
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { nobodys } from './operations';
import { type Ask, ask, bill, keyOf, refusal, type Reply, today } from './support';

let gateway: TestGateway;
let books: Books;
let sp: string;
let psp: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  books = new Books(gateway);
  sp = await keyOf(gateway, 'SP70101');
  psp = await keyOf(gateway, 'PSP701');
});
afterAll(() => gateway.stop({ unsigned: true }));

const send = (method: NonNullable<Ask['method']>, path: string, body?: unknown): Promise<Reply> =>
  ask(gateway.url, path, { method, key: sp, ...(body === undefined ? {} : { body }) });
const enquire = (number: string): Promise<Reply> =>
  ask(gateway.url, `/v1/enquiries/${number}`, { key: psp });
const cancel = (billId: string): Promise<Reply> =>
  send('POST', `/v1/bills/${billId}/cancellation`, { reason: 'mistake' });

async function submitted(billId: string, more: object = {}): Promise<string> {
  const reply = await send('POST', '/v1/bills', bill(billId, more));
  expect(reply.status).toBe(201);
  return (reply.json as { controlNumber: string }).controlNumber;
}

it('an open bill changes its amount and its expiry, together or apart', async () => {
  await submitted('A1');
  const amount = await send('PATCH', '/v1/bills/A1', { amount: '120000.00' });
  expect(amount.json).toMatchObject({
    amount: '120000.00',
    items: [{ amount: '120000.00' }],
    expiresAt: '2027-12-31T20:59:59.000Z',
    version: 2,
  });
  const expiry = await send('PATCH', '/v1/bills/A1', { expiresAt: '2028-06-30T23:59:59+03:00' });
  expect(expiry.json).toMatchObject({ amount: '120000.00', expiresAt: '2028-06-30T20:59:59.000Z' });
  const items = [
    { gfsCode: '142202', amount: '1.00' },
    { gfsCode: '142202', amount: '2.50' },
  ];
  const both = await send('PATCH', '/v1/bills/A1', { amount: '3.50', items });
  expect(both.json).toMatchObject({ amount: '3.50', items });
  expect(refusal(await send('PATCH', '/v1/bills/A1', { amount: '4.00' }))).toEqual([
    422,
    'bill.refused',
    '/items',
  ]);
  expect(refusal(await send('PATCH', '/v1/bills/A1', {}))).toEqual([422, 'bill.change-empty']);
  expect(refusal(await send('PATCH', '/v1/bills/none', { amount: '1.00' }))).toEqual([
    404,
    'bill.unknown',
  ]);
});

it('a partly paid bill moves its expiry alone, and is not cancelled', async () => {
  const number = await submitted('B1', { paymentOption: 'partial' });
  expect(await books.pay('PSP701', 'TX-B1', number, '1000.00')).toBe('taken');
  expect(refusal(await send('PATCH', '/v1/bills/B1', { amount: '1.00' }))[1]).toBe('bill.refused');
  const moved = await send('PATCH', '/v1/bills/B1', { expiresAt: '2028-06-30T23:59:59+03:00' });
  expect(moved.json).toMatchObject({ state: 'partly-paid', paidAmount: '1000.00' });
  expect(refusal(await cancel('B1'))).toEqual([409, 'bill.partly-paid']);
});

it('a paid bill stays, has its payment and receipt, and frees its number', async () => {
  const number = await submitted('C1');
  expect((await enquire(number)).json).toMatchObject({ dueAmount: '150000.00' });
  expect(await books.pay('PSP701', 'TX-C1', number, '150000.00')).toBe('taken');
  expect(refusal(await cancel('C1'))).toEqual([409, 'bill.settled']);
  expect(refusal(await enquire(number))).toEqual([409, 'bill.settled']);

  const { json } = await send('GET', '/v1/payments?billId=C1');
  const [payment] = (json as { data: { paymentId: string; receiptNumber: string }[] }).data;
  expect(payment).toMatchObject({ amount: '150000.00', psp: { transactionId: 'TX-C1' } });
  expect((await send('GET', `/v1/payments/${payment?.paymentId ?? ''}`)).json).toEqual(payment);
  expect((await send('GET', `/v1/receipts/${payment?.receiptNumber ?? ''}`)).json).toEqual(payment);
  expect(refusal(await send('GET', '/v1/receipts/none'))).toEqual([404, 'payment.unknown']);
  expect(refusal(await send('GET', `/v1/deliveries/${nobodys['deliveryId'] ?? ''}`))).toEqual([
    404,
    'delivery.unknown',
  ]);

  expect(await submitted('C2', { controlNumber: number })).toBe(number);
  const again = await send('POST', '/v1/bills', bill('C3', { controlNumber: number }));
  expect(refusal(again)).toEqual([422, 'bill.refused', '/controlNumber']);
});

it('the day is told in sums and in lines', async () => {
  const sums = await send('GET', '/v1/reports/days/2026-11-24');
  expect(sums.json).toEqual({
    day: '2026-11-24',
    isOver: false,
    isClosed: false,
    settlement: [
      {
        currency: 'TZS',
        pspCode: 'PSP701',
        collectedAmount: '151000.00',
        reversedAmount: '0.00',
        refundedAmount: '0.00',
        settledAmount: '0.00',
        inTransitAmount: '151000.00',
      },
    ],
    totals: [
      { currency: 'TZS', pspCode: 'PSP701', count: 2, amount: '151000.00', surplusAmount: '0.00' },
    ],
  });
  const lines = (await send('GET', '/v1/reports/days/2026-11-24/payments.csv')).text.trim();
  expect(lines.split('\n')).toHaveLength(3);
  expect(lines).toContain(',C1,150000.00,0.00,TZS,PSP701,TX-C1,');
});

it('a cancelled bill, an expired one, and numbers that are none are told apart', async () => {
  const number = await submitted('D1');
  expect((await cancel('D1')).json).toMatchObject({ state: 'cancelled', cancelReason: 'mistake' });
  expect((await cancel('D1')).status).toBe(200);
  expect(refusal(await enquire(number))).toEqual([409, 'bill.cancelled']);
  const late = await submitted('D2', { expiresAt: '2026-11-24T12:00:00+03:00' });
  await gateway.setClock('2026-11-24T09:00:01Z');
  expect(refusal(await enquire(late))).toEqual([409, 'bill.expired']);
  expect((await send('GET', '/v1/bills/D2')).json).toMatchObject({ state: 'expired' });
  const wrong = number.slice(0, 11) + String((Number(number[11]) + 1) % 10);
  expect(refusal(await enquire(wrong))).toEqual([422, 'control-number.malformed']);
  expect(refusal(await enquire('990000000000'))[1]).toMatch(
    /^control-number\.(unknown|malformed)$/,
  );
});

it('a part of a combined bill is not cancelled by itself', async () => {
  await books.numberOf('SP70101', draft('E1', { systemId: 'THOSP001' }));
  await gateway.db.query(`begin`);
  await gateway.db.query(`
    insert into bill_group (id, sp_id, code, sp_group_bill_id, control_number, system_id, form, content_digest)
    select id, sp_id, 'SPG1', 'G1', control_number, '', form, content_digest from bill where sp_bill_id = 'E1'`);
  await gateway.db.query(`update bill set group_id = id where sp_bill_id = 'E1'`);
  await gateway.db.query(`commit`);
  expect(refusal(await cancel('E1'))).toEqual([409, 'bill.part-of-group']);
});

it('one number is asked about so often, and no more', async () => {
  const number = await submitted('F1');
  const statuses: number[] = [];
  let last: Reply | undefined;
  for (let i = 0; i < 25; i++) {
    last = await enquire(number);
    statuses.push(last.status);
  }
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(20);
  expect(refusal(last)).toEqual([429, 'enquiry.asked-too-often']);
});
