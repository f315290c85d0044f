/** Ids of others: what may be repeated as it is, and what becomes of the rest. */
import { isWireId, wireId } from './wire-id';

it.each([
  ['T-1', true],
  ['x'.repeat(100), true],
  ['x'.repeat(101), false],
  ['', false],
  ['a b', false],
  ['Özil', false],
  ['gepgSignature', false],
  ['T-signature-1', false],
])('%j is an id: %s', (text, isId) => {
  expect(isWireId(text)).toBe(isId);
});

it('repeats ids exactly, and never more than 100 characters of anything', () => {
  expect(wireId('B-1')).toBe('B-1');
  expect(wireId('a\u00a0b')).toBe('a?b');
  expect(wireId('signature'.repeat(30))).toHaveLength(100);
  expect(wireId('signature')).toBe('sign-ature');
});
