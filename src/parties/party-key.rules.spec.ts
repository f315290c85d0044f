/** Keys hold from the first to the last second of their certificate. */
import { instantFromIso } from '../kernel/clock';
import { isKeyValid } from './party-key.rules';

const key = {
  notBefore: instantFromIso('2026-01-01T00:00:00Z'),
  notAfter: instantFromIso('2026-12-31T20:59:59Z'),
};

it.each([
  ['before it begins', '2025-12-31T23:59:59.999Z', false],
  ['as it begins', '2026-01-01T00:00:00Z', true],
  ['in between', '2026-06-30T12:00:00Z', true],
  ['in its last second', '2026-12-31T20:59:59Z', true],
  ['the next second', '2026-12-31T21:00:00Z', false],
])('a key %s', (_when, at, isValid) => {
  expect(isKeyValid(key, instantFromIso(at))).toBe(isValid);
});
