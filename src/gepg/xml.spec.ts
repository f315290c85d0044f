/** The strict XML reader and the writer: cases, the neighbours of every limit, and `saxes` as an oracle. */
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { Refusal } from '../kernel/refusal';
import { v4MessageNames } from './v4/messages';
import { v5MessageNames } from './v5/messages';
import { neutralise, parseElement, writeElement, type XmlElement, type XmlTree } from './xml';

const limits = { maxElements: 50, maxDepth: 5 };
const parse = (text: string | Buffer): XmlElement => parseElement(Buffer.from(text), limits);
const leaf = (name: string, text: string): XmlElement => ({ name, text, children: [] });
const branch = (name: string, ...children: XmlElement[]): XmlElement => ({
  name,
  text: '',
  children,
});

describe('reads', () => {
  it.each<[string, XmlElement]>([
    ['<A></A>', leaf('A', '')],
    ['<A/>', leaf('A', '')],
    ['<A />', leaf('A', '')],
    ['<A\r\n/>', leaf('A', '')],
    ['<A >x</A\t>', leaf('A', 'x')],
    ['<A> x </A>', leaf('A', ' x ')],
    ['<A>Özil 😀</A>', leaf('A', 'Özil 😀')],
    ['<A>a\r\nb\rc\nd</A>', leaf('A', 'a\nb\nc\nd')],
    ['<A>&#13;&#xA;&#9;</A>', leaf('A', '\r\n\t')],
    ['<A>&amp;&lt;&gt;&quot;&apos;</A>', leaf('A', '&<>"\'')],
    ['<A>&amp;amp;</A>', leaf('A', '&amp;')],
    ['<A>&#38;lt;</A>', leaf('A', '&lt;')],
    ['<A>&#x1F600;&#0128512;&#x10FFFF;</A>', leaf('A', '😀😀\u{10ffff}')],
    ['<A>]] > ]]&gt;</A>', leaf('A', ']] > ]]>')],
    ['<A><B>1</B><B>2</B></A>', branch('A', leaf('B', '1'), leaf('B', '2'))],
    ['<A>\n  <B>1</B>\r\n\t<C/> </A>', branch('A', leaf('B', '1'), leaf('C', ''))],
    ['<A>\n</A>', leaf('A', '\n')],
    ['<A><TrxId>1</TrxId ></A>', branch('A', leaf('TrxId', '1'))],
    ['<A><__proto__>1</__proto__></A>', branch('A', leaf('__proto__', '1'))],
    ['<constructor><toString/></constructor>', branch('constructor', leaf('toString', ''))],
    [`<${'A'.repeat(64)}/>`, leaf('A'.repeat(64), '')],
  ])('%j', (text, element) => {
    expect(parse(text)).toEqual(element);
  });
});

describe('refuses', () => {
  it.each([
    ['nothing', ''],
    ['a blank before', ' <A/>'],
    ['a blank after', '<A/> '],
    ['text only', 'A'],
    ['text after', '<A/>x'],
    ['a second element', '<A/><B/>'],
    ['no end tag', '<A>'],
    ['no end of tag', '<A'],
    ['end tag first', '</A>'],
    ['crossed tags', '<A><B></A></B>'],
    ['end tag of a longer name', '<A></AB>'],
    ['end tag of a shorter name', '<AB></A>'],
    ['end tag in other case', '<A></a>'],
    ['blank before the name', '< A></A>'],
    ['blank before the end name', '<A></ A>'],
    ['blank after the slash', '<A/ >'],
    ['an attribute', '<A b="1"></A>'],
    ['an attribute on an end tag', '<A></A b="1">'],
    ['a namespace', '<n:A></n:A>'],
    ['a name with a digit first', '<1A></1A>'],
    ['a name beyond ASCII', '<Ä></Ä>'],
    ['no name', '<></>'],
    ['a name of 65 letters', `<${'A'.repeat(65)}/>`],
    ['a comment', '<A><!-- --></A>'],
    ['CDATA', '<A><![CDATA[x]]></A>'],
    ['the end of CDATA', '<A>x]]>y</A>'],
    ['an instruction', '<A><?x y?></A>'],
    ['a declaration', '<?xml version="1.0"?><A/>'],
    ['a document type', '<!DOCTYPE A><A/>'],
    ['text before a child', '<A>x<B/></A>'],
    ['text after a child', '<A><B/>x</A>'],
    ['a reference before a child', '<A>&#32;<B/></A>'],
    ['a no-break space beside a child', '<A>\u00a0<B/></A>'],
    ['a bare &', '<A>a & b</A>'],
    ['an open reference', '<A>&amp</A>'],
    ['an unknown entity', '<A>&nbsp;</A>'],
    ['an entity in capitals', '<A>&AMP;</A>'],
    ['an empty reference', '<A>&;</A>'],
    ['an empty number', '<A>&#;</A>'],
    ['an empty hexadecimal number', '<A>&#x;</A>'],
    ['a capital X', '<A>&#X41;</A>'],
    ['a signed number', '<A>&#+65;</A>'],
    ['NUL by number', '<A>&#0;</A>'],
    ['a control character by number', '<A>&#x1f;</A>'],
    ['a surrogate by number', '<A>&#xD83D;&#xDE00;</A>'],
    ['U+FFFE by number', '<A>&#xFFFE;</A>'],
    ['a byte order mark by number', '<A>&#xFEFF;</A>'],
    ['a number beyond Unicode', '<A>&#x110000;</A>'],
    ['a NUL', '<A>\0</A>'],
    ['a control character', '<A>\x1b</A>'],
    ['a form feed between elements', '<A>\f<B/></A>'],
    ['U+FFFF', '<A>\uffff</A>'],
    ['a byte order mark inside', '<A>\ufeff</A>'],
    ['a byte order mark first', '\ufeff<A/>'],
    ['an overlong <', Buffer.from([0x3c, 0x41, 0x3e, 0xc0, 0xbc, 0x3c, 0x2f, 0x41, 0x3e])],
    [
      'a surrogate in UTF-8',
      Buffer.from([0x3c, 0x41, 0x3e, 0xed, 0xa0, 0x80, 0x3c, 0x2f, 0x41, 0x3e]),
    ],
    ['Latin-1', Buffer.from('<A>\xd6</A>', 'latin1')],
    ['utf-16', Buffer.from('<A></A>', 'utf16le')],
  ])('%s', (_case, text) => {
    expect(() => parse(text)).toThrow(Refusal);
    expect(() => parse(text)).toThrow('gepg.envelope-malformed');
  });
});

it('counts elements, depth and the bytes of a leaf', () => {
  const many = (count: number): string => `<A>${'<B/>'.repeat(count - 1)}</A>`;
  const deep = (depth: number): string => '<A>'.repeat(depth) + '</A>'.repeat(depth);
  const deepEmpty = (depth: number): string =>
    '<A>'.repeat(depth - 1) + '<A/>' + '</A>'.repeat(depth - 1);

  expect(parse(many(50)).children).toHaveLength(49);
  expect(() => parse(many(51))).toThrow('too many');
  parse(deep(5));
  parse(deepEmpty(5));
  expect(() => parse(deep(6))).toThrow('too deep');
  expect(() => parse(deepEmpty(6))).toThrow('too deep');
  for (const [unit, bytes] of [
    ['x', 1],
    ['Ö', 2],
    ['€', 3],
    ['😀', 4],
    ['&lt;', 1],
  ] as const) {
    const fit = Math.floor(4096 / bytes);
    parse(`<A>${unit.repeat(fit)}</A>`);
    expect(() => parse(`<A>${unit.repeat(fit + 1)}</A>`)).toThrow('longer');
  }
});

describe('writes', () => {
  it.each<[XmlTree, string]>([
    [{}, '<M></M>'],
    [{ A: '' }, '<M><A></A></M>'],
    [{ A: {} }, '<M><A></A></M>'],
    [{ A: [] }, '<M></M>'],
    [{ B: '1', A: '2' }, '<M><B>1</B><A>2</A></M>'],
    [{ A: ['1', { B: '2' }, ''] }, '<M><A>1</A><A><B>2</B></A><A></A></M>'],
    [{ A: '<b> & "c" \'' }, '<M><A>&lt;b&gt; &amp; "c" \'</A></M>'],
    [{ A: '&amp;' }, '<M><A>&amp;amp;</A></M>'],
    [{ A: 'a\r\nb' }, '<M><A>a&#xD;\nb</A></M>'],
    [{ A: 'Özil 😀' }, '<M><A>Özil 😀</A></M>'],
    [{ A: 'a\0b\ufeffc\ud800d\uffffe\x1b' }, '<M><A>abcde</A></M>'],
    [{ A: 'gepg\0Signature' }, '<M><A>gepg-Signature</A></M>'],
    [{ A: '@x #text ?y' }, '<M><A>@x #text ?y</A></M>'],
  ])('%j', (tree, text) => {
    expect(writeElement('M', tree).toString()).toBe(text);
  });

  it.each(['$', '_', '#text', 'a b', 'a><b', '', '__proto__'])('no element named %j', (name) => {
    expect(() => writeElement('M', { [name]: 'x' })).toThrow(TypeError);
  });
});

const names = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,5}$/);
const legal = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((text) =>
    text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]/gu, ''),
  );
const trees = fc.letrec<{ tree: XmlTree; value: string | XmlTree }>((tie) => ({
  tree: fc.dictionary(names, fc.oneof(tie('value'), fc.array(tie('value'), { maxLength: 3 })), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, legal, tie('tree')),
})).tree;

function elementOf(name: string, tree: string | XmlTree): XmlElement {
  if (typeof tree === 'string') return leaf(name, tree);
  return branch(
    name,
    ...Object.entries(tree).flatMap(([child, value]) =>
      (Array.isArray(value) ? (value as (string | XmlTree)[]) : [value as string | XmlTree]).map(
        (one) => elementOf(child, one),
      ),
    ),
  );
}

const roomy = { maxElements: 10_000, maxDepth: 100 };

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(names, trees, (name, tree) => {
      expect(parseElement(writeElement(name, tree), roomy)).toEqual(elementOf(name, tree));
    }),
  );
});

/** The tree `saxes` sees, or undefined when it refuses. */
function oracle(text: string): XmlElement | undefined {
  const stack: { name: string; text: string; children: XmlElement[] }[] = [
    { name: '', text: '', children: [] },
  ];
  let refused = false;
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('error', () => (refused = true));
  parser.on('opentag', ({ name }) => stack.push({ name, text: '', children: [] }));
  parser.on('text', (part) => {
    const top = stack.at(-1);
    if (top !== undefined) top.text += part;
  });
  parser.on('closetag', () => {
    const { name, text, children } = stack.pop() ?? { name: '', text: '', children: [] };
    stack.at(-1)?.children.push({ name, text: children.length > 0 ? '' : text, children });
  });
  try {
    parser.write(text).close();
  } catch {
    return undefined;
  }
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set inside the handlers above
  return refused ? undefined : stack[0]?.children[0];
}

describe('accepts nothing that another strict parser refuses or reads otherwise', () => {
  const pieces = [
    '<A>',
    '</A>',
    '<B>',
    '</B>',
    '<A/>',
    '</A >',
    '<A b="1">',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?p',
    '?>',
    '&amp;',
    '&#13;',
    '&#x1F600;',
    '&x;',
    '&',
    ';',
    '\r\n',
    '\r',
    ' ',
    'x',
    '€',
    '😀',
    '<',
    '>',
    '/',
    '\u0085',
    '\u2028',
  ];
  const soup = fc
    .array(fc.constantFrom(...pieces), { maxLength: 14 })
    .map((parts) => parts.join(''));
  const mutated = fc
    .tuple(names, trees, fc.nat(), fc.nat({ max: 3 }), fc.constantFrom('', ...pieces))
    .map(([name, tree, position, cut, piece]) => {
      const text = writeElement(name, tree).toString();
      const at = position % (text.length + 1);
      return text.slice(0, at) + piece + text.slice(at + cut);
    })
    .filter((text) => Buffer.from(text).toString() === text);

  it.each([
    ['soup', soup.map((text) => `<A>${text}</A>`)],
    ['mutations', mutated],
  ])('%s', (_kind, texts) => {
    let accepted = 0;
    fc.assert(
      fc.property(texts, (text) => {
        let mine: XmlElement;
        try {
          mine = parseElement(Buffer.from(text), roomy);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          return;
        }
        accepted++;
        expect(oracle(text)).toEqual(mine);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

describe('protocol names in foreign text', () => {
  it.each([
    ['x</Desc><gepgSignature>', 'x</Desc><gepg-Signature>'],
    ['gepgPmtSpInfoAck', 'gepg-PmtSpInfoAck'],
    ['gepggepgSignature', 'gepggepg-Signature'],
    ['a signature and a Signature', 'a sign-ature and a Signature'],
    ['billSubResAck billSub', 'bill-SubResAck billSub'],
    ['sucSpPmtReq pmtSpNtfReq', 'sucS-pPmtReq pmtS-pNtfReq'],
    ['ordinary <payment>', 'ordinary <payment>'],
  ])('%j is written as %j', (text, neutral) => {
    expect(neutralise(text)).toBe(neutral);
    expect(neutralise(neutral)).toBe(neutral);
  });

  it('leave the message name and every other in place exactly twice or never', () => {
    const all = [...v4MessageNames, ...v5MessageNames];
    const parts = fc.oneof(
      fc.constantFrom(
        ...all,
        ...all.map((name) => name.slice(0, 4)),
        ...all.map((name) => name.slice(4)),
        '\0',
        '<',
        '>',
        '/',
        '&',
        '-',
      ),
      fc.string({ maxLength: 3 }),
    );
    const text = fc.array(parts, { maxLength: 8 }).map((list) => list.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...all), text, text, (name, first, second) => {
        const document = writeElement(name, { A: first, B: { C: [second, first] } }).toString();
        const count = (other: string): number => document.split(other).length - 1;
        const wrong = all.filter((other) => count(other) !== (name.includes(other) ? 2 : 0));
        expect(wrong).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
