/** What the strict reader takes is what JSON.parse reads; what it refuses, it refuses with the place. */
import fc from 'fast-check';
import { Refusal } from '../../kernel/refusal';
import { readStrictJson } from './strict-json';

function refusalOf(body: string | Buffer): [string, string] | 'taken' {
  try {
    readStrictJson(Buffer.from(body));
    return 'taken';
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    expect(fault.code).toBe('json.refused');
    const [field] = fault.more.fields ?? [];
    return [field?.pointer ?? '', field?.code ?? ''];
  }
}

it.each([
  ['{"amount":"1","amount":"9"}', '/amount', 'json.name-repeated'],
  ['{"a":{"b":1,"\\u0062":2}}', '/a/b', 'json.name-repeated'],
  ['{"__proto__":{}}', '/__proto__', 'json.name-forbidden'],
  ['[{"constructor":1}]', '/0/constructor', 'json.name-forbidden'],
  ['{"n":1.5}', '/n', 'json.number-odd'],
  ['{"n":1e3}', '/n', 'json.number-odd'],
  ['{"n":-0}', '/n', 'json.number-odd'],
  ['{"n":9007199254740992}', '/n', 'json.number-odd'],
  ['{"n":1e999}', '/n', 'json.number-odd'],
  ['{"a/b":{"c~d":NaN}}', '/a~1b/c~0d', 'json.malformed'],
  ['{"n":01}', '', 'json.malformed'],
  ['{"t":"\\ud800"}', '/t', 'json.text-odd'],
  ['{"t":"a\nb"}', '/t', 'json.malformed'],
  ['{"t":"\\x41"}', '/t', 'json.malformed'],
  ['{"a":1,}', '', 'json.malformed'],
  ['[1,]', '/1', 'json.malformed'],
  ['{} {}', '', 'json.malformed'],
  ['', '', 'json.malformed'],
  ['\ufeff{}', '', 'json.malformed'],
  ['{"t":"open', '/t', 'json.malformed'],
  ['[tru]', '/0', 'json.malformed'],
  [`${'['.repeat(17)}${']'.repeat(17)}`, '/0'.repeat(16), 'json.too-deep'],
])('refuses %s', (body, pointer, code) => {
  expect(refusalOf(body)).toEqual([pointer, code]);
});

it('refuses bytes that are not UTF-8, and 10^5 levels at once', () => {
  expect(refusalOf(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toEqual(['', 'json.text-odd']);
  expect(refusalOf('['.repeat(100_000))[1]).toBe('json.too-deep');
});

/** JSON as a client writes it, with whole numbers. */
const documents = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger().map((n) => (n === 0 ? 0 : n)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('node'), { maxKeys: 4 }),
  ),
})).node;

it('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(documents, fc.constantFrom(0, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      fc.pre(!/"(__proto__|constructor|prototype)"\s*:/.test(text));
      expect(readStrictJson(Buffer.from(text))).toEqual(JSON.parse(text));
    }),
  );
});

it('takes nothing that JSON.parse refuses, and ends every other text with a refusal', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:\\u0de-.1eE \ntrfn')) }),
      (text) => {
        if (refusalOf(text) === 'taken') expect(() => JSON.parse(text) as unknown).not.toThrow();
      },
    ),
  );
});
