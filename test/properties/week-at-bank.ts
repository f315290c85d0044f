/**
 * What a generated week has at the bank, as planted: what came of a PSP's clearing, money of nobody, and what the bank
 * took back of either; with what has to be found of it before the bank takes back and afterwards. Amounts are cents.
 */
import fc from 'fast-check';
import { addDays, type BusinessDay } from '../../src/kernel/business-day';
import type { BankEntry } from '../../src/reconciliation/bank-statement.rules';
import { bankEntry } from '../support/bank';

export const credits = ['whole', 'short-settled', 'over-settled', 'late-settlement'] as const;
/** By which the bank takes back: the clearing, a part of it, money of nobody, or what never came. */
export const returns = ['none', 'clearing', 'part', 'strange', 'nothing'] as const;

export interface WeekAtBank {
  readonly credit: (typeof credits)[number];
  readonly returned: (typeof returns)[number];
  /** In a statement of its own, when what it takes back is matched already. */
  readonly isReturnedLater: boolean;
  /** The return bears the reference of what it takes back; else only the sum tells. */
  readonly isNamed: boolean;
  readonly hasStrangeCredit: boolean;
  readonly hasStrangeDebit: boolean;
}

export const anyWeekAtBank: fc.Arbitrary<WeekAtBank> = fc.record({
  credit: fc.constantFrom(...credits),
  returned: fc.constantFrom(...returns),
  isReturnedLater: fc.boolean(),
  isNamed: fc.boolean(),
  hasStrangeCredit: fc.boolean(),
  hasStrangeDebit: fc.boolean(),
});

export interface BankStatementOfWeek {
  readonly day: BusinessDay;
  readonly entries: readonly BankEntry[];
  /** Of this week, once the statement is matched. */
  readonly found: readonly string[];
}

/** One statement or two. `day` is that of the clearing; the bank books two and three days later. */
export function statementsOf(
  week: WeekAtBank,
  day: BusinessDay,
  sums: {
    readonly pspCode: string;
    readonly collectedMinor: bigint;
    readonly strangeMinor: bigint;
  },
): readonly BankStatementOfWeek[] {
  const [booked, later] = [addDays(day, 2), addDays(day, 3)];
  const { collectedMinor, strangeMinor } = sums;
  const off = { whole: 0n, 'short-settled': -700n, 'over-settled': 700n } as const;
  const remittance = `CLEARING ${sums.pspCode}/${day}`;
  const clearing =
    week.credit === 'late-settlement'
      ? undefined
      : bankEntry(booked, collectedMinor + off[week.credit], { remittance });
  const strange =
    week.hasStrangeCredit || week.returned === 'strange'
      ? bankEntry(booked, strangeMinor, { remittance: `in ${day}` })
      : undefined;
  const debit = week.hasStrangeDebit
    ? bankEntry(booked, -strangeMinor - 7n, { remittance: `out ${day}` })
    : undefined;

  const taken = week.returned === 'strange' ? strange : clearing;
  const back = (minor: bigint, of?: BankEntry) =>
    bankEntry(later, -minor, {
      remittance: `back ${day}`,
      returnReason: 'AC04',
      ...(of !== undefined && week.isNamed ? { bankReference: of.bankReference } : {}),
    });
  const isWhole = taken !== undefined && ['clearing', 'strange'].includes(week.returned);
  const returned =
    week.returned === 'none'
      ? undefined
      : isWhole
        ? back(taken.amountMinor, taken)
        : week.returned === 'part' && taken !== undefined
          ? back(taken.amountMinor - 1n, taken)
          : back(strangeMinor + 13n);

  const ofClearing = {
    whole: [],
    'short-settled': [`short-settled ${day}`],
    'over-settled': [`over-settled ${remittance}`],
    'late-settlement': [`late-settlement ${day}`],
  }[week.credit];
  const ofStrange = strange === undefined ? [] : [`unidentified-credit in ${day}`];
  const ofDebit = debit === undefined ? [] : [`unidentified-debit out ${day}`];
  const before = [...ofClearing, ...ofStrange, ...ofDebit];
  const after = !isWhole
    ? [...before, ...(returned === undefined ? [] : [`returned-credit back ${day}`])]
    : week.returned === 'strange'
      ? [...ofClearing, ...ofDebit]
      : [`late-settlement ${day}`, ...ofStrange, ...ofDebit];

  const there = (entries: readonly (BankEntry | undefined)[]) =>
    entries.filter((each) => each !== undefined);
  return week.isReturnedLater
    ? [
        { day: booked, entries: there([clearing, strange, debit]), found: before },
        { day: later, entries: there([returned]), found: after },
      ]
    : [{ day: later, entries: there([clearing, strange, debit, returned]), found: after }];
}
