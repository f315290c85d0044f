/**
 * Detached JWS over the exact bytes of a body: compact form without payload (RFC 7515, appendix F), payload not encoded
 * (RFC 7797, `b64: false` named in `crit`). Everything else is refused: `none`, HMACs, keys or addresses of keys in the
 * header, names that we do not know. The caller says which keys count; the header only picks among them.
 *
 * Made with node:crypto, as the signatures of XML are: one form of JWS is taken and not the family, and a payment is
 * verified at once instead of by promises of Web Crypto, with the key as it was read for the XML path.
 */
import { constants, type KeyObject, verify, type VerifyKeyObjectInput } from 'node:crypto';
import { Refusal } from '../../kernel/refusal';
import { type Json, readStrictJson } from '../http/strict-json';

/** The header of HTTP that it travels in. */
export const jwsHeader = 'x-jws-signature';
/** The journal's word for a message whose body is signed so. */
export const jwsCandidate = 'jws';

type Algorithm = 'RS256' | 'PS256' | 'ES256';

export interface DetachedJws {
  readonly algorithm: Algorithm;
  /** Where several keys are enrolled: the fingerprint of the one that is meant. */
  readonly keyId: string | undefined;
  /** What stands before the body in the signed bytes. */
  readonly prefix: Buffer;
  readonly signature: Buffer;
}

const options: Readonly<Record<Algorithm, Omit<VerifyKeyObjectInput, 'key'>>> = {
  RS256: { padding: constants.RSA_PKCS1_PADDING },
  PS256: {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  },
  ES256: { dsaEncoding: 'ieee-p1363' },
};

const known = new Set(['alg', 'b64', 'crit', 'kid']);

/** undefined for whatever is not exactly such a signature. */
export function readDetachedJws(text: string): DetachedJws | undefined {
  const [, header = '', signature = ''] =
    /^([A-Za-z0-9_-]{1,2000})\.\.([A-Za-z0-9_-]{1,2000})$/.exec(text) ?? [];
  const headerBytes = fromBase64url(header);
  const signatureBytes = fromBase64url(signature);
  if (headerBytes === undefined || signatureBytes === undefined) return undefined;
  const said = headerOf(headerBytes);
  if (said === undefined) return undefined;
  return { ...said, prefix: Buffer.from(`${header}.`, 'latin1'), signature: signatureBytes };
}

/** What the signature is over. */
export function signedBytesOf(jws: DetachedJws, body: Uint8Array): Buffer {
  return Buffer.concat([jws.prefix, body]);
}

/** Never throws for a bad signature, nor for a key that does not fit the algorithm. */
export function isDetachedJwsBy(jws: DetachedJws, body: Uint8Array, key: KeyObject): boolean {
  if (!fits(key, jws.algorithm)) return false;
  const bytes = signedBytesOf(jws, body);
  return verify('sha256', bytes, { key, ...options[jws.algorithm] }, jws.signature);
}

function headerOf(bytes: Buffer): Pick<DetachedJws, 'algorithm' | 'keyId'> | undefined {
  const members = objectOf(bytes);
  if (members === undefined) return undefined;
  const { alg, b64, crit, kid } = members;
  if (Object.keys(members).some((name) => !known.has(name))) return undefined;
  if (b64 !== false || !isOnlyB64(crit)) return undefined;
  if (alg !== 'RS256' && alg !== 'PS256' && alg !== 'ES256') return undefined;
  if (kid !== undefined && (typeof kid !== 'string' || !/^[0-9a-f]{64}$/.test(kid)))
    return undefined;
  return { algorithm: alg, keyId: kid };
}

function objectOf(bytes: Buffer): Readonly<Record<string, Json>> | undefined {
  try {
    const value = readStrictJson(bytes);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, Json>>) : undefined;
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

function isOnlyB64(crit: Json | undefined): boolean {
  return Array.isArray(crit) && crit.length === 1 && crit[0] === 'b64';
}

/** Node's decoder skips junk, so one signature would have many spellings: encoding back must give the same text. */
function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : undefined;
}

function fits(key: KeyObject, algorithm: Algorithm): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  return algorithm === 'ES256'
    ? type === 'ec' && details?.namedCurve === 'prime256v1'
    : type === 'rsa';
}
