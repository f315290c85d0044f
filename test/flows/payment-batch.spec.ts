/** Many payments in one transaction: each row for itself, repeats within a batch, and batches that meet on bills. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { TrialBalance } from '../../src/ledger/trial-balance';
import { businessDayOf } from '../../src/kernel/business-day';
import type { PaymentOutcome } from '../../src/payments/receive-payments';
import { Books, draft, item, notification } from '../support/bills';
import { TestGateway } from '../support/gateway';

const sp = 'SP70101';
const day = businessDayOf(new Date('2026-11-24T08:00:00Z'));
let gateway: TestGateway;
let books: Books;

function told(outcomes: readonly PaymentOutcome[]): readonly string[] {
  return outcomes.map((each) =>
    [each.isAccepted ? 'taken' : each.refusal, each.isRepeat ? 'again' : ''].join(' ').trim(),
  );
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party(sp, { systemIds: [] });
  for (const code of ['PSP701', 'PSP702', 'PSP703']) await gateway.party(code);
  books = new Books(gateway);
});

afterEach(async () => {
  expect((await books.use(TrialBalance).execute(day)).isBalanced).toBe(true);
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('decides each row for itself; a poisoned one costs the others nothing', async () => {
  const [exact, partial] = await Promise.all([
    books.numberOf(sp, draft('A-1')),
    books.numberOf(sp, draft('A-2', { paymentOption: '2' })),
  ]);
  const bank = await books.psp('PSP701');
  const operator = await books.psp('PSP703');
  const rows = [
    { psp: bank, notification: notification('A-1', exact, '1000.00') },
    { psp: bank, notification: notification('A-2', partial, '1e3') },
    { psp: bank, notification: notification('A 3', partial, '10') },
    { psp: bank, notification: notification('A-4', partial, '400') },
    { psp: bank, notification: notification('A-5', partial, '700') },
    { psp: bank, notification: notification('A-6', exact, '1000.00') },
    { psp: bank, notification: notification('A-7', '997011234567', '5') },
    { psp: operator, notification: notification('A-1', exact, '1000.00') },
    { psp: operator, notification: notification('A-8', 'nonsense', '5') },
    { psp: bank, notification: notification('A-9', exact, '9', { currency: 'KES' }) },
  ];
  const outcomes = await books.receive(rows);
  expect(told(outcomes)).toEqual([
    'taken',
    'payment.amount-malformed',
    'payment.transaction-id-malformed',
    'taken',
    'taken',
    'bill.settled',
    'control-number.malformed',
    'taken',
    'taken',
    'payment.currency-unknown',
  ]);
  expect(await gateway.count('payment', `destination = 'suspense'`)).toBe(2);
  const { rows: stored } = await gateway.db.query(
    `select state, paid_minor, surplus_minor, version from bill where sp_bill_id = 'A-2'`,
  );
  expect(stored).toEqual([
    { state: 'paid', paid_minor: '100000', surplus_minor: '10000', version: 3 },
  ]);
  const receipts = outcomes.flatMap((each) => (each.isAccepted ? each.receiptNumber : []));
  expect(new Set(receipts).size).toBe(5);

  expect(told(await books.receive(rows))).toEqual([
    'taken again',
    'payment.amount-malformed',
    'payment.transaction-id-malformed',
    'taken again',
    'taken again',
    'bill.settled again',
    'control-number.malformed again',
    'taken again',
    'taken again',
    'payment.currency-unknown',
  ]);
  expect(await gateway.count('payment')).toBe(5);
});

it('knows a repeat within one batch, and one with other content', async () => {
  const number = await books.numberOf(sp, draft('B-1', { paymentOption: '2' }));
  const psp = await books.psp('PSP701');
  const first = notification('B-T', number, '100.00');
  const outcomes = await books.receive([
    { psp, notification: first },
    { psp, notification: { ...first, payerName: 'Juma' } },
    { psp, notification: { ...first, amount: '101.00' } },
  ]);
  expect(told(outcomes)).toEqual(['taken', 'taken again', 'payment.id-reused again']);
  expect(await gateway.count('payment', `psp_transaction_id = 'B-T'`)).toBe(1);
  expect(await gateway.count('delivery', `subject = 'PSP701/B-T'`)).toBe(1);
  expect(await gateway.count('alarm', `subject = 'PSP701/B-T'`)).toBe(1);
});

it('begins a batch again when a twin commits between its look-up and its gate', async () => {
  const psp = await books.psp('PSP701');
  const number = await books.numberOf(sp, draft('S-1'));
  const row = { psp, notification: notification('S-T', number, '1000.00') };
  const holder = new Client({ connectionString: gateway.databaseUrl });
  await holder.connect();
  let twins: Promise<readonly (readonly PaymentOutcome[])[]>;
  try {
    // Both find the transaction id unknown, and wait for the bill that somebody else holds.
    await holder.query(`begin`);
    await holder.query(`select from bill where sp_bill_id = 'S-1' for update`);
    twins = Promise.all([books.receive([row]), books.receive([row])]);
    while ((await gateway.count('pg_locks', `not granted`)) < 2) await pause(5);
    await holder.query(`commit`);
  } finally {
    await holder.end();
  }
  // Decided once more, the second would be told that the bill is paid, for a payment that was taken.
  expect((await twins).flatMap(told).sort()).toEqual(['taken', 'taken again']);
  expect(await gateway.count('payment', `psp_transaction_id = 'S-T'`)).toBe(1);
});

it('folds instalments that wait for one another into the right items', async () => {
  const items = [item('600.00'), item('400.00', '142203')];
  const number = await books.numberOf(sp, draft('C-1', { paymentOption: '2', items }));
  const taken = await Promise.all(
    Array.from({ length: 10 }, (_, i) => books.pay('PSP701', `C-${String(i)}`, number, '100.00')),
  );
  expect(taken).toEqual(taken.map(() => 'taken'));
  const { rows } = await gateway.db.query(
    `select i.paid_minor from bill_item i join bill b on b.id = i.bill_id
      where b.sp_bill_id = 'C-1' order by position`,
  );
  expect(rows).toEqual([{ paid_minor: '60000' }, { paid_minor: '40000' }]);
  const { rows: credited } = await gateway.db.query(
    `select a.name, sum(p.credit_minor)::text as credit from posting p join ledger_account a on a.id = p.account_id
       join ledger_entry e on e.id = p.entry_id
       join payment y on y.id::text = e.source_id
      where y.control_number = $1 and a.kind = 'sp-payable' group by 1 order by 1`,
    [number],
  );
  expect(credited).toEqual([
    { name: 'sp-payable:SP70101:142202', credit: '60000' },
    { name: 'sp-payable:SP70101:142203', credit: '40000' },
  ]);
});

it('lets batches over the same bills and ids in opposite order through, each payment once', async () => {
  const answers = await books.submit(
    sp,
    Array.from({ length: 20 }, (_, i) => draft(`D-${String(i)}`, { paymentOption: '2' })),
  );
  const numbers = answers.map((answer) => answer.controlNumber ?? '');
  const [bank, other] = [await books.psp('PSP701'), await books.psp('PSP702')];
  const batch = (round: number) =>
    numbers.flatMap((number, i) => [
      { psp: bank, notification: notification(`D-${String(round)}-${String(i)}`, number, '10.00') },
      { psp: other, notification: notification(`D-all-${String(i)}`, number, '10.00') },
    ]);
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, (_, round) =>
      books.receive(round % 2 === 0 ? batch(round) : batch(round).reverse()),
    ),
  );
  expect(outcomes.flat().filter((each) => !each.isAccepted)).toEqual([]);
  expect(outcomes.flat().filter((each) => each.isRepeat)).toHaveLength(3 * 20);
  // 4 of the bank's own and one that all batches hold, on each bill.
  const { rows } = await gateway.db.query(
    `select distinct paid_minor from bill where sp_bill_id like 'D-%'`,
  );
  expect(rows).toEqual([{ paid_minor: '5000' }]);
  expect(await gateway.count('payment', `psp_transaction_id like 'D-%'`)).toBe(100);
});
