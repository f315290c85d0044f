/** API keys: their form, their digest, which scopes a kind of party has, and when a key holds. */
import fc from 'fast-check';
import { apiKeyDigest, apiKeyState, formatApiKey, scopes, scopesOf } from './api-key.rules';

it('makes keys that it reads again, each with a digest of its own', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((each) => Buffer.from(each));
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      const digest = apiKeyDigest(formatApiKey(one)) ?? Buffer.alloc(0);
      expect(digest).toHaveLength(32);
      expect(apiKeyDigest(formatApiKey(other))?.equals(digest)).toBe(one.equals(other));
    }),
  );
});

it.each([
  '',
  'malipo_',
  `malipo_${'a'.repeat(42)}`,
  `malipo_${'a'.repeat(44)}`,
  `x${'a'.repeat(49)}`,
])('has no digest for %p', (key) => {
  expect(apiKeyDigest(key)).toBeUndefined();
});

it('gives every scope to some kind of party, and what moves money or bills to one', () => {
  const both = [...scopesOf('service-provider'), ...scopesOf('payment-service-provider')];
  expect([...new Set(both)].sort()).toEqual([...scopes].sort());
  expect(scopesOf('payment-service-provider')).not.toContain('bills:write');
  expect(scopesOf('service-provider')).not.toContain('payments:notify');
});

it.each([
  [1_000, null, 999, 'active'],
  [1_000, null, 1_000, 'expired'],
  [1_000, 500, 400, 'revoked'],
  [1_000, 500, 2_000, 'revoked'],
])('expires at %p, revoked at %p: at %p it is %s', (expiresAt, revokedAt, at, state) => {
  const key = {
    expiresAt: new Date(expiresAt),
    revokedAt: revokedAt === null ? null : new Date(revokedAt),
  };
  expect(apiKeyState(key, new Date(at))).toBe(state);
});
