/**
 * Money: an exact amount in minor units (cents) of one ISO 4217 currency. Never a float, never a `Number`.
 * Both currencies of the gateway, TZS and USD, are kept with two decimals (product.md §2).
 */
import { Refusal } from './refusal';

export const currencies = ['TZS', 'USD'] as const;
export type Currency = (typeof currencies)[number];

/**
 * Fifteen digits before the point (security-reliability P9), one fewer than the field's `decimal(18,2)`: a `bigint` holds
 * the sum of 92 such amounts, where ten of sixteen digits would overflow it. Ten times what a nation earns in a year.
 */
const plainDecimal = /^(0|[1-9]\d{0,14})(?:\.(\d{1,2}))?$/;
const tooLarge = 10n ** 17n;
const scientificDecimal = /^(\d{1,16})(?:\.(\d{1,18}))?[eE]([+-]?\d{1,2})$/;
const paddedDecimal = /^(\d{1,16})(?:\.(\d{1,18}))?$/;

export function isCurrency(text: string): text is Currency {
  return (currencies as readonly string[]).includes(text);
}

/**
 * Minor units of a strictly plain decimal: `1500`, `1500.5`, `1500.50`. This is the only form a payment may use.
 * Refuses: money.malformed for a sign, a separator, an exponent, leading zeros, or more than two decimals.
 */
export function parsePlainAmount(text: string): bigint {
  const found = plainDecimal.exec(text);
  if (!found) throw new Refusal('money.malformed', 'an amount is written like 1500 or 1500.50');
  return BigInt(found[1] ?? '') * 100n + BigInt((found[2] ?? '').padEnd(2, '0'));
}

/**
 * Minor units of a bill's amount, which Java clients also write as `1.25E7` (gepg-decisions C6). Exact:
 * digits beyond the second decimal are taken only where they are zeros.
 * Refuses: money.malformed.
 */
export function parseBillAmount(text: string): bigint {
  const scientific = scientificDecimal.exec(text);
  const found = scientific ?? paddedDecimal.exec(text);
  if (!found)
    throw new Refusal('money.malformed', 'an amount is written like 1500, 1500.50 or 1.5E3');
  const fraction = found[2] ?? '';
  const digits = (found[1] ?? '') + fraction;
  const shift = Number(scientific?.[3] ?? '0') - fraction.length + 2;
  if (shift >= 0) {
    return withinLimit(BigInt(digits) * 10n ** BigInt(shift));
  }
  const divisor = 10n ** BigInt(-shift);
  const value = BigInt(digits);
  if (value % divisor !== 0n)
    throw new Refusal('money.malformed', 'an amount has at most two decimals');
  return withinLimit(value / divisor);
}

function withinLimit(minor: bigint): bigint {
  if (minor >= tooLarge)
    throw new Refusal('money.malformed', 'the amount is larger than fifteen digits');
  return minor;
}

/** Two decimals, a point, no separators: the form of every message and file. Negative sums keep their sign. */
export function formatAmount(minor: bigint): string {
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function sumMinor(amounts: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}
