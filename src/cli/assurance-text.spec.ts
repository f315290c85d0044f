/** The words of `audit verify`. */
import type { VerifyOutcome } from '../assurance/verify-books';
import { describeVerification } from './assurance-text';

const sound: VerifyOutcome = {
  since: undefined,
  findings: [
    { invariant: '01', sentence: 'Debits equal credits.', count: 0, keys: [], seconds: 0.42 },
    { invariant: '02', sentence: 'Entries are whole.', count: 0, keys: [], seconds: 12 },
  ],
  verifiedSignatures: 12,
  headFaults: [],
  hasSeparateGrants: true,
  isSound: true,
};

it('says of sound books what was looked at', () => {
  expect(describeVerification(sound).split('\n')).toEqual([
    '01  ok      Debits equal credits.',
    '02  ok      Entries are whole.',
    'Checked all business days; verified 12 signatures.',
    'The books are sound.',
  ]);
});

it('says how long each took where that is asked', () => {
  expect(describeVerification(sound, true)).toContain(
    'Seconds by invariant, two at a time: 02 12.0, 01 0.4.',
  );
});

it('says what does not agree with exported heads', () => {
  const said = describeVerification({ ...sound, headFaults: ['block 7 is gone'], isSound: false });
  expect(said).toContain('The audit chain is not the one that was exported: block 7 is gone.');
  expect(said).toContain('The books are NOT sound');
});

it('names what is broken, with the first keys, and grants that are not separated', () => {
  const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
  const said = describeVerification({
    ...sound,
    since: '2026-11-22' as never,
    findings: [{ invariant: '02', sentence: 'Entries are whole.', count: 6, keys, seconds: 1 }],
    hasSeparateGrants: false,
    isSound: false,
  });
  expect(said).toContain('02  BROKEN  Entries are whole. Not so 6 times: a, b, c, d, e, …');
  expect(said).toContain('Grants are not separated');
  expect(said).toContain('business days from 2026-11-22');
  expect(said).toContain('The books are NOT sound: 1 of 1 invariants do not hold.');
});
