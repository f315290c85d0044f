/** Bills that are changed: the expiry alone, all that they say, and what may no longer be changed. */
import { ChangeBills } from '../../src/bills/change-bills';
import type { BillChange } from '../../src/bills/bill-submission';
import { FindPayableBill } from '../../src/bills/find-payable-bill';
import { Books, draft, item, names } from '../support/bills';
import { TestGateway } from '../support/gateway';

const spCode = 'SP70101';
let gateway: TestGateway;
let books: Books;

async function change(billId: string, more: Partial<BillChange>) {
  const sp = await books.sp(spCode);
  const [answer] = await books.inTransaction((tx) =>
    books
      .use(ChangeBills)
      .execute(tx, sp, [{ billId, systemId: '', expiresAt: '', ...more }], names),
  );
  return answer;
}

const moved = { expiresAt: '2028-06-30T12:00:00' };

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party(spCode, { systemIds: [] });
  await gateway.party('PSP701');
  books = new Books(gateway);
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('moves the expiry, keeps the number, and answers a repetition alike', async () => {
  const controlNumber = await books.numberOf(spCode, draft('A-1'));
  const answer = { billId: 'A-1', controlNumber, faults: [] };
  expect(await change('A-1', moved)).toEqual(answer);
  expect(await change('A-1', moved)).toEqual(answer);

  expect(await books.use(FindPayableBill).execute(controlNumber)).toMatchObject({
    expiresAt: new Date('2028-06-30T09:00:00Z'),
    stored: { bills: [{ version: 2 }] },
  });
  expect(await gateway.count('audit_event', `action = 'bill.changed'`)).toBe(1);
  expect(await books.pay('PSP701', 'A-T1', controlNumber, '1000.00')).toBe('taken');
  expect(await change('A-1', moved)).toEqual(answer);
});

it('replaces the whole bill, with fewer or more items, and tells the audit trail both', async () => {
  const controlNumber = await books.numberOf(
    spCode,
    draft('B-1', { items: [item('600.00'), item('400.00', '142203')] }),
  );
  const whole = draft('B-1', { amount: '700.00', payerName: 'Juma Ally', paymentOption: '1' });
  expect(await change('B-1', { draft: whole })).toMatchObject({ controlNumber, faults: [] });
  expect(await books.use(FindPayableBill).execute(controlNumber)).toMatchObject({
    dueMinor: 70_000n,
    stored: {
      bills: [
        {
          payerName: 'Juma Ally',
          option: 'full',
          items: [{ gfsCode: '142202', amountMinor: 70_000n }],
        },
      ],
    },
  });
  const { rows } = await gateway.db.query<{ detail: unknown }>(
    `select detail from audit_event where subject = 'SP70101/B-1' and action = 'bill.changed'`,
  );
  expect(rows).toMatchObject([
    { detail: { before: { amountMinor: '100000' }, after: { amountMinor: '70000' } } },
  ]);
  expect(await change('B-1', { draft: { ...whole, payerName: '' } })).toMatchObject({
    faults: ['bill.payer-name-malformed'],
  });
});

it('of a partly paid bill moves only the expiry', async () => {
  const bill = draft('C-1', { paymentOption: '2' });
  const number = await books.numberOf(spCode, bill);
  expect(await books.pay('PSP701', 'C-T1', number, '300.00')).toBe('taken');
  for (const more of [{ amount: '900.00', items: [item('900.00')] }, { currency: 'USD' }]) {
    expect(await change('C-1', { draft: { ...bill, ...more } })).toMatchObject({
      faults: ['bill.partly-paid'],
    });
  }
  expect(await change('C-1', { draft: { ...bill, ...moved } })).toMatchObject({ faults: [] });
  expect(await books.use(FindPayableBill).execute(number)).toMatchObject({
    dueMinor: 70_000n,
    expiresAt: new Date('2028-06-30T09:00:00Z'),
  });
});

it('refuses what stands open no more, what it does not know, and a past expiry', async () => {
  await books.numberOf(spCode, draft('D-1'));
  expect((await change('D-none', moved))?.faults).toEqual(['bill.unknown']);
  for (const expiresAt of ['', '2026-11-24T10:59:59', 'soon'])
    expect((await change('D-1', { expiresAt }))?.faults).toEqual(['bill.expiry-unacceptable']);
  for (const [state, fault] of [
    ['cancelled', 'bill.cancelled'],
    ['expired', 'bill.expired'],
  ] as const) {
    await gateway.db.query(`update bill set state = $1 where sp_bill_id = 'D-1'`, [state]);
    expect((await change('D-1', moved))?.faults).toEqual([fault]);
  }
  const number = await books.numberOf(spCode, draft('D-2'));
  expect(await books.pay('PSP701', 'D-T2', number, '1000.00')).toBe('taken');
  expect((await change('D-2', moved))?.faults).toEqual(['bill.settled']);
  await books.numberOf(spCode, draft('D-3', { expiresAt: '2026-11-25T11:00:00' }));
  await gateway.setClock('2026-11-25T08:00:01Z');
  expect((await change('D-3', moved))?.faults).toEqual(['bill.expired']);
});
