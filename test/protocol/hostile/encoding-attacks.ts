/** Encodings, characters, entities and sizes: security design §2.2, SIG-1 and SIG-5, and §2.9. */
import {
  type Attack,
  attack,
  bill4,
  edge,
  known,
  payment4,
  payment5,
  refusedPayment,
  signatureTag,
  signed,
  stranger,
} from './attack';

const malformed = stranger('7242');
const mark = '\ufeff';

/** The payer's name as raw bytes, signed as they stand. */
function named(...bytes: readonly number[]): () => Buffer {
  return () => {
    const element = payment4({ DptName: 'x' });
    const [before = '', after = ''] = element.split('<DptName>x');
    return signed(
      Buffer.concat([Buffer.from(`${before}<DptName>`), Buffer.from(bytes), Buffer.from(after)]),
    );
  };
}

/** The payer's name as text, signed as it stands. */
const written = (text: string) => () => signed(payment4({ DptName: text }));

const declared = (head: string) => () => head + signed(payment4()).toString();

/** Many elements inside the message; the message itself, its two parts and six leaves count too. */
const filled = (content: string) => () => signed(payment4({}, 'PSP701', content));
const ownElements = 9;

const utf16 = (isBig: boolean) => (): Buffer => {
  const bytes = Buffer.from(`${mark}${signed(payment4()).toString()}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

const entity =
  (type: string, reference = '&e;') =>
  () => {
    const element = payment4({ DptName: reference });
    return `${type}<Gepg>${element}${signatureTag(element)}</Gepg>`;
  };

const laughs = Array.from(
  { length: 10 },
  (_, i) => `<!ENTITY e${String(i + 1)} "${`&e${String(i)};`.repeat(10)}">`,
).join('');

const emptyBills = (elements: number) => () =>
  signed(`<gepgBillSubReq>${'<a/>'.repeat(elements - 1)}</gepgBillSubReq>`, 'SP70101');

/** Padded between two end tags, where blanks are free. */
function ofLength(length: number, element: string, by: string): Buffer {
  const bare = signed(element, by).length;
  return signed(element.replace('></', `>${' '.repeat(length - bare)}</`), by);
}

export const encodingAttacks: readonly Attack[] = [
  attack('a byte order mark inside the element', 'pay4', written(`a${mark}b`), malformed),
  attack('two byte order marks', 'pay4', declared(mark + mark), malformed),
  attack(
    'a byte order mark after the declaration',
    'pay4',
    declared(`<?xml version="1.0"?>${mark}`),
    malformed,
  ),
  attack('utf-16, little end first', 'pay4', utf16(false), malformed),
  attack('utf-16, big end first', 'pay4', utf16(true), malformed),
  attack(
    'utf-16 declared, utf-8 sent',
    'pay4',
    declared('<?xml version="1.0" encoding="utf-16"?>'),
    refusedPayment,
  ),
  attack(
    'an encoding nobody has, utf-8 sent',
    'pay5',
    () => `<?xml version="1.0" encoding="x-none"?>${signed(payment5()).toString()}`,
    refusedPayment,
  ),
  attack(
    'Latin-1 declared and sent',
    'pay4',
    () =>
      Buffer.concat([Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>'), named(0xd6)()]),
    malformed,
  ),
  attack('Latin-1', 'pay4', named(0xd6), malformed),
  attack('an overlong <', 'pay4', named(0xc0, 0xbc), malformed),
  attack('an overlong NUL', 'pay4', named(0xc0, 0x80), malformed),
  attack('an overlong < of three bytes', 'pay4', named(0xe0, 0x80, 0xbc), malformed),
  attack('half a surrogate pair', 'pay4', named(0xed, 0xa0, 0xbd), malformed),
  attack(
    'a surrogate pair of six bytes',
    'pay4',
    named(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80),
    malformed,
  ),
  attack('a character of five bytes', 'pay4', named(0xf8, 0x88, 0x80, 0x80, 0x80), malformed),
  attack('a character beyond Unicode', 'pay4', named(0xf4, 0x90, 0x80, 0x80), malformed),
  attack('a cut character', 'pay4', named(0xe2, 0x82), malformed),
  attack('a lone continuation byte', 'pay4', named(0x80), malformed),
  attack('a NUL', 'pay4', named(0x00), malformed),
  attack('a NUL after the envelope', 'pay4', () => `${signed(payment4()).toString()}\0`, malformed),
  attack('an escape character', 'pay4', named(0x1b), malformed),
  attack('a NUL by number', 'pay4', written('&#0;'), malformed),
  attack('half a surrogate pair by number', 'pay4', written('&#xD800;'), malformed),
  attack('a number beyond Unicode', 'pay4', written('&#x110000;'), malformed),
  attack('a number of twelve digits', 'pay4', written('&#999999999999;'), malformed),
  attack('a byte order mark by number', 'pay4', written('&#xFEFF;'), malformed),
  attack('a reference without digits', 'pay4', written('&#x;'), malformed),
  attack('a reference of HTML', 'pay4', written('&nbsp;'), malformed),
  attack('a reference without end', 'pay4', written('&amp'), malformed),
  attack('XML 1.1', 'pay4', declared('<?xml version="1.1"?>'), malformed),
  attack(
    'two declarations',
    'pay4',
    declared('<?xml version="1.0"?><?xml version="1.0"?>'),
    malformed,
  ),
  attack('a blank before the declaration', 'pay4', declared(' <?xml version="1.0"?>'), malformed),
  attack(
    'a declaration of 10 kB',
    'pay4',
    declared(`<?xml version="1.0"${' '.repeat(10_000)}?>`),
    malformed,
  ),
  attack('a declaration without end', 'pay4', () => '<?xml version="1.0"', malformed),
  attack('nothing but blanks', 'pay4', () => ' \r\n\t', malformed),
  attack('no byte at all', 'pay5', () => '', malformed),

  attack(
    'entities in entities',
    'pay4',
    entity(`<!DOCTYPE Gepg [<!ENTITY e0 "x">${laughs}]>`, '&e10;'),
    malformed,
  ),
  attack(
    'one long entity many times',
    'pay4',
    entity(`<!DOCTYPE Gepg [<!ENTITY e "${'x'.repeat(20_000)}">]>`, '&e;'.repeat(500)),
    malformed,
  ),
  attack(
    'an entity of the file system',
    'pay4',
    entity('<!DOCTYPE Gepg [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    malformed,
  ),
  attack(
    'an entity of the network',
    'pay5',
    entity('<!DOCTYPE Gepg [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]>'),
    malformed,
  ),
  attack(
    'a parameter entity',
    'pay4',
    entity('<!DOCTYPE Gepg [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>'),
    malformed,
  ),
  attack('an entity inside the signed element', 'pay4', written('<!ENTITY e "x">&e;'), malformed),

  attack('2,000 elements', 'pay4', filled('<a/>'.repeat(2_000 - ownElements)), refusedPayment),
  attack('2,001 elements', 'pay4', filled('<a/>'.repeat(2_001 - ownElements)), malformed),
  attack('10,000 elements', 'pay4', filled('<a/>'.repeat(10_000)), malformed),
  // Without a bill in it, a submission is refused once its sender is known.
  attack('30,000 elements of a submission', 'bill4', emptyBills(30_000), known('7242')),
  attack('30,001 elements of a submission', 'bill4', emptyBills(30_001), malformed),
  attack('a nesting of 16', 'pay4', filled('<a>'.repeat(14) + '</a>'.repeat(14)), refusedPayment),
  attack('a nesting of 17', 'pay4', filled('<a>'.repeat(15) + '</a>'.repeat(15)), malformed),
  attack(
    'a nesting of 9,000',
    'pay4',
    filled('<a>'.repeat(9_000) + '</a>'.repeat(9_000)),
    malformed,
  ),
  attack('15,000 start tags', 'pay4', filled('<a>'.repeat(15_000)), malformed),
  attack('a text of 4,096 bytes', 'pay4', written('x'.repeat(4_096)), refusedPayment),
  attack('a text of 4,097 bytes', 'pay4', written('x'.repeat(4_097)), malformed),
  attack(
    'a text of 4,096 bytes in two-byte characters',
    'pay4',
    written('ö'.repeat(2_048)),
    refusedPayment,
  ),
  attack('a text of 2,049 two-byte characters', 'pay4', written('ö'.repeat(2_049)), malformed),
  attack('a name of 65 letters', 'pay4', filled(`<${'a'.repeat(65)}/>`), malformed),
  attack('60 kB of <, to be repaired', 'pay4', () => '<'.repeat(60_000), malformed),
  attack('60 kB of <, signed', 'pay4', filled('<'.repeat(60_000)), malformed),
  attack('60 kB of &', 'pay4', filled('&'.repeat(60_000)), malformed),
  attack('60 kB of blanks in a tag', 'pay4', filled(`<a${' '.repeat(60_000)}`), malformed),
  attack('4 MB of <', 'bill4', () => '<'.repeat(4_194_304), malformed),
  attack('4 MB of a message name', 'bill4', () => '<gepgBillSubReq'.repeat(279_000), malformed),
  attack(
    '4 MB of one text',
    'bill4',
    () => signed(bill4({ BillDesc: 'x'.repeat(4_000_000) }), 'SP70101'),
    malformed,
  ),
  attack(
    'the longest payment',
    'pay4',
    () => ofLength(65_536, payment4(), 'PSP701'),
    refusedPayment,
  ),
  attack(
    'a payment one byte longer',
    'pay4',
    () => ofLength(65_537, payment4(), 'PSP701'),
    edge('413'),
  ),
  attack(
    'a submission one byte longer than any',
    'bill4',
    () => Buffer.alloc(4_194_305, 0x20),
    edge('413'),
  ),
];
