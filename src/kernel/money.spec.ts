/**
 * Money: every amount is exact, and what is not an amount is refused.
 */
import fc from 'fast-check';
import { formatAmount, isCurrency, parseBillAmount, parsePlainAmount, sumMinor } from './money';

describe('an amount on a payment is strictly plain', () => {
  it.each([
    ['0', 0n],
    ['1', 100n],
    ['0.01', 1n],
    ['1500.5', 150_050n],
    ['1500.50', 150_050n],
    ['999999999999999.99', 99_999_999_999_999_999n],
  ])('%s is %s minor units', (text, minor) => {
    expect(parsePlainAmount(text)).toBe(minor);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '01',
    '.5',
    '1.',
    '1.001',
    '1,000',
    '1e3',
    '1E3',
    '0x10',
    'NaN',
    'Infinity',
    '１２',
    '1000000000000000',
    '9999999999999999.99',
  ])('refuses %j', (text) => {
    expect(() => parsePlainAmount(text)).toThrow('money.malformed');
  });
});

describe('an amount on a bill may be in the form a Java client prints', () => {
  it.each([
    ['50000', 5_000_000n],
    ['7885.5', 788_550n],
    ['0.0', 0n],
    ['1.25E7', 1_250_000_000n],
    ['1.24991145E7', 1_249_911_450n],
    ['100.000', 10_000n],
    ['1E-2', 1n],
    ['9.9999999999999999E14', 99_999_999_999_999_999n],
    ['0999999999999999.99', 99_999_999_999_999_999n],
  ])('%s is %s minor units', (text, minor) => {
    expect(parseBillAmount(text)).toBe(minor);
  });

  it.each([
    '',
    '-1',
    '1.005',
    '1E-3',
    '1e99',
    '1.5E',
    'E5',
    '1,5',
    '1000000000000000',
    '1E15',
    '99999999999999999',
  ])('refuses %j', (text) => {
    expect(() => parseBillAmount(text)).toThrow('money.malformed');
  });
});

it('adds up to a bigint column of 64 bits, for many more than one batch of the largest', () => {
  const largest = parsePlainAmount('999999999999999.99');
  expect(sumMinor(Array.from({ length: 92 }, () => largest))).toBeLessThan(2n ** 63n);
});

it('reads back every amount it prints', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n - 1n }), (minor) => {
      expect(parsePlainAmount(formatAmount(minor))).toBe(minor);
      expect(parseBillAmount(formatAmount(minor))).toBe(minor);
    }),
  );
});

it('prints negative sums with their sign', () => {
  expect(formatAmount(-5n)).toBe('-0.05');
  expect(sumMinor([1n, 2n, -4n])).toBe(-1n);
});

it('knows its two currencies exactly', () => {
  expect(isCurrency('TZS')).toBe(true);
  expect(isCurrency('tzs')).toBe(false);
});
