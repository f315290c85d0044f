/** Amounts of any currency are read exactly, or refused with the reason. */
import fc from 'fast-check';
import { exponentOf, formatMinor, readMinor } from './iso-currency.rules';

it.each<[string, string, bigint]>([
  ['1500', 'TZS', 150_000n],
  ['1500.5', 'TZS', 150_050n],
  ['100.00000', 'TZS', 10_000n],
  ['0', 'USD', 0n],
  ['.50', 'USD', 50n],
  ['12.', 'EUR', 1_200n],
  ['+7.10', 'EUR', 710n],
  ['0012.30', 'EUR', 1_230n],
  ['1000', 'JPY', 1_000n],
  ['1000.00', 'JPY', 1_000n],
  ['1.234', 'KWD', 1_234n],
  ['1.2340', 'KWD', 1_234n],
  ['1.2345', 'CLF', 12_345n],
  ['9999999999999999.99', 'TZS', 999_999_999_999_999_999n],
])('%s %s is exact', (text, currency, minor) => {
  expect(readMinor(text, currency)).toEqual({ kind: 'exact', minor });
});

it.each<[string, string, RegExp]>([
  ['100.001', 'TZS', /100\.001 TZS cannot be kept exactly: TZS has 2 decimals/],
  ['100.5', 'JPY', /JPY has no decimals/],
  ['1.2345', 'KWD', /KWD has 3 decimals/],
  ['1', 'XYZ', /"XYZ" is no currency/],
  ['1', 'XAU', /no currency/],
  ['1', '', /no currency/],
  ['', 'TZS', /"" is no amount/],
  ['.', 'TZS', /is no amount/],
  ['-5', 'TZS', /is no amount/],
  ['1,50', 'EUR', /is no amount/],
  ['1e5', 'EUR', /is no amount/],
  ['12345678901234567.00', 'TZS', /larger than 18 digits/],
  ['9'.repeat(100), 'TZS', /"9{40}\.\.\." is no amount/],
])('%s %s is refused', (text, currency, reason) => {
  expect(readMinor(text, currency)).toEqual({
    kind: 'refused',
    reason: expect.stringMatching(reason) as string,
  });
});

it('writes what it reads', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
      fc.constantFrom('TZS', 'JPY', 'KWD', 'CLF', 'EUR'),
      (minor, currency) => {
        expect(readMinor(formatMinor(minor, currency), currency)).toEqual({ kind: 'exact', minor });
      },
    ),
  );
});

it('writes signs and the decimals of the currency', () => {
  expect(formatMinor(-5n, 'TZS')).toBe('-0.05');
  expect(formatMinor(-5n, 'JPY')).toBe('-5');
  expect(formatMinor(5n, 'KWD')).toBe('0.005');
  expect(['TZS', 'UGX', 'OMR', 'XXX'].map(exponentOf)).toEqual([2, 0, 3, undefined]);
});
