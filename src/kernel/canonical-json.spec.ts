/** The canonical form: members sorted by code units as RFC 8785 shows it, whatever order they were written in. */
import fc from 'fast-check';
import { type CanonicalValue, canonicalJson } from './canonical-json';

it.each<[CanonicalValue, string]>([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [
    { '\u20ac': 'Euro', '\r': 'CR', '1': 'One', '\u0080': 'Control' },
    '{"\\r":"CR","1":"One","\u0080":"Control","\u20ac":"Euro"}',
  ],
  [{ text: '\u20ac$\u000f\nA\'B"\\/' }, '{"text":"\u20ac$\\u000f\\nA\'B\\"\\\\/"}'],
  [{ gone: undefined, kept: '' }, '{"kept":""}'],
])('%j', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

it.each([0.1, Number.NaN, 2 ** 53])('has no form for %d', (value) => {
  expect(() => canonicalJson(value)).toThrow('no exact form');
});

it('means the same value, and does not depend on the order of members', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (members) => {
      const turned = Object.fromEntries(Object.entries(members).reverse());
      const text = canonicalJson(members);
      expect(canonicalJson(turned)).toBe(text);
      expect(JSON.parse(text)).toEqual(members);
    }),
  );
});
