/** A combined bill from its submission to its confirmation: one number, one payment, one entry, parts of two institutions. */
import type { GroupSubmission } from '../../src/bills/bill-submission';
import { CancelBillGroup } from '../../src/bills/cancel-bill-group';
import { ExpireBills } from '../../src/bills/expire-bills';
import { FindPayableBill } from '../../src/bills/find-payable-bill';
import { SubmitBillGroup } from '../../src/bills/submit-bill-group';
import type { PaymentConfirmed } from '../../src/deliveries/delivery-message';
import { businessDayOf } from '../../src/kernel/business-day';
import { TrialBalance } from '../../src/ledger/trial-balance';
import { Books, draft, item, names } from '../support/bills';
import { TestGateway } from '../support/gateway';

const [hospital, council] = ['SP70101', 'SP70202'];
let gateway: TestGateway;
let books: Books;

function group(groupBillId: string, more: Partial<GroupSubmission> = {}): GroupSubmission {
  const part = (spCode: string, amount: string) =>
    draft(`${groupBillId}-p`, { spCode, amount, paymentOption: '2', items: [item(amount)] });
  return {
    form: 'gepg-v5',
    groupCode: 'SPG1',
    groupBillId,
    systemId: '',
    reusedNumber: '',
    parts: [part(hospital, '700.00'), part(council, '300.00')],
    ...more,
  };
}

async function submit(submission: GroupSubmission) {
  const sp = await books.sp(hospital);
  return books.inTransaction((tx) => books.use(SubmitBillGroup).execute(tx, sp, submission, names));
}

async function numberOf(submission: GroupSubmission): Promise<string> {
  const answer = await submit(submission);
  expect([...answer.faults, ...answer.parts.flatMap((part) => part.faults)]).toEqual([]);
  return answer.controlNumber ?? '';
}

async function cancel(groupBillId: string) {
  const sp = await books.sp(hospital);
  const answer = await books.inTransaction((tx) =>
    books.use(CancelBillGroup).execute(tx, sp, groupBillId, 'Ombi'),
  );
  return answer.result;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party(council, { systemIds: [], subSpCodes: [], gfsCodes: [] });
  const groups = [{ code: 'SPG1', members: [hospital, council] }];
  await gateway.party(hospital, { systemIds: [], groups });
  await gateway.party('PSP701');
  books = new Books(gateway);
});

afterAll(async () => {
  const day = businessDayOf(new Date('2026-11-24T08:00:00Z'));
  expect((await books.use(TrialBalance).execute(day)).isBalanced).toBe(true);
  await gateway.stop({ unsigned: true });
});

it('has one payable number and one for each part, which nobody can pay on', async () => {
  const answer = await submit(group('A'));
  const numbers = answer.parts.map((part) => part.controlNumber ?? '');
  expect(answer.controlNumber).toMatch(/^99701/);
  expect(numbers[0]).toMatch(/^99701/);
  expect(numbers[1]).toMatch(/^99702/);
  expect(await submit(group('A'))).toEqual(answer);
  expect(await submit(group('A', { systemId: 'other' }))).toMatchObject({
    controlNumber: answer.controlNumber,
    faults: ['bill.id-duplicate'],
  });

  const [whole, ...parts] = await books
    .use(FindPayableBill)
    .executeMany([answer.controlNumber ?? '', ...numbers]);
  expect(whole).toMatchObject({
    dueMinor: 100_000n,
    stored: { group: { code: 'SPG1', billId: 'A', spCode: hospital, form: 'gepg-v5' } },
  });
  expect(whole?.stored?.bills.map((bill) => bill.spCode)).toEqual([hospital, council]);
  expect(parts.map((part) => part.fault)).toEqual(numbers.map(() => 'control-number.malformed'));
  expect(await books.pay('PSP701', 'A-T1', numbers[0] ?? '', '700.00')).toBe(
    'control-number.malformed',
  );
});

it('takes one payment, fills part after part in one entry, and tells the submitter once', async () => {
  const number = await numberOf(group('B'));
  expect(await books.pay('PSP701', 'B-T1', number, '800.00')).toBe('taken');
  const { rows: bills } = await gateway.db.query(
    `select state, paid_minor from bill where sp_bill_id = 'B-p' order by group_position`,
  );
  expect(bills).toEqual([
    { state: 'paid', paid_minor: '70000' },
    { state: 'partly-paid', paid_minor: '10000' },
  ]);
  expect(await gateway.count('payment', `control_number = '${number}'`)).toBe(1);
  const { rows: postings } = await gateway.db.query(
    `select a.name, p.debit_minor, p.credit_minor
       from payment y join ledger_entry e on e.source_id = y.id::text join posting p on p.entry_id = e.id
       join ledger_account a on a.id = p.account_id
      where y.psp_transaction_id = 'B-T1' order by p.position`,
  );
  expect(postings).toMatchObject([
    { debit_minor: '70000' },
    { name: 'sp-payable:SP70101:142202', credit_minor: '70000' },
    { debit_minor: '10000' },
    { name: 'sp-payable:SP70202:142202', credit_minor: '10000' },
  ]);
  const { rows } = await gateway.db.query<{ code: string; message: PaymentConfirmed }>(
    `select p.code, d.message from delivery d join party p on p.id = d.recipient_id
      where d.subject = $1 and d.kind = 'payment-confirmed'`,
    [number],
  );
  expect(rows).toMatchObject([
    {
      code: hospital,
      message: {
        form: 'gepg-v5',
        group: { code: 'SPG1', billId: 'B' },
        parts: [
          { spCode: hospital, paidAmount: '700.00' },
          { spCode: council, paidAmount: '100.00' },
        ],
      },
    },
  ]);

  expect(await cancel('B')).toBe('bill.partly-paid');
  expect((await submit(group('B2', { reusedNumber: number }))).faults).toEqual([
    'bill.number-partly-paid',
  ]);
  expect(await books.pay('PSP701', 'B-T2', number, '250.00')).toBe('taken');
  expect(await gateway.count('bill', `sp_bill_id = 'B-p' and state = 'paid'`)).toBe(2);
  const { rows: surplus } = await gateway.db.query(
    `select b.surplus_minor from bill b where sp_bill_id = 'B-p' order by group_position`,
  );
  expect(surplus).toEqual([{ surplus_minor: '5000' }, { surplus_minor: '0' }]);
  expect(await books.pay('PSP701', 'B-T3', number, '1.00')).toBe('bill.settled');
  expect(await cancel('B')).toBe('bill.settled');

  const again = await submit(group('B3', { reusedNumber: number }));
  expect(again).toMatchObject({ controlNumber: number, faults: [] });
  expect(await books.pay('PSP701', 'B-T4', number, '1000.00')).toBe('taken');
  expect(await gateway.count('bill', `sp_bill_id = 'B3-p' and state = 'paid'`)).toBe(2);
});

it('is taken whole or not at all', async () => {
  const { parts } = group('C');
  const [first, second] = parts;
  if (first === undefined || second === undefined) throw new Error('two parts');
  for (const [bad, faults] of [
    [{ parts: [first, { ...second, spCode: 'SP70999' }] }, 'group.member-unknown'],
    [{ parts: [first, { ...second, payerName: '' }] }, 'bill.payer-name-malformed'],
    [{ parts: [first, { ...second, paymentOption: '3' }] }, 'group.terms-different'],
    [{ parts: [first, { ...second, spCode: hospital }] }, 'bill.id-duplicate'],
    [{ reusedNumber: '12' }, 'control-number.malformed'],
    [{ parts: [] }, 'bill.items-missing'],
  ] as [Partial<GroupSubmission>, string][]) {
    const answer = await submit(group('C', bad));
    expect([answer.faults, answer.parts.map((part) => part.faults)].flat(2)).toEqual([faults]);
    expect(answer.controlNumber).toBeNull();
  }
  expect(await gateway.count('bill', `sp_bill_id = 'C-p'`)).toBe(0);
});

it('refuses an institution that is no member of an enrolled group', async () => {
  await gateway.db.query(
    `delete from party_group where member_party_id = (select id from party where code = $1)`,
    [council],
  );
  const answer = await submit(group('D'));
  expect(answer.parts.map((part) => part.faults)).toEqual([[], ['group.member-unknown']]);
  expect((await submit(group('D', { groupCode: 'SPG9' }))).faults).toEqual([]);
});

it('is cancelled whole, and expires with its earliest part', async () => {
  const number = await numberOf(group('E', { groupCode: 'SPG9' }));
  expect(await cancel('E-none')).toBe('bill.unknown');
  expect(await cancel('E')).toBe('cancelled');
  expect(await cancel('E')).toBe('bill.already-cancelled');
  expect(await books.pay('PSP701', 'E-T1', number, '1000.00')).toBe('bill.cancelled');

  const [first, second] = group('F').parts;
  if (first === undefined || second === undefined) throw new Error('two parts');
  const late = await numberOf(
    group('F', {
      groupCode: 'SPG9',
      parts: [first, { ...second, expiresAt: '2026-11-25T10:00:00' }],
    }),
  );
  await gateway.setClock('2026-11-25T08:00:00Z');
  expect(await books.pay('PSP701', 'F-T1', late, '1000.00')).toBe('bill.expired');
  await books.use(ExpireBills).execute();
  expect(await gateway.count('bill', `sp_bill_id = 'F-p' and state = 'expired'`)).toBe(2);
});
