/**
 * Every explanation that there is of the bank's credits by what is expected, found by trying all subsets. It shares
 * nothing with the rules but their words.
 */
import { addDays } from '../../src/kernel/business-day';
import type { OpenCredit, OpenExpectation } from '../../src/settlement/open-items.rules';

/** One group of the bank's lines that makes one group of expectations. */
export interface Explanation {
  readonly shape: '1:1' | '1:N' | 'N:1';
  readonly credits: readonly OpenCredit[];
  readonly expectations: readonly OpenExpectation[];
  /** It is there from the beginning, and not only when others are out of the way. */
  readonly isDirect: boolean;
}

const subsetsOf = <T>(items: readonly T[]): T[][] =>
  items.reduce<T[][]>((all, item) => [...all, ...all.map((each) => [...each, item])], [[]]);
export const total = (amounts: readonly bigint[]) => amounts.reduce((all, each) => all + each, 0n);
const due = (each: OpenExpectation) => each.netMinor;
export const paid = (each: OpenCredit) => each.amountMinor;
export const isOne = (values: readonly unknown[]) => new Set(values).size === 1;
const isInTime = (credit: OpenCredit, { day }: OpenExpectation) =>
  day <= credit.bookingDay && addDays(day, 10) >= credit.bookingDay;
const fits = (credit: OpenCredit, each: OpenExpectation) =>
  credit.currency === each.currency &&
  isInTime(credit, each) &&
  (credit.pspId === undefined || credit.pspId === each.pspId);
/** Nothing of `all` lies between the first and the last of `some`. */
const areNeighbours = <T>(some: readonly T[], all: readonly T[]) => {
  const places = some.map((each) => all.indexOf(each)).sort((a, b) => a - b);
  return (places.at(-1) ?? 0) - (places[0] ?? 0) === some.length - 1;
};
const byDay = (items: readonly OpenExpectation[]) =>
  [...items].sort((a, b) => (a.day < b.day || (a.day === b.day && a.id < b.id) ? -1 : 1));
const byBooking = (items: readonly OpenCredit[]) =>
  [...items].sort((a, b) =>
    a.bookingDay < b.bookingDay || (a.bookingDay === b.bookingDay && a.id < b.id) ? -1 : 1,
  );

function oneToMany(credit: OpenCredit, all: readonly OpenExpectation[]): Explanation[] {
  const near = byDay(all.filter((each) => fits(credit, each)));
  return subsetsOf(near).flatMap((some): Explanation[] => {
    if (some.length === 0 || total(some.map(due)) !== credit.amountMinor) return [];
    if (!isOne(some.map(({ pspId }) => pspId))) return [];
    const ofPsp = near.filter(({ pspId }) => pspId === some[0]?.pspId);
    const isHere = some.every(({ account }) => account === credit.account);
    const here = ofPsp.filter(({ account }) => account === credit.account);
    const ofDay = ofPsp.filter(({ day }) => day === some[0]?.day);
    const isOfDay =
      isOne(some.map(({ day }) => day)) && some.some(({ account }) => account === credit.account);
    if (!isHere && (some.length === 1 || !isOfDay)) return [];
    const isRun = isHere && areNeighbours(some, here);
    const isDirect = some.length === 1 || isRun || (isOfDay && some.length === ofDay.length);
    const shape = some.length === 1 ? '1:1' : '1:N';
    return [{ shape, credits: [credit], expectations: some, isDirect }];
  });
}

function manyToOne(expectation: OpenExpectation, all: readonly OpenCredit[]): Explanation[] {
  const near = byBooking(
    all.filter(
      (each) =>
        fits(each, expectation) &&
        each.account === expectation.account &&
        each.pspId === expectation.pspId,
    ),
  );
  return subsetsOf(near)
    .filter((some) => some.length > 1 && total(some.map(paid)) === expectation.netMinor)
    .map((some) => ({
      shape: 'N:1',
      credits: some,
      expectations: [expectation],
      isDirect: areNeighbours(some, near),
    }));
}

export const explanationsOf = (
  credits: readonly OpenCredit[],
  expectations: readonly OpenExpectation[],
): readonly Explanation[] => [
  ...credits.flatMap((credit) => oneToMany(credit, expectations)),
  ...expectations.flatMap((each) => manyToOne(each, credits)),
];

export const keyOf = (
  credits: readonly { readonly id: bigint }[],
  expectations: readonly { readonly id: bigint }[],
) =>
  [credits, expectations]
    .map((ids) =>
      ids
        .map(({ id }) => String(id))
        .sort()
        .join('+'),
    )
    .join('>');
