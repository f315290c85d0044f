/**
 * Lets a body in whose signature holds over its exact bytes, made with a key of the party that signed in and that is
 * valid now. Runs before anything of the body is read (security-reliability SIG-4, SIG-9). What fails leaves one security
 * log line and nothing else.
 */
import { createHash } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { instantNow, type Party, type PartyKey } from '../parties/party-directory';
import { isKeyValid } from '../parties/party-key.rules';
import { isDetachedJwsBy, jwsHeader, readDetachedJws } from '../platform/crypto/detached-jws';
import { Log } from '../platform/logging/logger';
import { type ApiRequest, holderOf, rawBodyOf, requestOf } from './request-context';

@Injectable()
export class SignedBodyGuard implements CanActivate {
  constructor(private readonly log: Log) {}

  /** Refuses: signature.missing, signature.wrong. */
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    const { party } = holderOf(request);
    const text = request.headers[jwsHeader];
    if (typeof text !== 'string' || text === '') {
      this.tell(request, party, 'signature.missing');
      throw new Refusal(
        'signature.missing',
        'send the header X-JWS-Signature: a detached JWS over the bytes of the body',
        'unauthenticated',
      );
    }
    const bytes = rawBodyOf(request);
    const key = keyOf(party, bytes, text);
    if (key === undefined) {
      this.tell(request, party, 'signature.wrong');
      throw new Refusal(
        'signature.wrong',
        'no enrolled key that holds now made this signature over these bytes, as RS256, PS256 or ES256 with b64 false',
        'unauthenticated',
      );
    }
    request.signed = { bytes, jws: text, certificateFingerprint: key.fingerprint };
    return true;
  }

  private tell(request: ApiRequest, party: Party, code: string): void {
    const body = rawBodyOf(request);
    this.log.security('message-refused', {
      requestId: request.id,
      path: request.url,
      party: party.code,
      code,
      peer: request.ip,
      bytes: body.length,
      digest: createHash('sha256').update(body).digest('hex'),
    });
  }
}

function keyOf(party: Party, bytes: Buffer, text: string): PartyKey | undefined {
  const jws = readDetachedJws(text);
  if (jws === undefined) return undefined;
  const at = instantNow(party);
  return party.keys.find(
    (key) =>
      isKeyValid(key, at) &&
      (jws.keyId === undefined || jws.keyId === key.fingerprint) &&
      isDetachedJwsBy(jws, bytes, key.publicKey),
  );
}
