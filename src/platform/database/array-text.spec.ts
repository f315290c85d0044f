/** A list of texts as PostgreSQL reads it: whatever stands in them. */
import { arrayText } from './array-text';

describe('arrayText', () => {
  it.each([
    ['nothing', [], '{}'],
    ['words', ['a', '', 'NULL', 'two words'], '{"a","","NULL","two words"}'],
    ['what has to be escaped', ['"', '\\', 'a\\"b', '{},\n'], '{"\\"","\\\\","a\\\\\\"b","{},\n"}'],
    ['JSON in it', [JSON.stringify({ a: 'b"c\\' })], '{"{\\"a\\":\\"b\\\\\\"c\\\\\\\\\\"}"}'],
    [
      'what JSON writes otherwise',
      ['"\n', '"\t\b\u001f', '"\ud83d\ude00', '"\ud83d', '"\u007f\u2028é'],
      '{"\\"\n","\\"\t\b\u001f","\\"\ud83d\ude00","\\"\ud83d","\\"\u007f\u2028é"}',
    ],
    ['nothing in between', ['a', null, undefined], '{"a",NULL,NULL}'],
    ['numbers', [1, -2, 9_007_199_254_740_993n], '{1,-2,9007199254740993}'],
    ['truth', [true, false], '{true,false}'],
    ['instants', [new Date('2026-11-24T10:00:00.123Z')], '{"2026-11-24T10:00:00.123Z"}'],
  ])('%s', (_name, list, text) => {
    expect(arrayText(list)).toBe(text);
  });

  it.each([
    ['bytes', [Buffer.from('a')]],
    ['lists of lists', [['a']]],
    ['objects', ['a', { b: 1 }]],
    ['no instant', [new Date(Number.NaN)]],
    ['an instant of the year 10000', [new Date('+010000-01-01T00:00:00Z')]],
  ])('leaves %s to the driver', (_name, list) => {
    expect(arrayText(list)).toBeUndefined();
  });
});
