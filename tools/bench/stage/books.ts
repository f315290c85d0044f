/**
 * What must be true of the books after every run, whatever the load was: every accepted answer is one payment, none is
 * doubled, every payment has its entry, its allocation and both its deliveries, and debits equal credits.
 */
import type { Ground } from './ground';

export class BooksDiffer extends Error {}

interface Counts {
  readonly payments: number;
  readonly gates: number;
  readonly entries: number;
  readonly allocations: number;
  readonly confirmations: number;
  readonly results: number;
  readonly imbalance: string;
  readonly paid: string;
  readonly posted: string;
}

async function countsOf(ground: Ground, database: string): Promise<Counts> {
  return ground.on(database, async (db) => {
    const { rows } = await db.query<Counts>(
      `select (select count(*)::integer from payment) as payments,
              (select count(*)::integer from payment_notification where payment_id is not null) as gates,
              (select count(*)::integer from ledger_entry) as entries,
              (select count(distinct payment_id)::integer from payment_allocation) as allocations,
              (select count(*)::integer from delivery where kind = 'payment-confirmed') as confirmations,
              (select count(distinct subject)::integer from delivery where kind = 'payment-result') as results,
              (select coalesce(sum(debit_minor - credit_minor), 0)::text from posting) as imbalance,
              (select coalesce(sum(paid_minor + surplus_minor), 0)::text from bill) as paid,
              (select coalesce(sum(debit_minor), 0)::text from posting) as posted`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the books cannot be counted');
    return row;
  });
}

/**
 * Throws BooksDiffer. `accepted` counts answers 7101 for different payments, `seeded` the payments of before; of the
 * requests in doubt any number may have been taken, and the rows must still agree with one another.
 */
export async function checkBooks(
  ground: Ground,
  database: string,
  accepted: number,
  { seeded = 0, inDoubt = 0 }: { readonly seeded?: number; readonly inDoubt?: number } = {},
): Promise<void> {
  const counts = await countsOf(ground, database);
  const least = accepted + seeded;
  const { payments } = counts;
  const rows = ['gates', 'entries', 'allocations', 'confirmations', 'results'] as const;
  const isComplete = rows.every((name) => counts[name] === payments);
  const isCounted = payments >= least && payments <= least + inDoubt;
  if (!isComplete || !isCounted || counts.imbalance !== '0' || counts.paid !== counts.posted) {
    throw new BooksDiffer(
      `the books differ: ${String(accepted)} accepted answers, ${String(inDoubt)} in doubt and ${String(seeded)} seeded payments, but ` +
        JSON.stringify(counts),
    );
  }
}
