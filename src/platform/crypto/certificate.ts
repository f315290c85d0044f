/**
 * Reads the X.509 certificate of a party or of the gateway and says what the rest of the system needs of it. A key
 * too weak to sign money is refused here, once, for every way in. Rules: SIG-7 and K1 of the security design.
 */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { DateTime } from 'luxon';
import { Refusal } from '../../kernel/refusal';

export interface CertificateFacts {
  readonly pem: string;
  /** SHA-256 of the DER certificate, 64 lower-case hexadecimal digits. */
  readonly fingerprint: string;
  /** SHA-256 of the DER public key (SPKI): stays the same when a certificate is renewed for the same key. */
  readonly publicKeyFingerprint: string;
  /** Hexadecimal digits, as the issuer gave it. */
  readonly serial: string;
  /** On one line, as `C=TZ, O=Hospitali ya Mfano, CN=SP70101`. */
  readonly subject: string;
  /** ISO 8601 in UTC, to the second. */
  readonly notBefore: string;
  /** ISO 8601 in UTC, to the second. */
  readonly notAfter: string;
  readonly publicKey: KeyObject;
}

/** What signs here: RSA in XML; P-256 for the gateway's answers to who agreed on it, and for PSPs over JSON. */
type KeyKind = 'rsa' | 'ec' | 'rsa or ec';

const leastBits = 2048;
const onlyExponent = 65_537n;

/**
 * The facts of one certificate, PEM or DER; of a PEM chain, those of the first. Does not judge dates or issuers.
 * Refuses: certificate.unreadable, certificate.key-weak (of another kind, RSA below 2048 bits, another curve than
 * P-256), certificate.exponent-bad.
 */
export function readCertificate(pemOrDer: Buffer, kind: KeyKind = 'rsa'): CertificateFacts {
  const { certificate, publicKey } = parse(pemOrDer);
  const isEc = kind === 'ec' || (kind === 'rsa or ec' && publicKey.asymmetricKeyType === 'ec');
  if (isEc) requireP256(publicKey);
  else requireStrong(publicKey);
  return {
    pem: certificate.toString(),
    fingerprint: sha256(certificate.raw),
    publicKeyFingerprint: sha256(publicKey.export({ type: 'spki', format: 'der' })),
    serial: certificate.serialNumber.toLowerCase(),
    subject: oneLine(certificate.subject),
    notBefore: isoFromOpenssl(certificate.validFrom),
    notAfter: isoFromOpenssl(certificate.validTo),
    publicKey,
  };
}

function parse(pemOrDer: Buffer): { certificate: X509Certificate; publicKey: KeyObject } {
  try {
    const certificate = new X509Certificate(pemOrDer);
    // OpenSSL decodes the key only when asked, so a broken key shows here and not above.
    return { certificate, publicKey: certificate.publicKey };
  } catch {
    throw new Refusal('certificate.unreadable', 'this is not an X.509 certificate in PEM or DER');
  }
}

function requireStrong(key: KeyObject): void {
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa') {
    throw new Refusal(
      'certificate.key-weak',
      `the key is ${key.asymmetricKeyType ?? 'of no known kind'}; signatures here need RSA`,
    );
  }
  if (modulusLength < leastBits) {
    throw new Refusal(
      'certificate.key-weak',
      `the RSA key has ${String(modulusLength)} bits; at least ${String(leastBits)} are needed`,
    );
  }
  if (publicExponent !== onlyExponent) {
    throw new Refusal(
      'certificate.exponent-bad',
      `the RSA key has the public exponent ${String(publicExponent)}; only 65537 is accepted`,
    );
  }
}

function requireP256(key: KeyObject): void {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType !== 'ec' || curve !== 'prime256v1') {
    throw new Refusal(
      'certificate.key-weak',
      `the key is ${curve ?? key.asymmetricKeyType ?? 'of no known kind'}; ECDSA here needs P-256`,
    );
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Node puts each part of the name on a line of its own. A certificate without a subject has none at all. */
function oneLine(subject: string | undefined): string {
  return (subject ?? '').replaceAll('\n', ', ');
}

/** OpenSSL prints `Jan  1 00:00:00 2026 GMT`: always GMT, with the day padded by a blank. */
function isoFromOpenssl(text: string): string {
  const instant = DateTime.fromFormat(text.replace(/ +/g, ' '), "LLL d HH:mm:ss yyyy 'GMT'", {
    zone: 'utc',
    locale: 'en-US',
  });
  const iso = instant.toISO({ suppressMilliseconds: true });
  if (iso === null) {
    throw new Refusal('certificate.unreadable', `the certificate has the date "${text}"`);
  }
  return iso;
}
