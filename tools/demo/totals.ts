/** The proof at the end: what the PSPs took, what the institutions were told, and what the ledger holds. */
import { table } from '../../src/cli/text-table';
import { TrialBalance } from '../../src/ledger/trial-balance';
import { type Sums, sumsOf } from './books';
import { DemoFault, money } from './screen';
import type { Stage } from './stage';

export type LedgerSums = Readonly<Record<'receivable' | 'institutions' | 'suspense', Sums>>;

/** Balances of the kinds that the demonstration moves, up to its day. */
export async function ledgerSums(stage: Pick<Stage, 'app' | 'day'>): Promise<LedgerSums> {
  const view = await stage.app.get(TrialBalance, { strict: false }).execute(stage.day);
  if (!view.isBalanced) throw new DemoFault('Debits and credits of the ledger differ.');
  const credit = (kinds: readonly string[]): Sums =>
    sumsOf(
      view.accounts
        .filter((each) => kinds.includes(each.kind))
        .map((each) => ({
          amountMinor: each.creditMinor - each.debitMinor,
          currency: each.currency,
        })),
    );
  const receivable = credit(['psp-receivable']);
  return {
    receivable: { TZS: -receivable.TZS, USD: -receivable.USD },
    institutions: credit(['sp-payable', 'sp-surplus']),
    suspense: credit(['suspense']),
  };
}

function minus(after: Sums, before: Sums): Sums {
  return { TZS: after.TZS - before.TZS, USD: after.USD - before.USD };
}

export async function compareTotals(
  stage: Stage,
  before: LedgerSums,
  confirmed: Sums,
): Promise<void> {
  const { books, screen } = stage;
  const after = await ledgerSums(stage);
  const paid = sumsOf(books.taken);
  const onBills = sumsOf(books.onBills);
  const suspense = sumsOf(books.inSuspense);
  const rows: readonly (readonly [string, Sums])[] = [
    ["taken, by the PSPs' own books", paid],
    ['  on bills', onBills],
    ['  for no bill, by an irrevocable PSP', suspense],
    ['confirmed to the institutions', confirmed],
    ['ledger: owed by the PSPs', minus(after.receivable, before.receivable)],
    ['ledger: owed to the institutions', minus(after.institutions, before.institutions)],
    ['ledger: in suspense', minus(after.suspense, before.suspense)],
  ];
  screen.show(
    table(
      ['in this run', 'TZS', 'USD'],
      rows.map(([what, sums]) => [what, money(sums.TZS), money(sums.USD)]),
      [1, 2],
    ),
  );
  screen.blank();
  for (const currency of ['TZS', 'USD'] as const) {
    const of = (row: number): bigint => rows[row]?.[1][currency] ?? 0n;
    const isEqual = of(0) === of(4) && of(1) === of(3) && of(1) === of(5) && of(2) === of(6);
    if (!isEqual) throw new DemoFault(`The totals in ${currency} differ; see the lines above.`);
  }
  screen.say(
    'Taken at the PSPs = owed by the PSPs; on bills = confirmed = owed to the institutions; the rest is in suspense. Debits equal credits.',
  );
}
