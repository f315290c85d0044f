/**
 * May a business day be closed? Each condition by name, whether it is met, what is missing, and which command repairs it.
 * Pure. Rules: rulings.md §6: every PSP of the day is reconciled and no discrepancy of it is open; money that is not at
 * the bank yet is carried as in transit and holds nothing up, nor does its being late.
 */
import type { BusinessDay } from '../kernel/business-day';

export interface DayFacts {
  readonly today: BusinessDay;
  readonly lastClosed: BusinessDay | null;
  /** The first day that is not closed and holds anything. */
  readonly firstOpen: BusinessDay | null;
  readonly psps: readonly {
    readonly code: string;
    readonly hasStatement: boolean;
    readonly hasRun: boolean;
    readonly isProvisional: boolean;
    /** Its latest run compared the statement that is live now, and all payments. */
    readonly isCurrent: boolean;
  }[];
  /** Open discrepancies of the day that hold it up, by kind. */
  readonly open: readonly { readonly kind: string; readonly count: number }[];
}

export const checkNames = [
  'day-over',
  'not-closed',
  'previous-closed',
  'psps-reconciled',
  'discrepancies-settled',
  'books-balanced',
  'chain-verified',
] as const;

/** What is missing, as a code with its particulars: `closing.missing-…` among the texts says it. */
export interface Missing {
  readonly code:
    | 'not-over'
    | 'closed'
    | 'day-open'
    | 'statement'
    | 'run'
    | 'current'
    | 'final'
    | 'open'
    | 'balance'
    | 'block';
  readonly values: Readonly<Record<string, string>>;
}

export interface DayCheck {
  readonly name: (typeof checkNames)[number];
  readonly isMet: boolean;
  /** Empty where it is met. */
  readonly missing: readonly Missing[];
  /** A command, or the page of the console; empty where it is met. */
  readonly repair: string;
}

export function checkDay(
  day: BusinessDay,
  facts: DayFacts,
  books: { readonly isBalanced: boolean; readonly brokenBlocks: readonly string[] },
): readonly DayCheck[] {
  const { today, lastClosed, firstOpen } = facts;
  const check = (
    name: DayCheck['name'],
    missing: readonly Missing[],
    repair: string,
  ): DayCheck => ({
    name,
    isMet: missing.length === 0,
    missing,
    repair: missing.length === 0 ? '' : repair,
  });
  const isClosed = lastClosed !== null && day <= lastClosed;
  const isAfterOpen = !isClosed && firstOpen !== null && firstOpen < day;
  return [
    check('day-over', day < today ? [] : [{ code: 'not-over', values: { day } }], 'wait'),
    check(
      'not-closed',
      isClosed ? [{ code: 'closed', values: { day: lastClosed } }] : [],
      'what comes late belongs to the open day',
    ),
    check(
      'previous-closed',
      isAfterOpen ? [{ code: 'day-open', values: { day: firstOpen } }] : [],
      `close-day --day ${firstOpen ?? ''}`,
    ),
    check(
      'psps-reconciled',
      facts.psps.flatMap((psp) => missingOf(psp)),
      `import-statement --psp CODE --day ${day} --file FILE, then reconcile --day ${day}`,
    ),
    check(
      'discrepancies-settled',
      facts.open.map(({ kind, count }) => ({
        code: 'open',
        values: { number: String(count), kind },
      })),
      `the page of discrepancies, or discrepancies list --day ${day}`,
    ),
    check(
      'books-balanced',
      books.isBalanced ? [] : [{ code: 'balance', values: {} }],
      'audit verify --full',
    ),
    check(
      'chain-verified',
      books.brokenBlocks.map((block) => ({ code: 'block', values: { block } })),
      'audit verify --head FILE',
    ),
  ];
}

function missingOf(psp: DayFacts['psps'][number]): readonly Missing[] {
  const values = { psp: psp.code };
  if (!psp.hasStatement) return [{ code: 'statement', values }];
  if (!psp.hasRun) return [{ code: 'run', values }];
  if (!psp.isCurrent) return [{ code: 'current', values }];
  return psp.isProvisional ? [{ code: 'final', values }] : [];
}
