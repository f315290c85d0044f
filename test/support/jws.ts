/** Detached JWS as a PSP makes them, and as an attacker would: header, key and bytes are the caller's. */
import { constants, type KeyObject, sign, type SignKeyObjectInput } from 'node:crypto';

export const plainHeader = { alg: 'RS256', b64: false, crit: ['b64'] } as const;

const waysToSign: Readonly<Record<string, Omit<SignKeyObjectInput, 'key'>>> = {
  PS256: {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  },
  ES256: { dsaEncoding: 'ieee-p1363' },
};

/** `header` as an object or as its text. */
export function detachedJws(
  body: string | Buffer,
  key: KeyObject,
  header: object | string = plainHeader,
): string {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const encoded = Buffer.from(text).toString('base64url');
  const algorithm = /"alg":"(\w+)"/.exec(text)?.[1] ?? 'RS256';
  const bytes = Buffer.concat([Buffer.from(`${encoded}.`), Buffer.from(body)]);
  const signature = sign('sha256', bytes, { key, ...waysToSign[algorithm] });
  return `${encoded}..${signature.toString('base64url')}`;
}
