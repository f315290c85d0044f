/** What is sealed is opened by its key in its place, and by nothing else. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { openSealed, sealBytes } from './sealed-bytes';

const key = randomBytes(32);

it('opens what it sealed, and never seals alike', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, place) => {
      const plain = Buffer.from(bytes);
      const sealed = sealBytes(key, plain, place);
      expect(openSealed(key, sealed, place)).toEqual(plain);
      expect(sealed).toHaveLength(plain.length + 28);
      expect(sealBytes(key, plain, place)).not.toEqual(sealed);
    }),
    { numRuns: 50 },
  );
});

it('opens nothing under another key, in another place, or changed in one bit', () => {
  const sealed = sealBytes(key, Buffer.from('siri'), 'here');
  expect(sealed.includes(Buffer.from('siri'))).toBe(false);
  expect(() => openSealed(randomBytes(32), sealed, 'here')).toThrow();
  expect(() => openSealed(key, sealed, 'there')).toThrow();
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => openSealed(key, changed, 'here')).toThrow();
  }
  expect(() => openSealed(key, sealed.subarray(1), 'here')).toThrow();
});
