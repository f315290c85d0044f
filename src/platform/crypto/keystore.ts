/**
 * PKCS#12 keystores: opened with node-forge, because institutions still hold files in RC2 and 3DES that OpenSSL 3
 * refuses; used with node:crypto. Makes the files we hand out too. Rules: K5 of the security design, GePG "Keys".
 */
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { asn1, md, pkcs12, pki } from 'node-forge';
import { instantFromIso } from '../../kernel/clock';
import { Refusal } from '../../kernel/refusal';
import { type CertificateFacts, readCertificate } from './certificate';
import { decode, encode } from './der';

export interface Keystore {
  readonly privateKey: KeyObject;
  /** The certificate of exactly this key; other certificates of the file are passed over. */
  readonly certificate: CertificateFacts;
}

export interface KeystoreOptions {
  /** The name Java clients ask for. Default `gepgclient`. */
  readonly alias?: string;
  /** `modern` is AES-256; `legacy` is 3DES, for clients of before 2018. Default `modern`. */
  readonly cipher?: 'modern' | 'legacy';
}

export interface Subject {
  readonly commonName: string;
  readonly organization: string;
}

export interface Validity {
  /** ISO 8601 with zone. */
  readonly notBefore: string;
  /** ISO 8601 with zone. */
  readonly notAfter: string;
}

const largestBytes = 64 * 1024;
const derivationRounds = 10_000;

/**
 * The one key of a PKCS#12 file, with its certificate. Refuses: what `readKeys` and `readCertificate` refuse,
 * keystore.key-missing, keystore.key-ambiguous.
 */
export function openKeystore(bytes: Buffer, password: string): Keystore {
  const [only, ...others] = readKeys(bytes, password);
  if (only === undefined) {
    throw new Refusal('keystore.key-missing', 'the keystore holds no private key');
  }
  if (others.length > 0) {
    throw new Refusal('keystore.key-ambiguous', 'the keystore holds several private keys');
  }
  return { privateKey: only.privateKey, certificate: readCertificate(only.certificate.raw) };
}

/**
 * Every private key of a PKCS#12 file of at most 64 kB, with its certificate. The password is ASCII: tools disagree on
 * the bytes of any other. Refuses: keystore.unreadable, keystore.password-wrong, keystore.key-mismatched.
 */
export function readKeys(
  bytes: Buffer,
  password: string,
): readonly { readonly privateKey: KeyObject; readonly certificate: X509Certificate }[] {
  if (bytes.length > largestBytes) {
    throw new Refusal('keystore.unreadable', 'the keystore is larger than 64 kB');
  }
  const bags = readBags(bytes, password);
  const certificates = bags.filter(isCertificate).map(x509);
  return bags
    .filter(isKey)
    .map(keyOf)
    .map((privateKey) => {
      const certificate = certificates.find(belongsTo(privateKey));
      if (certificate === undefined) {
        throw new Refusal(
          'keystore.key-mismatched',
          'no certificate in the keystore is of its key',
        );
      }
      return { privateKey, certificate };
    });
}

/**
 * The certificates of a PKCS#12 file of at most 64 kB; keys that are in it are passed over. Refuses:
 * keystore.unreadable, keystore.password-wrong.
 */
export function readCertificates(bytes: Buffer, password: string): readonly X509Certificate[] {
  if (bytes.length > largestBytes) {
    throw new Refusal('keystore.unreadable', 'the keystore is larger than 64 kB');
  }
  return readBags(bytes, password).filter(isCertificate).map(x509);
}

/**
 * A PKCS#12 file with one key and its certificate, readable by OpenSSL, Java and PHP. The password is ASCII.
 * A certificate of another key is a fault of the caller and throws.
 */
export function makeKeystore(
  privateKey: KeyObject,
  certificatePem: string,
  password: string,
  options: KeystoreOptions = {},
): Buffer {
  const { alias = 'gepgclient', cipher = 'modern' } = options;
  if (!belongsTo(privateKey)(new X509Certificate(certificatePem))) {
    throw new TypeError('the certificate is not of this key');
  }
  const protection = { friendlyName: alias, ...protectionOf(cipher) };
  const certificate = pki.certificateFromPem(certificatePem);
  return encode(pkcs12.toPkcs12Asn1(forgeKey(privateKey), [certificate], password, protection));
}

/** How a private key is encrypted in the files we make. */
export function protectionOf(cipher: 'modern' | 'legacy') {
  return {
    algorithm: cipher === 'modern' ? ('aes256' as const) : ('3des' as const),
    // Read by node-forge though its types leave it out; without it AES keys are derived with SHA-1.
    prfAlgorithm: 'sha256' as const,
    count: derivationRounds,
  };
}

/** A new RSA key of 2048 bits and a certificate it signs for itself with SHA-256, good for signing messages only. */
export function makeSelfSigned(
  subject: Subject,
  validity: Validity,
): { privateKey: KeyObject; certificatePem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicExponent: 65_537,
  });
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  );
  certificate.serialNumber = newSerial();
  certificate.validity.notBefore = instantFromIso(validity.notBefore);
  certificate.validity.notAfter = instantFromIso(validity.notAfter);
  const name = distinguishedName(subject);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(forgeKey(privateKey), md.sha256.create());
  return { privateKey, certificatePem: pki.certificateToPem(certificate).replaceAll('\r\n', '\n') };
}

function readBags(bytes: Buffer, password: string): readonly pkcs12.Bag[] {
  try {
    const { safeContents } = pkcs12.pkcs12FromAsn1(decode(bytes), password);
    return safeContents.flatMap(({ safeBags }) => safeBags);
  } catch (error) {
    // node-forge tells a wrong password from a broken file by its sentence alone.
    if (error instanceof Error && /(invalid|wrong) password/i.test(error.message)) {
      throw new Refusal('keystore.password-wrong', 'the password does not open the keystore');
    }
    throw new Refusal('keystore.unreadable', 'this is not a PKCS#12 keystore with a password');
  }
}

function keyOf(bag: pkcs12.Bag): KeyObject {
  const encoded = bag.key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)) : bag.asn1;
  return readOrRefuse(() =>
    createPrivateKey({ key: encode(encoded), format: 'der', type: 'pkcs8' }),
  );
}

function x509(bag: pkcs12.Bag): X509Certificate {
  const encoded = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
  return readOrRefuse(() => new X509Certificate(encode(encoded)));
}

/** node-forge leaves what it does not know (an elliptic-curve key, say) undecoded; node:crypto judges it here. */
function readOrRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Refusal('keystore.unreadable', 'a key or certificate in the keystore is broken');
  }
}

function isKey(bag: pkcs12.Bag): boolean {
  return bag.type === pki.oids['pkcs8ShroudedKeyBag'] || bag.type === pki.oids['keyBag'];
}

function isCertificate(bag: pkcs12.Bag): boolean {
  return bag.type === pki.oids['certBag'];
}

function belongsTo(privateKey: KeyObject): (certificate: X509Certificate) => boolean {
  return (certificate) => certificate.checkPrivateKey(privateKey);
}

function forgeKey(key: KeyObject): pki.rsa.PrivateKey {
  return pki.privateKeyFromPem(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** 127 random bits in 16 bytes: the first is 0x40 to 0x7f, so the number is positive and never shortened. */
export function newSerial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40);
  return bytes.toString('hex');
}

export function distinguishedName({ commonName, organization }: Subject): pki.CertificateField[] {
  // The types want a class here, but node-forge reads a type; UTF-8 carries every name.
  const utf8 = asn1.Type.UTF8 as unknown as asn1.Class;
  return [
    { shortName: 'C', value: 'TZ' },
    { shortName: 'O', value: organization, valueTagClass: utf8 },
    { shortName: 'CN', value: commonName, valueTagClass: utf8 },
  ];
}
