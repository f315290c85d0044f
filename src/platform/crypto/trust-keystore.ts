/**
 * A PKCS#12 file with a certificate and no key, as GePG clients in Java load the gateway's: by alias, as an entry that
 * is trusted. Java shows only entries that carry its own attribute (measured on GePG's field files: one made by OpenSSL
 * without it is empty to Java), and node-forge cannot write that, so the structure of RFC 7292 is built here.
 * A certificate is public: it is not encrypted, and the password only seals the file. The seal is what differs between
 * the two makes: HMAC with SHA-256, or with SHA-1 for clients of before 2021 (Java before 8u301).
 */
import { createHash, createHmac, randomBytes, X509Certificate } from 'node:crypto';
import { asn1, pki } from 'node-forge';

/** RFC 7292 attribute of Oracle; its value says what the certificate is trusted for. */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1';
const anyExtendedKeyUsage = '2.5.29.37.0';
const sha256Identifier = '2.16.840.1.101.3.4.2.1';
const sha1Identifier = '1.3.14.3.2.26';
const sealRounds = 10_000;

const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;
const { SEQUENCE, SET, OID, OCTETSTRING, INTEGER, NULL, BMPSTRING, NONE } = asn1.Type;

const node = (type: asn1.Type, ...children: readonly asn1.Asn1[]): asn1.Asn1 =>
  asn1.create(UNIVERSAL, type, true, [...children]);
const leaf = (type: asn1.Type, bytes: string): asn1.Asn1 =>
  asn1.create(UNIVERSAL, type, false, bytes);
const explicit = (child: asn1.Asn1): asn1.Asn1 =>
  asn1.create(CONTEXT_SPECIFIC, NONE, true, [child]);
const oid = (id: string): asn1.Asn1 => leaf(OID, asn1.oidToDer(id).getBytes());
const octets = (bytes: Buffer): asn1.Asn1 => leaf(OCTETSTRING, bytes.toString('latin1'));
const integer = (value: number): asn1.Asn1 => leaf(INTEGER, asn1.integerToDer(value).getBytes());
const der = (value: asn1.Asn1): Buffer => Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
const named = (name: string): asn1.Asn1 => oid(pki.oids[name] ?? '');

/** The password is ASCII and no secret: everybody who is to trust the certificate gets it. */
export function makeTrustKeystore(
  certificatePem: string,
  password: string,
  cipher: 'modern' | 'legacy' = 'modern',
): Buffer {
  const certificate = new X509Certificate(certificatePem);
  const bag = node(
    SEQUENCE,
    named('certBag'),
    explicit(node(SEQUENCE, named('x509Certificate'), explicit(octets(certificate.raw)))),
    node(
      SET,
      attribute(pki.oids['friendlyName'] ?? '', leaf(BMPSTRING, 'gepgclient')),
      attribute(trustedKeyUsage, oid(anyExtendedKeyUsage)),
    ),
  );
  const contents = der(node(SEQUENCE, dataOf(der(node(SEQUENCE, bag)))));
  return der(node(SEQUENCE, integer(3), dataOf(contents), seal(contents, password, cipher)));
}

function attribute(id: string, value: asn1.Asn1): asn1.Asn1 {
  return node(SEQUENCE, oid(id), node(SET, value));
}

function dataOf(bytes: Buffer): asn1.Asn1 {
  return node(SEQUENCE, named('data'), explicit(octets(bytes)));
}

function seal(contents: Buffer, password: string, cipher: 'modern' | 'legacy'): asn1.Asn1 {
  const [digest, identifier] =
    cipher === 'modern'
      ? (['sha256', sha256Identifier] as const)
      : (['sha1', sha1Identifier] as const);
  const salt = randomBytes(16);
  const mac = createHmac(digest, sealKey(digest, password, salt))
    .update(contents)
    .digest();
  return node(
    SEQUENCE,
    node(SEQUENCE, node(SEQUENCE, oid(identifier), leaf(NULL, '')), octets(mac)),
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
