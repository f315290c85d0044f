/**
 * API keys: how they look, what they may open, when they hold. A key is 256 random bits, so its plain SHA-256 is enough
 * to store: a slow hash protects what people think up, and there is nothing here to guess.
 */
import { createHash } from 'node:crypto';
import type { PartyFile } from './party-file.rules';

type Kind = PartyFile['kind'];

/** Each scope belongs to one kind of party or to both: a key can never hold one that its party has no use for. */
const scopeKinds = {
  'bills:read': ['service-provider'],
  'bills:write': ['service-provider'],
  'payments:read': ['service-provider'],
  'deliveries:read': ['service-provider', 'payment-service-provider'],
  'deliveries:resend': ['service-provider', 'payment-service-provider'],
  'events:read': ['service-provider', 'payment-service-provider'],
  'webhooks:write': ['service-provider', 'payment-service-provider'],
  'reports:read': ['service-provider'],
  'enquiries:read': ['payment-service-provider'],
  'payments:notify': ['payment-service-provider'],
  'statements:write': ['payment-service-provider'],
  'reversals:write': ['payment-service-provider'],
} as const satisfies Record<string, readonly Kind[]>;

export type Scope = keyof typeof scopeKinds;

export const scopes = Object.keys(scopeKinds) as readonly Scope[];

export function scopesOf(kind: Kind): readonly Scope[] {
  return scopes.filter((scope) => (scopeKinds[scope] as readonly Kind[]).includes(kind));
}

const prefix = 'malipo_';
const pattern = /^malipo_[A-Za-z0-9_-]{43}$/;

/** The prefix lets a secret scanner find a key that was published by mistake. */
export function formatApiKey(random: Buffer): string {
  return prefix + random.toString('base64url');
}

/** The digest under which a key is stored; undefined for what cannot be a key. */
export function apiKeyDigest(key: string): Buffer | undefined {
  return pattern.test(key) ? createHash('sha256').update(key).digest() : undefined;
}

export type ApiKeyState = 'active' | 'expired' | 'revoked';

/** A key holds until its expiry instant, not at it. */
export function apiKeyState(
  key: { readonly expiresAt: Date; readonly revokedAt: Date | null },
  at: Date,
): ApiKeyState {
  if (key.revokedAt !== null) return 'revoked';
  return at < key.expiresAt ? 'active' : 'expired';
}
