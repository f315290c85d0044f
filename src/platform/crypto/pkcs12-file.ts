/**
 * What the PKCS#12 files that we put together ourselves have in common (RFC 7292): named bags, and the seal that the
 * password makes. What node-forge can make it makes (keystore.ts); it knows neither Java's attribute of trusted
 * certificates nor elliptic curves. The seal is HMAC with SHA-256, or with SHA-1 for clients of before 2021 (Java
 * before 8u301).
 */
import { createHash, createHmac, randomBytes, type X509Certificate } from 'node:crypto';
import { asn1 } from 'node-forge';
import { encode, explicit, integer, leaf, named, octets, oid, sequence, set } from './der';

const sha256Identifier = '2.16.840.1.101.3.4.2.1';
const sha1Identifier = '1.3.14.3.2.26';
const sealRounds = 10_000;

/** A bag of a kind that node-forge names. */
export function bag(kind: string, value: asn1.Asn1, attributes: readonly asn1.Asn1[]): asn1.Asn1 {
  return sequence(named(kind), explicit(0, value), set(...attributes));
}

/** A certificate is public, so it is not encrypted. */
export function certificateBag(
  certificate: X509Certificate,
  attributes: readonly asn1.Asn1[],
): asn1.Asn1 {
  const value = sequence(named('x509Certificate'), explicit(0, octets(certificate.raw)));
  return bag('certBag', value, attributes);
}

export function attribute(id: asn1.Asn1, value: asn1.Asn1): asn1.Asn1 {
  return sequence(id, set(value));
}

/** The alias, which Java asks for. */
export function friendlyName(name: string): asn1.Asn1 {
  return attribute(named('friendlyName'), leaf(asn1.Type.BMPSTRING, name));
}

/** The password is ASCII. */
export function sealedFile(
  bags: readonly asn1.Asn1[],
  password: string,
  cipher: 'modern' | 'legacy',
): Buffer {
  const contents = encode(sequence(dataOf(encode(sequence(...bags)))));
  return encode(sequence(integer(3), dataOf(contents), seal(contents, password, cipher)));
}

function dataOf(bytes: Buffer): asn1.Asn1 {
  return sequence(named('data'), explicit(0, octets(bytes)));
}

function seal(contents: Buffer, password: string, cipher: 'modern' | 'legacy'): asn1.Asn1 {
  const [digest, algorithm] =
    cipher === 'modern'
      ? (['sha256', sha256Identifier] as const)
      : (['sha1', sha1Identifier] as const);
  const salt = randomBytes(16);
  const mac = createHmac(digest, sealKey(digest, password, salt))
    .update(contents)
    .digest();
  return sequence(
    sequence(sequence(oid(algorithm), leaf(asn1.Type.NULL, '')), octets(mac)),
    octets(salt),
    integer(sealRounds),
  );
}

/** RFC 7292, appendix B, for the purpose 3 (a MAC): both digests have blocks of 64 bytes, and one digest is the key. */
function sealKey(digest: 'sha256' | 'sha1', password: string, salt: Buffer): Buffer {
  const block = 64;
  const filled = (bytes: Buffer): Buffer =>
    Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16();
  let key = Buffer.concat([Buffer.alloc(block, 3), filled(salt), filled(secret)]);
  for (let round = 0; round < sealRounds; round++) key = createHash(digest).update(key).digest();
  return key;
}
