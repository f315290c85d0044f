/**
 * RSA PKCS#1 v1.5 signatures over bytes, as every GePG client makes them, and ECDSA P-256 for what we send to who agreed
 * on it. Knows nothing of XML, parties or which digest a party may use (that is configuration, SIG-6). Rules: security
 * design §2.2, SIG-7 and SIG-8.
 */
import {
  constants,
  type KeyObject,
  publicDecrypt,
  sign,
  type SignKeyObjectInput,
  verify,
} from 'node:crypto';

export type Digest = 'sha1' | 'sha256';

const padding = constants.RSA_PKCS1_PADDING;
const lineBreaks = /[\r\n]+/g;

/** The signature, as long as the key's modulus. A key that is not a private RSA key is a fault of ours and throws. */
export function signBytes(bytes: Uint8Array, key: KeyObject, digest: Digest): Buffer {
  if (key.asymmetricKeyType !== 'rsa') throw new TypeError('signing needs an RSA private key');
  return sign(digest, bytes, { key, padding });
}

/** As `signBytes`, on the thread pool: an RSA signature takes about 0.3 ms, which the event loop should not wait for. */
export function signOnPool(bytes: Uint8Array, key: KeyObject, digest: Digest): Promise<Buffer> {
  if (key.asymmetricKeyType !== 'rsa') throw new TypeError('signing needs an RSA private key');
  return pooled(bytes, digest, { key, padding });
}

/**
 * ECDSA with SHA-256 (RFC 5758) in DER, as Java's `SHA256withECDSA` and OpenSSL read it. Never the same twice: the bytes
 * are random in part.
 */
export function signEcOnPool(bytes: Uint8Array, key: KeyObject): Promise<Buffer> {
  if (key.asymmetricKeyType !== 'ec') throw new TypeError('ECDSA needs an elliptic-curve key');
  return pooled(bytes, 'sha256', { key, dsaEncoding: 'der' });
}

function pooled(bytes: Uint8Array, digest: Digest, key: SignKeyObjectInput): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign(digest, bytes, key, (fault, signature) => {
      if (fault) reject(fault);
      else resolve(signature);
    });
  });
}

/** Never throws for a bad signature. False also for a key that is not RSA, and for a length other than the modulus. */
export function isSignedBy(
  bytes: Uint8Array,
  signature: Uint8Array,
  key: KeyObject,
  digest: Digest,
): boolean {
  return fitsModulus(signature, key) && verify(digest, bytes, { key, padding }, signature);
}

/** As `isSignedBy` for what `signEcOnPool` made. False also for a key of another kind. */
export function isEcSignedBy(bytes: Uint8Array, signature: Uint8Array, key: KeyObject): boolean {
  return (
    key.asymmetricKeyType === 'ec' &&
    verify('sha256', bytes, { key, dsaEncoding: 'der' }, signature)
  );
}

/** As `isSignedBy`, on the thread pool: for many stored messages, whose verification is no reason for others to wait. */
export function isSignedByOnPool(
  bytes: Uint8Array,
  signature: Uint8Array,
  key: KeyObject,
  digest: Digest,
): Promise<boolean> {
  if (!fitsModulus(signature, key)) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    verify(digest, bytes, { key, padding }, signature, (fault, holds) => {
      if (fault) reject(fault);
      else resolve(holds);
    });
  });
}

/**
 * Whether the key made this signature, over whatever bytes. Every signature that verifies passes, and no byte is
 * hashed: where many keys are asked about megabytes, the others cost 0.1 ms each instead of a hash of the whole.
 */
export function isMadeBy(signature: Uint8Array, key: KeyObject): boolean {
  if (!fitsModulus(signature, key)) return false;
  try {
    publicDecrypt({ key, padding }, signature);
    return true;
  } catch {
    // The padding of another key's signature is noise: OpenSSL throws for it.
    return false;
  }
}

function fitsModulus(signature: Uint8Array, key: KeyObject): boolean {
  const bits =
    key.asymmetricKeyType === 'rsa' ? key.asymmetricKeyDetails?.modulusLength : undefined;
  return bits !== undefined && signature.length === Math.ceil(bits / 8);
}

/**
 * The bytes of a base64 text, or undefined when it is empty or not exactly base64. Only line breaks are removed.
 * Node's decoder skips junk, so one signature would have many spellings: encoding back must give the same text.
 */
export function readSignatureText(text: string): Buffer | undefined {
  const base64 = text.replace(lineBreaks, '');
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === base64 ? bytes : undefined;
}
