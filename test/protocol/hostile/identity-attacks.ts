/**
 * Whose key, whose code, whose role: security design P2 to P4 and SIG-9. Enrolled are PSP701 and PSP702 (which may sign
 * with SHA-256 alone), SP70101, and SP70202, the only member of group SPG702.
 */
import { constants, privateEncrypt } from 'node:crypto';
import { sampleKeystore } from '../../../tools/sandbox/sample-keys';
import {
  type Attack,
  attack,
  bill4,
  bill5,
  cancellation4,
  cancellation5,
  enquiry4,
  enquiry5,
  known,
  ordinary,
  payment4,
  payment5,
  refusedPayment,
  signed,
  stranger,
  under,
} from './attack';

const unsigned = stranger('7303');
const code = (value: string) => ({ 'gepg-code': value });
const wordless = { 'gepg-code': '', 'gepg-com': '' };

/** A known key over noise: the padding is right, so that it looks like a signature of that key. */
const noise = (): Buffer =>
  privateEncrypt(
    { key: sampleKeystore('SP70202').privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.alloc(51, 0x30),
  );

const manyCodes = Array.from({ length: 200 }, (_, i) => `SP7${String(1_000 + i)}`);

export const identityAttacks: readonly Attack[] = [
  attack(
    "an institution's key and code pay",
    'pay4',
    () => signed(payment4({}, 'SP70101'), 'SP70101'),
    known('7203'),
    code('SP70101'),
  ),
  attack(
    "an institution's key and code pay, generation 5",
    'pay5',
    () => signed(payment5({}, 'SP70101'), 'SP70101'),
    known('7203'),
    code('SP70101'),
  ),
  attack(
    "an institution's key and code enquire",
    'ask4',
    () => signed(enquiry4(), 'SP70101'),
    known('7203'),
    code('SP70101'),
  ),
  attack(
    "an institution's key under a PSP's code",
    'pay4',
    () => signed(payment4(), 'SP70101'),
    unsigned,
  ),
  attack(
    "a PSP's key and code submit a bill",
    'bill4',
    () => signed(bill4({}, 'PSP701')),
    known('7203'),
    code('PSP701'),
  ),
  attack(
    "a PSP's key and code cancel",
    'cancel4',
    () => signed(cancellation4('PSP701')),
    known('7203'),
    code('PSP701'),
  ),
  attack("a PSP's key under an institution's code", 'bill4', () => signed(bill4()), unsigned),
  attack("another PSP's key", 'pay4', () => signed(payment4(), 'PSP702', 'sha256'), unsigned),
  attack("another PSP's key, generation 5", 'pay5', () => signed(payment5(), 'PSP702'), unsigned),
  attack(
    "another PSP's key, without a header",
    'pay4',
    () => signed(payment4(), 'PSP702', 'sha256'),
    unsigned,
    code(''),
  ),
  attack(
    "another institution's key",
    'cancel4',
    () => signed(cancellation4(), 'SP70202'),
    unsigned,
  ),
  attack(
    "another institution's key, without a header",
    'cancel5',
    () => signed(cancellation5(), 'SP70202'),
    unsigned,
    code(''),
  ),
  attack("a stranger's key", 'pay4', () => signed(payment4(), 'PSP703'), unsigned),
  attack("the gateway's own key", 'pay4', () => signed(payment4(), 'gateway'), unsigned),
  attack(
    'the header of one, the body of another, signed by the first',
    'pay4',
    () => signed(payment4({}, 'PSP702')),
    known('7323'),
  ),
  attack(
    'the header of one, the body of another, signed by the second',
    'pay5',
    () => signed(payment5(), 'PSP702'),
    unsigned,
  ),
  attack(
    'the header of the sender, the body of another',
    'pay5',
    () => signed(payment5({}, 'PSP702')),
    known('7323'),
  ),
  attack(
    'an enquiry with the body of another',
    'ask5',
    () => signed(enquiry5('PSP702')),
    known('7323'),
  ),
  attack(
    'a bill with the body of another',
    'bill4',
    () => signed(bill4({}, 'SP70202'), 'SP70101'),
    known('7323'),
  ),
  attack(
    'a cancellation with the body of another',
    'cancel4',
    () => signed(cancellation4('SP70202'), 'SP70101'),
    known('7323'),
  ),
  attack(
    'a cancellation with the group of another',
    'cancel5',
    () => signed(cancellation5('SP70202'), 'SP70101'),
    known('7323'),
  ),
  attack(
    'the group of others in the body',
    'bill5',
    () => signed(bill5('SPG702', 'SP70101'), 'SP70101'),
    known('7323'),
  ),
  attack(
    'the group of others in header and body',
    'bill5',
    () => signed(bill5('SPG702', 'SP70101'), 'SP70101'),
    known('7323'),
    code('SPG702'),
  ),
  attack(
    'the group of others in the body, without a header',
    'bill5',
    () => signed(bill5('SPG702', 'SP70101'), 'SP70101'),
    known('7323'),
    code(''),
  ),
  attack(
    'the group of others in the header alone',
    'bill5',
    () => signed(bill5('SP70101', 'SP70101'), 'SP70101'),
    known('7323'),
    code('SPG702'),
  ),
  attack(
    "the group of others, with a member's bills",
    'bill5',
    () => signed(bill5('SPG702', 'SP70202'), 'SP70101'),
    unsigned,
    code('SPG702'),
  ),
  attack(
    'a cancellation for the group of others',
    'cancel5',
    () => signed(cancellation5('SPG702'), 'SP70101'),
    known('7323'),
  ),
  attack(
    'a group that nobody enrolled, and no code',
    'cancel5',
    () => signed(cancellation5('SPG999'), 'SP70101'),
    stranger('7205'),
    code('SPG999'),
  ),
  attack(
    'a group that nobody enrolled, from a known sender',
    'cancel5',
    () => signed(cancellation5('SPG999'), 'SP70101'),
    ordinary('7204'),
  ),
  attack('no code anywhere', 'ask4', () => signed(enquiry4()), stranger('7202'), wordless),
  attack(
    'no code anywhere, generation 5',
    'cancel5',
    () => signed(cancellation5(''), 'SP70101'),
    stranger('7202'),
    code(''),
  ),
  attack(
    'an unknown PSP',
    'pay4',
    () => signed(payment4({}, 'PSP999')),
    stranger('7215'),
    code('PSP999'),
  ),
  attack(
    'an unknown institution',
    'bill4',
    () => signed(bill4({}, 'SP99999'), 'SP70101'),
    stranger('7205'),
    code('SP99999'),
  ),
  attack(
    'an unknown PSP in the body alone',
    'pay5',
    () => signed(payment5({}, 'PSP999')),
    stranger('7215'),
    code(''),
  ),
  attack(
    '200 institutions, signed by none',
    'bill5',
    () => signed(bill5('', ...manyCodes), 'PSP703'),
    stranger('7205'),
    code(''),
  ),
  attack(
    'two institutions and noise that looks signed',
    'bill5',
    () => under(bill5('', 'SP70101', 'SP70202'), noise()),
    unsigned,
    code(''),
  ),

  attack(
    'a code in lower case',
    'pay4',
    () => signed(payment4()),
    stranger('7215'),
    code('psp701'),
  ),
  attack(
    'a code twice',
    'pay4',
    () => signed(payment4()),
    stranger('7215'),
    code('PSP701, PSP701'),
  ),
  attack(
    'a code of 7 kB',
    'pay4',
    () => signed(payment4()),
    stranger('7215'),
    code('P'.repeat(7_000)),
  ),
  attack(
    'a code with a zero before',
    'pay4',
    () => signed(payment4()),
    stranger('7215'),
    code('0PSP701'),
  ),
  attack(
    'a code with a semicolon',
    'pay4',
    () => signed(payment4()),
    stranger('7215'),
    code('PSP701;'),
  ),
  attack(
    'a code of SQL',
    'pay4',
    () => signed(payment4()),
    stranger('7215'),
    code("PSP701' or '1'='1"),
  ),
  attack(
    'a code of JavaScript',
    'pay4',
    () => signed(payment4()),
    stranger('7215'),
    code('__proto__'),
  ),
  attack(
    'a code that every object has',
    'pay4',
    () => signed(payment4()),
    stranger('7215'),
    code('constructor'),
  ),
  attack(
    'a code in the body that every object has',
    'pay4',
    () => signed(payment4({}, 'constructor')),
    stranger('7202'),
    code(''),
  ),
  attack(
    'a code in the body in lower case',
    'pay4',
    () => signed(payment4({}, 'psp701')),
    known('7323'),
  ),
  attack(
    'a code in the body with a blank',
    'pay4',
    () => signed(payment4({}, 'PSP701 ')),
    known('7323'),
  ),
  attack(
    'a code in the body with Cyrillic letters',
    'pay5',
    () => signed(payment5({}, '\u0420SP701')),
    known('7323'),
  ),

  attack('an odd algorithm', 'pay4', () => signed(payment4()), refusedPayment, {
    'gepg-alg': 'HS256',
  }),
  attack('an algorithm of 6 kB', 'pay4', () => signed(payment4()), refusedPayment, {
    'gepg-alg': 'x'.repeat(6_000),
  }),
  attack('an odd protocol word', 'pay4', () => signed(payment4()), refusedPayment, {
    'gepg-com': '../../etc/passwd',
  }),
  attack('the protocol word of institutions', 'pay4', () => signed(payment4()), refusedPayment, {
    'gepg-com': 'changebill.sp.in',
  }),
  attack('another method by header', 'pay4', () => signed(payment4()), refusedPayment, {
    'x-http-method-override': 'DELETE',
  }),
  attack('another sender by header', 'pay4', () => signed(payment4(), 'PSP703'), unsigned, {
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
  }),
  attack(
    'SHA-1 from one that may not',
    'pay4',
    () => signed(payment4({}, 'PSP702'), 'PSP702', 'sha1'),
    unsigned,
    code('PSP702'),
  ),
  attack(
    'SHA-256 from the same',
    'pay4',
    () => signed(payment4({}, 'PSP702'), 'PSP702', 'sha256'),
    refusedPayment,
    code('PSP702'),
  ),
  attack(
    'SHA-1 in generation 5',
    'pay5',
    () => signed(payment5({}, 'PSP702'), 'PSP702', 'sha1'),
    unsigned,
    code('PSP702'),
  ),
];
