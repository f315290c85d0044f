/**
 * Any history of payments over bills of all options, through the wire: debits equal credits in every currency, every
 * payment taken is posted once and in full, and what bills received is what was paid to them (product.md §5).
 */
import fc from 'fast-check';
import { formatAmount } from '../../src/kernel/money';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

const now = '2026-11-24T10:00:00';
const billMinor = 100_000n;
const nobodys = '997011234567';

let gateway: TestGateway;
let hospital: SandboxParty;
let psps: readonly SandboxParty[];
let histories = 0;

/** Sums of the payments that were acknowledged as taken, over all histories: `TZS` to minor units. */
const taken = new Map<string, bigint>();
let takenCount = 0;

const anyHistory = fc.record({
  bills: fc.array(
    fc.record({
      option: fc.constantFrom<'1' | '2' | '3'>('1', '2', '3'),
      currency: fc.constantFrom('TZS', 'TZS', 'USD'),
    }),
    { minLength: 2, maxLength: 3 },
  ),
  payments: fc.array(
    fc.record({
      /** Index of the bill; beyond the last it is a number that nobody issued. */
      bill: fc.nat(3),
      psp: fc.nat(1),
      /** So few that repeats, with the same content and with other content, are common. */
      id: fc.nat(5),
      paidMinor: fc.constantFrom(1n, 40_000n, 60_000n, billMinor, billMinor, 150_000n),
      currency: fc.constantFrom('TZS', 'TZS', 'USD'),
    }),
    { minLength: 3, maxLength: 10 },
  ),
});

/** What must be nothing, whatever happened: each row names what is wrong. */
const violations = `
  select 'debits differ from credits in ' || e.currency as wrong
    from posting p join ledger_entry e on e.id = p.entry_id
   group by e.currency having sum(p.debit_minor) <> sum(p.credit_minor)
  union all
  select 'payment ' || y.psp_transaction_id || ' is posted ' || count(e.id) || ' times'
    from payment y left join ledger_entry e on e.source_kind = 'payment' and e.source_id = y.id::text
   group by y.id having count(e.id) <> 1
  union all
  select 'payment ' || y.psp_transaction_id || ' is not posted in full'
    from payment y
    join ledger_entry e on e.source_kind = 'payment' and e.source_id = y.id::text
    join posting p on p.entry_id = e.id
   group by y.id having sum(p.debit_minor) <> y.amount_minor or min(e.currency) <> y.currency
  union all
  select 'payment ' || y.psp_transaction_id || ' went to bills with another sum'
    from payment y left join payment_allocation a on a.payment_id = y.id
   group by y.id
  having coalesce(sum(a.principal_minor + a.surplus_minor), 0)
         <> case when y.destination = 'bill' then y.amount_minor else 0 end
  union all
  select 'bill ' || b.sp_bill_id || ' shows another sum than was paid to it'
    from bill b left join payment_allocation a on a.bill_id = b.id
   group by b.id
  having coalesce(sum(a.principal_minor), 0) <> b.paid_minor or coalesce(sum(a.surplus_minor), 0) <> b.surplus_minor
  union all
  select 'bill ' || b.sp_bill_id || ' has items that were filled with another sum'
    from bill b where b.paid_minor <> (select sum(i.paid_minor) from bill_item i where i.bill_id = b.id)`;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  psps = [await gateway.party('PSP701'), await gateway.party('PSP703')];
});

afterAll(async () => {
  await gateway.stop();
});

async function issue(
  place: string,
  bills: readonly { option: '1' | '2' | '3'; currency: string }[],
): Promise<readonly string[]> {
  const amount = formatAmount(billMinor);
  const ack = await submitBills(
    hospital,
    gateway.url,
    bills.map((each, i) => ({
      ...each,
      billId: `${place}-${String(i)}`,
      amount,
      generatedAt: now,
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [
        { gfsCode: '142202', amount: '700.00' },
        { gfsCode: '142203', amount: '300.00' },
      ],
    })),
  );
  expect(ack.code).toBe('7101');
  const numbers: string[] = [];
  for (const i of bills.keys()) {
    const answer = await hospital.waitFor(
      'gepgBillSubResp',
      (tree) => textOf(tree, 'BillId') === `${place}-${String(i)}`,
    );
    numbers.push(textOf(answer.root, 'PayCntrNum'));
  }
  return numbers;
}

it('money is neither made nor lost in any history', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async ({ bills, payments }) => {
      const place = `H${String(histories++)}`;
      const numbers = await issue(place, bills);
      const seen = new Set<string>();
      for (const { bill, psp, id, paidMinor, currency } of payments) {
        const party = psps[psp];
        const key = `${String(psp)}-${String(id)}`;
        if (party === undefined) throw new Error('no such PSP');
        const ack = await pay(party, gateway.url, {
          transactionId: `${place}-${String(id)}`,
          controlNumber: numbers[bill] ?? nobodys,
          amount: formatAmount(paidMinor),
          currency,
          paidAt: now,
          resultUrl: 'http://127.0.0.1:1/',
        });
        // A second 7101 is the answer to a repetition: it takes no money.
        if (ack.code === '7101' && !seen.has(key)) {
          seen.add(key);
          taken.set(currency, (taken.get(currency) ?? 0n) + paidMinor);
          takenCount += 1;
        }
      }
      const { rows } = await gateway.db.query<{ wrong: string }>(violations);
      expect(rows.map((row) => row.wrong)).toEqual([]);
      const { rows: receivable } = await gateway.db.query<{ currency: string; minor: string }>(
        `select a.currency, sum(p.debit_minor - p.credit_minor)::text as minor
           from posting p join ledger_account a on a.id = p.account_id
          where a.kind = 'psp-receivable' group by a.currency`,
      );
      expect(new Map(receivable.map((row) => [row.currency, BigInt(row.minor)]))).toEqual(taken);
      expect(await gateway.count('payment')).toBe(takenCount);
    }),
    { numRuns: 12 },
  );
  expect(takenCount).toBeGreaterThan(20);
}, 60_000);
