/** What speaks for a credit and an expectation being one, each by itself. */
import type { BusinessDay } from '../kernel/business-day';
import { isInTime, isOfPsp, isSamePlace, names } from './open-items.rules';
import type { OpenCredit, OpenExpectation } from './open-items.rules';

const credit: OpenCredit = {
  id: 1n,
  account: 'A',
  currency: 'TZS',
  amountMinor: 90n,
  bookingDay: '2026-11-30' as BusinessDay,
  fields: ['CLRPSP120261127'],
  pspId: undefined,
  isWhole: true,
};
const expectation: OpenExpectation = {
  id: 7n,
  pspId: 1,
  account: 'A',
  currency: 'TZS',
  day: '2026-11-27' as BusinessDay,
  netMinor: 90n,
  reference: 'PSP120261127',
};

it('a text names a reference of eight characters or more', () => {
  expect(names(credit, expectation)).toBe(true);
  expect(names(credit, { ...expectation, reference: 'PSP12027' })).toBe(false);
  expect(names(credit, { ...expectation, reference: 'PSP1202' })).toBe(false);
});

it('they are of one account and one currency', () => {
  expect(isSamePlace(credit, expectation)).toBe(true);
  expect(isSamePlace(credit, { ...expectation, account: 'B' })).toBe(false);
  expect(isSamePlace(credit, { ...expectation, currency: 'USD' })).toBe(false);
});

it.each([
  ['2026-11-30', true],
  ['2026-11-20', true],
  ['2026-11-19', false],
  ['2026-12-01', false],
])('a credit of the thirtieth is in time for %s: %s', (day, isIt) => {
  expect(isInTime(credit, day as BusinessDay)).toBe(isIt);
});

it('a credit that names no PSP may be of any', () => {
  expect(isOfPsp(credit, 2)).toBe(true);
  expect(isOfPsp({ ...credit, pspId: 1 }, 1)).toBe(true);
  expect(isOfPsp({ ...credit, pspId: 1 }, 2)).toBe(false);
});
