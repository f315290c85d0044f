/**
 * Lets a request in: a bearer API key, a party that may take part, a scope for the operation, and the party's rate.
 * Runs before the body is parsed. Default deny: an operation that names no scope is never reached (I11).
 */
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Refusal } from '../kernel/refusal';
import { ApiKeyDirectory } from '../parties/api-key-directory';
import type { Scope } from '../parties/api-key.rules';
import type { Party } from '../parties/party-directory';
import { TokenBuckets } from '../platform/http/token-buckets';
import { requestOf } from './request-context';

export const scopeKey = 'api:scope';

/** Of one address: keys that are none. Whoever tries them does not reach the database. */
const misses = { perSecond: 1, burst: 50 } as const;

@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly parties = new TokenBuckets();
  private readonly strangers = new TokenBuckets();

  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeyDirectory,
  ) {}

  /** Refuses: api-key.missing, api-key.invalid, api-key.guessed, party.suspended, api-key.scope-missing, request.limited. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scope = this.reflector.get<Scope | undefined>(scopeKey, context.getHandler());
    if (scope === undefined) throw new Error('an operation of /v1 names its scope');
    const request = requestOf(context);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const key = bearerOf(request.headers.authorization);
    if (!this.strangers.has(request.ip, misses)) {
      throw new Refusal(
        'api-key.guessed',
        'too many keys that are none came from there',
        'limited',
        {
          retryAfterSeconds: 5,
        },
      );
    }
    const holder = await this.keys.find(key);
    if (holder === undefined) {
      this.strangers.take(request.ip, misses);
      throw new Refusal(
        'api-key.invalid',
        'the API key is unknown, revoked or expired',
        'unauthenticated',
      );
    }
    const { party } = holder;
    this.takeOne(party, reply);
    if (!party.isActive)
      throw new Refusal('party.suspended', `${party.code} is suspended`, 'forbidden');
    if (!holder.scopes.includes(scope)) {
      throw new Refusal('api-key.scope-missing', `this key has no scope ${scope}`, 'forbidden');
    }
    request.holder = holder;
    return true;
  }

  /** The fields of the draft "RateLimit header fields for HTTP": what the policy is, and what is left of it. */
  private takeOne({ code, profile }: Party, reply: FastifyReply): void {
    const rate = { perSecond: profile.requestsPerSecond, burst: profile.requestsPerSecond };
    const isIn = this.parties.take(code, rate);
    const left = this.parties.left(code, rate);
    const seconds = Math.ceil((rate.burst - left) / rate.perSecond);
    void reply
      .header('ratelimit-policy', `"party";q=${String(rate.burst)};w=1`)
      .header('ratelimit', `"party";r=${String(left)};t=${String(seconds)}`);
    if (isIn) return;
    throw new Refusal('request.limited', 'this party asks too often', 'limited', {
      retryAfterSeconds: 1,
    });
  }
}

/** Refuses: api-key.missing. */
function bearerOf(header: string | undefined): string {
  const [, key] = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(header ?? '') ?? [];
  if (key === undefined) {
    throw new Refusal(
      'api-key.missing',
      'send the header "Authorization: Bearer <API key>"',
      'unauthenticated',
    );
  }
  return key;
}
