/** Control numbers: the check digit finds what it claims to, and the permutation loses and doubles nothing. */
import fc from 'fast-check';
import {
  capacityOf,
  controlNumberFor,
  dammDigit,
  hasValidCheckDigit,
  numberFault,
  isControlNumber,
  keyCheckValue,
  serialOf,
} from './control-number.rules';

const key = Buffer.alloc(32, 7);
const otherKey = Buffer.alloc(32, 8);
const digits11 = fc.stringMatching(/^99\d{9}$/);

describe('the check digit', () => {
  it('is that of the published example', () => {
    expect(dammDigit('572')).toBe('4');
  });

  it('finds every single wrong digit', () => {
    fc.assert(
      fc.property(digits11, fc.nat(11), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
        const number = digits + dammDigit(digits);
        const wrong = String((Number(number[at]) + shift) % 10);
        const changed = number.slice(0, at) + wrong + number.slice(at + 1);
        expect(hasValidCheckDigit(number)).toBe(true);
        expect(hasValidCheckDigit(changed)).toBe(false);
      }),
    );
  });

  it('finds every swap of neighbours', () => {
    fc.assert(
      fc.property(digits11, fc.nat(10), (digits, at) => {
        const number = digits + dammDigit(digits);
        const [a = '', b = ''] = [number[at], number[at + 1]];
        fc.pre(a !== b);
        expect(hasValidCheckDigit(number.slice(0, at) + b + a + number.slice(at + 2))).toBe(false);
      }),
    );
  });

  it.each([
    ['twelve digits beginning 99', '997010000000', true],
    ['eleven digits', '99701000000', false],
    ['another beginning', '987010000000', false],
    ['a letter', '99701000000A', false],
    ['full-width digits', '９９7010000000', false],
  ])('reads %s', (_case, text, isOne) => {
    expect(isControlNumber(text)).toBe(isOne);
  });
});

describe('the keyed permutation', () => {
  it.each([
    [{ prefix: '7', hasCheckDigit: true }, 100_000_000n],
    [{ prefix: '7022', hasCheckDigit: true }, 100_000n],
    [{ prefix: '7022', hasCheckDigit: false }, 1_000_000n],
  ])('gives %j room for %s numbers', (range, capacity) => {
    expect(capacityOf(range)).toBe(capacity);
  });

  it('issues every number of a range once', () => {
    const range = { prefix: '7022', hasCheckDigit: true };
    const issued = new Set<string>();
    for (let serial = 0n; serial < 20_000n; serial++)
      issued.add(controlNumberFor(range, serial, key));
    expect(issued.size).toBe(20_000);
    expect([...issued].filter((number) => !hasValidCheckDigit(number))).toEqual([]);
  });

  it('leads back to the serial, for every length of prefix', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,4}$/), fc.bigInt(0n, 99_999n), (prefix, serial) => {
        const range = { prefix, hasCheckDigit: true };
        const number = controlNumberFor(range, serial, key);
        expect(hasValidCheckDigit(number)).toBe(true);
        expect(number.startsWith(`99${prefix}`)).toBe(true);
        expect(serialOf(range, number, key)).toBe(serial);
      }),
    );
  });

  it('scatters neighbours, and differently under another key', () => {
    const range = { prefix: '701', hasCheckDigit: true };
    const [first, second] = [0n, 1n].map((serial) => controlNumberFor(range, serial, key));
    expect(Math.abs(Number(first) - Number(second))).toBeGreaterThan(1_000);
    expect(controlNumberFor(range, 0n, otherKey)).not.toBe(first);
    expect(keyCheckValue(otherKey, '701')).not.toBe(keyCheckValue(key, '701'));
    expect(keyCheckValue(key, '702')).not.toBe(keyCheckValue(key, '701'));
  });

  // Computed by a second implementation. A change here would issue numbers that are on bills already.
  it.each([
    ['997818480786', { prefix: '7', hasCheckDigit: true }, 0n],
    ['997491935155', { prefix: '7', hasCheckDigit: true }, 1n],
    ['997019134683', { prefix: '701', hasCheckDigit: true }, 0n],
    ['997023409621', { prefix: '702', hasCheckDigit: true }, 0n],
    ['997022285615', { prefix: '7022', hasCheckDigit: true }, 99_999n],
    ['997022731179', { prefix: '7022', hasCheckDigit: false }, 999_999n],
  ])('gives %s to %j, serial %s, for ever', (number, range, serial) => {
    expect(controlNumberFor(range, serial, key)).toBe(number);
    expect(serialOf(range, number, key)).toBe(serial);
  });

  it.each([-1n, 100_000n])('faults on the serial %s outside its range', (serial) => {
    expect(() => controlNumberFor({ prefix: '7022', hasCheckDigit: true }, serial, key)).toThrow(
      'outside its range',
    );
  });
});

it.each([
  ['not twelve digits', '99701', undefined, 'control-number.malformed'],
  ['a wrong check digit', '997011234567', undefined, 'control-number.malformed'],
  ['never issued', `99701999999${dammDigit('99701999999')}`, undefined, 'control-number.unknown'],
  [
    'from another gateway',
    '997011234567',
    { isPart: false, isImported: true },
    'control-number.unknown',
  ],
  [
    'of a part of a group',
    `99701999999${dammDigit('99701999999')}`,
    { isPart: true, isImported: false },
    'control-number.malformed',
  ],
])('a number that nothing can be paid on, %s, is answered so', (_case, number, found, fault) => {
  expect(numberFault(number, found)).toBe(fault);
});
