/** The texts that Double.toString gives, as the measured client prints them. */
import { javaDouble } from './java-double';

it.each([
  ['0.00', '0.0'],
  ['0.01', '0.01'],
  ['100.00', '100.0'],
  ['7885.50', '7885.5'],
  ['9999999.99', '9999999.99'],
  ['10000000.00', '1.0E7'],
  ['12500000.00', '1.25E7'],
  ['12499114.50', '1.24991145E7'],
  ['12500000.01', '1.250000001E7'],
  ['123456789012.00', '1.23456789012E11'],
])('%s is %s', (amount, text) => {
  expect(javaDouble(amount)).toBe(text);
});
