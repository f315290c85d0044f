/** What of a payer is shown to everybody. */
import { maskName, maskTail } from './payer.rules';

it.each([
  ['Asha Mrisho', 'A*** M*****'],
  ["N'gwanza", "N'g*****"],
  ['', ''],
])('%s is shown as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});

it.each([
  ['255712000789', '*********789'],
  ['12', '**'],
  ['', ''],
])('%s is shown as %s', (text, masked) => {
  expect(maskTail(text)).toBe(masked);
});
