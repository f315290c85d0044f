/** Signatures of the wire: what verifies, and the many near misses that must not. */
import { generateKeyPairSync } from 'node:crypto';
import { isMadeBy, isSignedBy, readSignatureText, signBytes } from './signature';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const message = Buffer.from('<gepgBillQryReq></gepgBillQryReq>');

describe.each(['sha1', 'sha256'] as const)('a %s signature', (digest) => {
  const signature = signBytes(message, rsa.privateKey, digest);

  it('is as long as the modulus and verifies with its key, bytes and digest only', () => {
    expect(signature).toHaveLength(256);
    expect(isSignedBy(message, signature, rsa.publicKey, digest)).toBe(true);

    expect(isSignedBy(message, signature, otherRsa.publicKey, digest)).toBe(false);
    expect(isSignedBy(message.subarray(1), signature, rsa.publicKey, digest)).toBe(false);
    const other = digest === 'sha1' ? 'sha256' : 'sha1';
    expect(isSignedBy(message, signature, rsa.publicKey, other)).toBe(false);
  });

  it('does not verify when shorter, longer, altered or zero', () => {
    const altered = Buffer.from(signature);
    altered[100] = (altered[100] ?? 0) ^ 1;
    const padded = Buffer.concat([Buffer.alloc(1), signature]);
    for (const wrong of [
      signature.subarray(1),
      padded,
      altered,
      Buffer.alloc(256),
      Buffer.alloc(0),
    ]) {
      expect(isSignedBy(message, wrong, rsa.publicKey, digest)).toBe(false);
    }
  });
});

it('tells the key that made a signature without the bytes, in either digest', () => {
  for (const digest of ['sha1', 'sha256'] as const) {
    const signature = signBytes(message, rsa.privateKey, digest);
    expect(isMadeBy(signature, rsa.publicKey)).toBe(true);
    expect(isMadeBy(signature, otherRsa.publicKey)).toBe(false);
    expect(isMadeBy(signature.subarray(1), rsa.publicKey)).toBe(false);
    expect(isMadeBy(signature, elliptic.publicKey)).toBe(false);
  }
});

it('is never valid under a key that is not RSA, and never made with one', () => {
  expect(isSignedBy(message, Buffer.alloc(64), elliptic.publicKey, 'sha256')).toBe(false);
  expect(() => signBytes(message, elliptic.privateKey, 'sha256')).toThrow('RSA');
});

describe('a signature text', () => {
  it.each([
    ['QUJD', 'ABC'],
    ['QUI=', 'AB'],
    ['QQ==', 'A'],
    ['QU\r\nJD\n', 'ABC'],
  ])('%j holds %j', (text, bytes) => {
    expect(readSignatureText(text)?.toString()).toBe(bytes);
  });

  it.each([
    ['empty', ''],
    ['line breaks only', '\r\n'],
    ['blank inside', 'QU JD'],
    ['blank before', ' QUJD'],
    ['tab', 'QUJD\t'],
    ['junk', 'QU*JD'],
    ['no padding', 'QUI'],
    ['too much padding', 'QUI=='],
    ['padding before the end', 'QQ==QUJD'],
    ['spare bits set', 'QUJ='],
    ['url alphabet', '-_-_'],
    ['a character reference', 'QUJD&#10;'],
    ['a placeholder', 'signature-here'],
  ])('with %s is none', (_case, text) => {
    expect(readSignatureText(text)).toBeUndefined();
  });
});
