/** Which detached signatures hold, and the near misses that must not. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { detachedJws, plainHeader } from '../../../test/support/jws';
import { isDetachedJwsBy, readDetachedJws } from './detached-jws';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const body = Buffer.from('{"amount":"150000.00"}');

function holds(text: string, key = rsa.publicKey, bytes = body): boolean {
  const jws = readDetachedJws(text);
  return jws !== undefined && isDetachedJwsBy(jws, bytes, key);
}

it.each(['RS256', 'PS256'])('%s holds for its RSA key and its bytes alone', (alg) => {
  const text = detachedJws(body, rsa.privateKey, { ...plainHeader, alg });
  expect(holds(text)).toBe(true);
  expect(holds(text, otherRsa.publicKey)).toBe(false);
  expect(holds(text, elliptic.publicKey)).toBe(false);
  expect(holds(text, rsa.publicKey, Buffer.from('{"amount":"150000.01"}'))).toBe(false);
  expect(holds(text, rsa.publicKey, Buffer.from('{"amount": "150000.00"}'))).toBe(false);
});

it('ES256 holds for its key on P-256 alone', () => {
  const header = { ...plainHeader, alg: 'ES256' };
  expect(holds(detachedJws(body, elliptic.privateKey, header), elliptic.publicKey)).toBe(true);
  expect(holds(detachedJws(body, elliptic.privateKey, header))).toBe(false);
  const onOther = detachedJws(body, otherCurve.privateKey, header);
  expect(holds(onOther, otherCurve.publicKey)).toBe(false);
});

it('the algorithm is what the header says, not what the signature looks like', () => {
  const signed = detachedJws(body, rsa.privateKey);
  const [, signature = ''] = signed.split('..');
  const header = Buffer.from(JSON.stringify({ ...plainHeader, alg: 'PS256' })).toString(
    'base64url',
  );
  expect(holds(`${header}..${signature}`)).toBe(false);
});

it('a key that is meant is told by its fingerprint', () => {
  const kid = 'ab'.repeat(32);
  const jws = readDetachedJws(detachedJws(body, rsa.privateKey, { ...plainHeader, kid }));
  expect(jws?.keyId).toBe(kid);
});

const good = detachedJws(body, rsa.privateKey);
const [goodHeader = '', goodSignature = ''] = good.split('..');
const hmac = (alg: string): string => {
  const header = Buffer.from(JSON.stringify({ ...plainHeader, alg })).toString('base64url');
  const key = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  const mac = createHmac('sha256', key).update(`${header}.`).update(body).digest('base64url');
  return `${header}..${mac}`;
};
const headed = (header: object | string): string => detachedJws(body, rsa.privateKey, header);
const { alg, b64, crit } = plainHeader;

it.each<[what: string, text: string]>([
  ['nothing', ''],
  ['only dots', '..'],
  ['no signature', `${goodHeader}..`],
  ['no header', `..${goodSignature}`],
  ['the body inside', `${goodHeader}.${body.toString('base64url')}.${goodSignature}`],
  ['a third part', `${good}.x`],
  ['base64 with padding', `${goodHeader}..${goodSignature}=`],
  ['plain base64', `${goodHeader}..${Buffer.from(goodSignature, 'base64url').toString('base64')}`],
  ['a second spelling of the last letter', `${goodHeader}..${goodSignature.slice(0, -1)}_`],
  ['a line break', `${goodHeader}..${goodSignature}\n`],
  ['more than 2,000 letters', `${goodHeader}..${'A'.repeat(2_004)}`],
  ['none', headed({ ...plainHeader, alg: 'none' })],
  ['an HMAC with the public key', hmac('HS256')],
  ['an HMAC that says RS256', hmac('RS256')],
  ['RS512', headed({ ...plainHeader, alg: 'RS512' })],
  ['ES256 by an RSA key', headed({ ...plainHeader, alg: 'ES256' })],
  ['rs256 in small letters', headed({ ...plainHeader, alg: 'rs256' })],
  ['no algorithm', headed({ b64, crit })],
  ['an encoded body', headed({ alg, b64: true, crit })],
  ['b64 that is not named in crit', headed({ alg, b64 })],
  ['crit without b64', headed({ alg, crit })],
  ['an empty crit', headed({ alg, b64, crit: [] })],
  ['more in crit', headed({ alg, b64, crit: ['b64', 'exp'] })],
  ['b64 twice in crit', headed({ alg, b64, crit: ['b64', 'b64'] })],
  ['crit as a text', headed({ alg, b64, crit: 'b64' })],
  ['a key in the header', headed({ ...plainHeader, jwk: { kty: 'RSA' } })],
  ['the address of a key', headed({ ...plainHeader, jku: 'https://example.org/keys' })],
  ['a certificate', headed({ ...plainHeader, x5c: ['MIIB'] })],
  ['a kid that is a path', headed({ ...plainHeader, kid: '../../etc/passwd' })],
  ['a kid that is a number', headed({ ...plainHeader, kid: 1 })],
  ['a name twice', headed('{"alg":"RS256","alg":"none","b64":false,"crit":["b64"]}')],
  ['a header that is a list', headed('["RS256"]')],
  ['a header that is no JSON', headed('RS256')],
])('refuses %s', (_what, text) => {
  expect(holds(text)).toBe(false);
});
