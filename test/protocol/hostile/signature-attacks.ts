/**
 * Signatures that a lenient verifier takes: paddings of PKCS#1 v1.5 made with the party's own key, other schemes and
 * digests, and other spellings of a genuine signature. Security design §2.2, SIG-6 to SIG-8.
 */
import { constants, createHash, privateEncrypt, sign } from 'node:crypto';
import { sampleKeystore } from '../../../tools/sandbox/sample-keys';
import {
  type Attack,
  attack,
  payment4,
  payment5,
  refusedPayment,
  signatureOf,
  signed,
  stranger,
  under,
} from './attack';

const unsigned = stranger('7303');
const key = sampleKeystore('PSP701').privateKey;
const size = 256;

const oids = {
  sha1: Buffer.from('3021300906052b0e03021a05000414', 'hex'),
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
} as const;
const hash = (digest: keyof typeof oids, element: string): Buffer =>
  createHash(digest).update(element).digest();
const info = (digest: keyof typeof oids, element: string): Buffer =>
  Buffer.concat([oids[digest], hash(digest, element)]);

/** Raw RSA over a whole block; the block must be less than the modulus, as one that begins with a zero is. */
const raw = (block: Buffer): Buffer =>
  privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);

/** 00, type, as many padding bytes as fit (or as told), 00, the rest; what is too short is filled at its end. */
function block(
  rest: Buffer,
  { type = 1, pad = 0xff, count = size - 3 - rest.length, end = 0 } = {},
): Buffer {
  const made = Buffer.concat([
    Buffer.from([0, type]),
    Buffer.alloc(count, pad),
    Buffer.from([end]),
    rest,
  ]);
  return Buffer.concat([made, Buffer.alloc(size - made.length, 0x41)]);
}

/** Of the element in generation 4, whose digest is SHA-1. */
const paddings: readonly (readonly [string, (element: string) => Buffer])[] = [
  ['garbage after the hash, eight padding bytes', (e) => block(info('sha1', e), { count: 8 })],
  ['garbage after the hash, one padding byte', (e) => block(info('sha1', e), { count: 1 })],
  ['garbage after the hash, no padding byte', (e) => block(info('sha1', e), { count: 0 })],
  [
    'garbage after the hash, one padding byte less',
    (e) => block(info('sha1', e), { count: size - 4 - 35 }),
  ],
  ['padding of zeros', (e) => block(info('sha1', e), { pad: 0 })],
  ['padding of other bytes', (e) => block(info('sha1', e), { pad: 0xfe })],
  ['block type 2', (e) => block(info('sha1', e), { type: 2 })],
  ['block type 0', (e) => block(info('sha1', e), { type: 0 })],
  ['no zero before the hash', (e) => block(info('sha1', e), { end: 0xff })],
  ['the hash alone', (e) => block(hash('sha1', e))],
  [
    'the hash of the other digest under this digest',
    (e) => block(Buffer.concat([oids.sha1, hash('sha256', e)])),
  ],
  ['this hash under the other digest', (e) => block(Buffer.concat([oids.sha256, hash('sha1', e)]))],
  [
    'a digest that nobody has',
    (e) =>
      block(Buffer.concat([Buffer.from('302130090605ffffffff1a05000414', 'hex'), hash('sha1', e)])),
  ],
  [
    'garbage in the parameters',
    (e) =>
      block(
        Buffer.concat([Buffer.from('3023300b06052b0e03021a050241420414', 'hex'), hash('sha1', e)]),
      ),
  ],
  [
    'lengths of BER',
    (e) =>
      block(
        Buffer.concat([Buffer.from('308121300906052b0e03021a05000414', 'hex'), hash('sha1', e)]),
      ),
  ],
  ['a hash that is cut', (e) => block(info('sha1', e).subarray(0, -1))],
  ['a byte after the hash', (e) => block(Buffer.concat([info('sha1', e), Buffer.alloc(1)]))],
  ['two hashes', (e) => block(Buffer.concat([info('sha1', e), info('sha1', e)]))],
  ['zeros as a block', () => Buffer.alloc(size)],
];

const modulus = BigInt(
  `0x${Buffer.from(String(key.export({ format: 'jwk' }).n), 'base64url').toString('hex')}`,
);
const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const bytesOf = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex');

/** A message whose signature plus the modulus still has the length of the modulus. */
function plusModulus(): Buffer {
  for (;;) {
    const element = payment4();
    const sum = numberOf(signatureOf(element, 'PSP701')) + modulus;
    if (sum < 1n << 2_048n) return under(element, bytesOf(sum));
  }
}

/** A genuine signature in other words, in both generations. */
const spellings: readonly (readonly [string, (base64: string) => string])[] = [
  ['with a blank', (b) => `${b.slice(0, 8)} ${b.slice(8)}`],
  ['with a blank before', (b) => ` ${b}`],
  ['with a tab', (b) => `${b}\t`],
  ['with junk', (b) => `${b.slice(0, 8)}*${b.slice(8)}`],
  ['with a reference', (b) => `&#${String(b.charCodeAt(0))};${b.slice(1)}`],
  ['with an escaped plus', (b) => `&#43;${b}`],
  ['without padding', (b) => b.replaceAll('=', '')],
  ['with half the padding', (b) => b.slice(0, -1)],
  ['with more padding', (b) => `${b}=`],
  ['with padding inside', (b) => `${b.slice(0, 4)}=${b.slice(4)}`],
  [
    'with other trailing bits',
    (b) =>
      b.replace(
        /.==$/,
        (end) =>
          `${end === 'A==' || end === 'Q==' || end === 'g==' || end === 'w==' ? String.fromCharCode(end.charCodeAt(0) + 1) : 'B'}==`,
      ),
  ],
  ['with more after the padding', (b) => b + b],
  ['with four letters more', (b) => `AAAA${b}`],
  ['cut by four letters', (b) => b.slice(4)],
  [
    'in the alphabet of addresses',
    (b) =>
      `${b.replaceAll('+', '-').replaceAll('/', '_').slice(0, -2)}==`.replace(
        /^[^-_]*$/,
        (plain) => `-${plain.slice(1)}`,
      ),
  ],
  ['in hexadecimal', (b) => Buffer.from(b, 'base64').toString('hex')],
  ['with full-width letters', (b) => b.replace(/^./, '\uff21')],
  ['of blanks', () => '   '],
  ['of one megabit', () => 'QUJD'.repeat(10_000)],
];

const other = payment4();

export const signatureAttacks: readonly Attack[] = [
  // The block itself must be right, or the attacks below prove nothing.
  attack(
    'a block made by hand, as it should be',
    'pay4',
    () => {
      const element = payment4();
      return under(element, raw(block(info('sha1', element))));
    },
    refusedPayment,
  ),
  ...paddings.map(([name, make]) =>
    attack(
      `a block with ${name}`,
      'pay4',
      () => {
        const element = payment4();
        return under(element, raw(make(element)));
      },
      unsigned,
    ),
  ),
  attack(
    'generation 5: garbage after the hash',
    'pay5',
    () => {
      const element = payment5();
      return under(element, raw(block(info('sha256', element), { count: 8 })));
    },
    unsigned,
  ),
  attack('the signature plus the modulus', 'pay4', plusModulus, unsigned),
  attack(
    'a zero before the signature',
    'pay4',
    () => {
      const element = payment4();
      return under(element, Buffer.concat([Buffer.alloc(1), signatureOf(element, 'PSP701')]));
    },
    unsigned,
  ),
  attack(
    'the last byte cut off',
    'pay4',
    () => {
      const element = payment4();
      return under(element, signatureOf(element, 'PSP701').subarray(0, -1));
    },
    unsigned,
  ),
  attack(
    'the bytes in reverse',
    'pay4',
    () => {
      const element = payment4();
      return under(element, signatureOf(element, 'PSP701').reverse());
    },
    unsigned,
  ),
  attack(
    'a PSS padding',
    'pay4',
    () => {
      const element = payment4();
      return under(
        element,
        sign('sha1', Buffer.from(element), { key, padding: constants.RSA_PKCS1_PSS_PADDING }),
      );
    },
    unsigned,
  ),
  ...(['md5', 'sha512', 'sha224', 'RIPEMD160'] as const).map((digest) =>
    attack(
      `a signature with ${digest}`,
      'pay4',
      () => {
        const element = payment4();
        return under(element, sign(digest, Buffer.from(element), key));
      },
      unsigned,
    ),
  ),
  attack(
    'a genuine signature of another message',
    'pay4',
    () => under(payment4(), signatureOf(other, 'PSP701')),
    unsigned,
  ),
  attack(
    'the signature of the whole envelope',
    'pay4',
    () => {
      const element = payment4();
      return under(element, signatureOf(signed(element), 'PSP701', 'sha1'));
    },
    unsigned,
  ),
  attack('no signature', 'pay4', () => `<Gepg>${payment4()}</Gepg>`, unsigned),
  attack('no signature, the algorithm none', 'pay4', () => `<Gepg>${payment4()}</Gepg>`, unsigned, {
    'gepg-alg': 'none',
  }),
  attack('an empty signature', 'pay5', () => under(payment5(), ''), unsigned),
  attack(
    'a blank before the element that was not signed',
    'pay4',
    () => {
      const element = payment4();
      return under(` ${element}`, signatureOf(`  ${element}`, 'PSP701', 'sha1'));
    },
    unsigned,
  ),
  ...spellings.flatMap(([name, spell]) => [
    attack(
      `generation 4: a signature ${name}`,
      'pay4',
      () => {
        const element = payment4();
        return under(element, spell(signatureOf(element, 'PSP701').toString('base64')));
      },
      unsigned,
    ),
    attack(
      `generation 5: a signature ${name}`,
      'pay5',
      () => {
        const element = payment5();
        return under(element, spell(signatureOf(element, 'PSP701').toString('base64')));
      },
      unsigned,
    ),
  ]),
  attack(
    'a signature in lines of 64, which is allowed',
    'pay4',
    () => {
      const element = payment4();
      const lines = signatureOf(element, 'PSP701').toString('base64').replace(/.{64}/g, '$&\r\n');
      return under(element, `\n${lines}\n`);
    },
    refusedPayment,
  ),
  attack(
    'a signature with a comment',
    'pay4',
    () => {
      const element = payment4();
      return under(element, `<!-- -->${signatureOf(element, 'PSP701').toString('base64')}`);
    },
    stranger('7242'),
  ),
];
