/** One table row per rule and per kind of discrepancy; and what holds for any day: nothing lost, nothing twice. */
import fc from 'fast-check';
import { addDays, parseBusinessDay } from '../kernel/business-day';
import { instantFromIso } from '../kernel/clock';
import {
  type DayLine,
  type DayPayment,
  matchDay,
  type MatchedDay,
  matchingKinds,
  type MatchingDay,
} from './matching.rules';

const day = parseBusinessDay('2026-11-24');

function line(place: number, transactionId: string, changes: Partial<DayLine> = {}): DayLine {
  const base = { controlNumber: 'N1', amountMinor: 500n, currency: 'TZS', receiptNumber: '' };
  return { line: place, transactionId, ...base, ...changes } as DayLine;
}

function payment(transactionId: string, changes: Partial<DayPayment> = {}): DayPayment {
  return {
    id: `id-${transactionId}`,
    transactionId,
    controlNumber: 'N1',
    amountMinor: 500n,
    currency: 'TZS',
    receiptNumber: `R-${transactionId}`,
    receivedAt: instantFromIso('2026-11-24T08:00:00Z'),
    businessDay: day,
    matchedOn: undefined,
    ...changes,
  };
}

function input(
  lines: readonly DayLine[] | undefined,
  payments: readonly DayPayment[],
  refused: readonly string[] = [],
): MatchingDay {
  return { day, lines, payments, refusedIds: new Set(refused), issuedNumbers: new Set(['N1']) };
}

/** `T1=id-T1 transaction-id` for a match, `missing-here T1` for a discrepancy. */
function said({ matches, discrepancies }: MatchedDay): string[] {
  return [
    ...matches.map((each) => `${String(each.line)}=${each.paymentId} ${each.rule}`),
    ...discrepancies.map((each) => `${each.kind} ${each.subject}`),
  ];
}

const yesterday = { businessDay: parseBusinessDay('2026-11-23') };
const longAgo = { businessDay: parseBusinessDay('2026-11-22') };
const elsewhere = { matchedOn: longAgo.businessDay };
const neighbour = { matchedOn: yesterday.businessDay };

describe('a day is matched', () => {
  it.each([
    ['by transaction id', [line(1, 'A')], [payment('A')], ['1=id-A transaction-id']],
    [
      'by transaction id, whatever the number says and however old',
      [line(1, 'A', { controlNumber: 'N2' })],
      [payment('A', longAgo)],
      ['1=id-A transaction-id'],
    ],
    ['by number and sum', [line(1, 'X')], [payment('A')], ['1=id-A number-amount-day']],
    [
      'by number to the day before',
      [line(1, 'X')],
      [payment('A', yesterday)],
      ['1=id-A number-amount-day'],
    ],
    [
      'by number no further than a day',
      [line(1, 'X')],
      [payment('A', longAgo)],
      ['missing-here X'],
    ],
    [
      'by number first to the day itself',
      [line(1, 'X')],
      [
        payment('A', yesterday),
        payment('B', { receivedAt: instantFromIso('2026-11-24T09:00:00Z') }),
      ],
      ['1=id-B number-amount-day'],
    ],
    [
      'by number one to one, in order',
      [line(2, 'Y'), line(1, 'X'), line(3, 'Z')],
      [payment('B'), payment('A')],
      ['1=id-A number-amount-day', '2=id-B number-amount-day', 'missing-here Z'],
    ],
    [
      'by number never to a payment that the statement names',
      [line(1, 'X'), line(2, 'A', { amountMinor: 400n })],
      [payment('A')],
      ['missing-here X', 'amount-differs A'],
    ],
    [
      'by receipt number',
      [line(1, 'X', { controlNumber: 'N2', receiptNumber: 'R-A' })],
      [payment('A', longAgo)],
      ['1=id-A receipt-number'],
    ],
    [
      'by receipt number after the number rule has taken its own',
      [line(1, 'X', { receiptNumber: 'R-B' })],
      [payment('A'), payment('B')],
      ['1=id-A number-amount-day', 'missing-there B'],
    ],
    [
      'by receipt number over the same sum only',
      [line(1, 'X', { amountMinor: 499n, receiptNumber: 'R-A' })],
      [payment('A')],
      ['missing-here X', 'missing-there A'],
    ],
  ])('%s', (_case, lines, payments, expected) => {
    expect(said(matchDay(input(lines, payments)))).toEqual(expected);
  });
});

describe('what is left is', () => {
  it.each([
    ['amount-differs', [line(1, 'A', { amountMinor: 1n })], [payment('A')], ['amount-differs A']],
    [
      'currency-differs',
      [line(1, 'A', { currency: 'USD' })],
      [payment('A')],
      ['currency-differs A'],
    ],
    [
      'duplicate-line',
      [line(1, 'A'), line(2, 'A'), line(3, 'A')],
      [payment('A')],
      ['1=id-A transaction-id', 'duplicate-line A#2', 'duplicate-line A#3'],
    ],
    [
      'wrong-day, when the neighbouring day has it',
      [line(1, 'A'), line(2, 'A')],
      [payment('A', neighbour)],
      ['wrong-day A', 'duplicate-line A#2'],
    ],
    [
      'duplicate-line, when a day further away has it',
      [line(1, 'A')],
      [payment('A', elsewhere)],
      ['duplicate-line A#1'],
    ],
    ['missing-here', [line(1, 'X')], [], ['missing-here X']],
    ['missing-there', [], [payment('A')], ['missing-there A']],
    ['missing-there, of this day only', [], [payment('A', yesterday)], []],
    ['missing-there, not before the statement is there', undefined, [payment('A')], []],
    ['missing-there, not when another day has it', [], [payment('A', elsewhere)], []],
    ['refused-here', [line(1, 'F')], [], ['refused-here F']],
    [
      'refused-here, never somebody else’s payment',
      [line(1, 'F', { receiptNumber: 'R-A' })],
      [payment('A')],
      ['refused-here F', 'missing-there A'],
    ],
    ['unknown-number', [line(1, 'X', { controlNumber: '?' })], [], ['unknown-number X']],
  ])('%s', (_kind, lines, payments, expected) => {
    expect(said(matchDay(input(lines, payments, ['F'])))).toEqual(expected);
  });
});

it('of any day, each line and each payment of the day is accounted for exactly once', () => {
  const letter = fc.constantFrom('A', 'B', 'C', 'F', 'X', 'Y');
  const sum = { amountMinor: fc.constantFrom(1n, 2n), controlNumber: fc.constantFrom('N1', '?') };
  const anyLines = fc.array(fc.record({ transactionId: letter, receiptNumber: letter, ...sum }));
  const anyPayments = fc.uniqueArray(
    fc.record({
      transactionId: fc.constantFrom('A', 'B', 'C', 'D'),
      ...sum,
      is: fc.option(fc.constantFrom(-2, -1, 1, 2), { nil: undefined }),
    }),
    { selector: (each) => each.transactionId },
  );
  fc.assert(
    fc.property(anyLines, anyPayments, (drafts, drawn) => {
      const lines = drafts.map(({ transactionId, receiptNumber, ...rest }, i) =>
        line(i, transactionId, { ...rest, receiptNumber: `R-${receiptNumber}` }),
      );
      const payments = drawn.map(({ transactionId, is, ...rest }) =>
        payment(transactionId, { ...rest, matchedOn: is === undefined ? is : addDays(day, is) }),
      );
      const { matches, discrepancies } = matchDay(input(lines, payments, ['F']));
      const ofLines = discrepancies.filter((each) => each.kind !== 'missing-there');
      expect(matches.length + ofLines.length).toBe(lines.length);
      expect(new Set(matches.map((each) => each.line)).size).toBe(matches.length);
      const paid = matches.map((each) => each.paymentId);
      expect(new Set(paid).size).toBe(paid.length);
      expect(new Set(discrepancies.map((each) => `${each.kind} ${each.subject}`)).size).toBe(
        discrepancies.length,
      );
      for (const each of payments) {
        const places = [
          each.matchedOn !== undefined,
          paid.includes(each.id),
          discrepancies.some(
            ({ kind, subject }) =>
              /^(missing-there|amount-differs)$/.test(kind) && subject === each.transactionId,
          ),
        ];
        expect(places.filter(Boolean)).toHaveLength(1);
      }
      expect(discrepancies.every((each) => matchingKinds.includes(each.kind))).toBe(true);
    }),
  );
});
