/** Keys hold from the first to the last second of their certificate, come back only when told, and end with warnings. */
import fc from 'fast-check';
import { instantFromIso, instantFromMs } from '../kernel/clock';
import {
  admissionOf,
  certificateMeant,
  coveredUntil,
  isKeyValid,
  type KnownCertificate,
  leavesNoneUsable,
  sharedUntil,
  stateOf,
  warningDays,
  warningDue,
} from './party-key.rules';

const key = {
  notBefore: instantFromIso('2026-01-01T00:00:00Z'),
  notAfter: instantFromIso('2026-12-31T20:59:59Z'),
};
const midYear = instantFromIso('2026-06-30T12:00:00Z');

function certificate(fingerprint: string, changes: Partial<KnownCertificate> = {}) {
  return {
    ...key,
    fingerprint,
    publicKeyFingerprint: `key of ${fingerprint}`,
    status: 'active' as const,
    ...changes,
  };
}

const retired = { status: 'retired' } as const;
const past = { notAfter: instantFromIso('2026-06-30T11:59:59Z') };
const future = { notBefore: instantFromIso('2026-06-30T12:00:01Z') };

it.each([
  ['before it begins', '2025-12-31T23:59:59.999Z', false],
  ['as it begins', '2026-01-01T00:00:00Z', true],
  ['in between', '2026-06-30T12:00:00Z', true],
  ['in its last second', '2026-12-31T20:59:59Z', true],
  ['the next second', '2026-12-31T21:00:00Z', false],
])('a key %s', (_when, at, isValid) => {
  expect(isKeyValid(key, instantFromIso(at))).toBe(isValid);
});

it.each([
  ['usable', {}],
  ['expired', past],
  ['not-yet-valid', future],
  ['retired', retired],
  ['retired', { ...past, ...retired }],
] as const)('a certificate is %s', (state, changes) => {
  expect(stateOf(certificate('a', changes), midYear)).toBe(state);
});

it.each([
  ['alone', [], true],
  ['beside a usable one', [certificate('b')], false],
  ['beside a retired one', [certificate('b', retired)], true],
  ['beside an expired one', [certificate('b', past)], true],
  ['beside one that is to come', [certificate('b', future)], true],
])('a certificate %s is the last one: %s', (_what, others, isLast) => {
  expect(leavesNoneUsable([certificate('a'), ...others], 'a', midYear)).toBe(isLast);
});

describe('a certificate that is brought', () => {
  const brought = { fingerprint: 'a', publicKeyFingerprint: 'k' };
  const ofKey = { publicKeyFingerprint: 'k' };
  it.each([
    ['nothing is known', [], 'new'],
    ['others are known', [certificate('b'), certificate('c', retired)], 'new'],
    ['it is known', [certificate('a', ofKey)], 'active'],
    ['it was retired', [certificate('a', { ...ofKey, ...retired })], 'retired'],
    ['its key was retired', [certificate('b', { ...ofKey, ...retired })], 'retired'],
    [
      'its key was renewed and is active',
      [certificate('b', { ...ofKey, ...retired }), certificate('c', ofKey)],
      'new',
    ],
    [
      'it was retired and its key lives on in another',
      [certificate('a', { ...ofKey, ...retired }), certificate('b', ofKey)],
      'retired',
    ],
  ])('when %s', (_what, known, admission) => {
    expect(admissionOf(known, brought)).toBe(admission);
  });
});

describe('a fingerprint typed by an operator', () => {
  const known = [{ fingerprint: `00aabbcc11${'0'.repeat(54)}` }, { fingerprint: '00aabbcc22' }];
  it.each([known[0]?.fingerprint ?? '', '00aabbcc11', '00:AA:BB:CC:11'])('%s is found', (text) => {
    expect(certificateMeant(known, text)).toBe(known[0]);
  });
  it.each([
    ['00aabbcc', 'certificate.fingerprint-ambiguous'],
    ['ffffffff', 'certificate.unknown'],
    ['00aabbc', 'certificate.fingerprint-malformed'],
    ['zzzzzzzz', 'certificate.fingerprint-malformed'],
    ['', 'certificate.fingerprint-malformed'],
  ])('"%s" is refused: %s', (text, code) => {
    expect(() => certificateMeant(known, text)).toThrow(`${code}: `);
  });
});

describe('the end of a certificate', () => {
  const { notAfter } = key;
  const daysBefore = (days: number, ms = 0) =>
    instantFromMs(notAfter.getTime() - days * 86_400_000 + ms);
  it.each([
    [61, undefined],
    [60, 60],
    [31, 60],
    [30, 30],
    [14, 14],
    [8, 14],
    [7, 7],
    [2, 7],
    [1, 1],
    [0, 1],
    [-9, 1],
  ])('%i days before it, the warning of %s days is due', (days, due) => {
    expect(warningDue(notAfter, daysBefore(days))).toBe(due);
  });

  it('comes nearer only: no later instant has a milder warning', () => {
    const farthest = 100 * 86_400_000;
    fc.assert(
      fc.property(
        fc.nat(farthest),
        fc.nat(farthest),
        (a, b) =>
          (warningDue(notAfter, daysBefore(100, Math.min(a, b))) ?? Infinity) >=
          (warningDue(notAfter, daysBefore(100, Math.max(a, b))) ?? Infinity),
      ),
    );
    expect(warningDue(notAfter, daysBefore(60, -1))).toBeUndefined();
    expect(warningDays).toEqual([...warningDays].sort((a, b) => b - a));
  });
});

describe('a party that changes over', () => {
  const ends = (day: string) => ({ notAfter: instantFromIso(`2026-${day}T00:00:00Z`) });
  const begins = (day: string) => ({ notBefore: instantFromIso(`2026-${day}T00:00:00Z`) });
  const first = certificate('a', ends('08-01'));
  const next = certificate('b', { ...begins('07-15'), ...ends('11-01') });
  const late = certificate('c', { ...begins('11-02'), ...ends('12-01') });

  it('signs without a gap as far as one takes over from another', () => {
    expect(coveredUntil([late, next, first], midYear)).toEqual(next.notAfter);
    expect(coveredUntil([first, certificate('b', { ...next, ...retired })], midYear)).toEqual(
      first.notAfter,
    );
    expect(coveredUntil([late], midYear)).toBeUndefined();
    expect(coveredUntil([], midYear)).toBeUndefined();
  });

  it('has more than one accepted until the second last of them ends', () => {
    const both = instantFromIso('2026-07-20T00:00:00Z');
    expect(sharedUntil([first, next, late], both)).toEqual(first.notAfter);
    expect(sharedUntil([first, next], midYear)).toBeUndefined();
  });
});
