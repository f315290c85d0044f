/**
 * The running digest of a feed: SHA-256 over the digest before (32 zero bytes before the first) and the canonical text of
 * the event. Whoever holds events 1 to N and the digest of N knows that nothing is missing, changed or out of order.
 */
import { createHash } from 'node:crypto';
import { type CanonicalValue, canonicalJson } from '../kernel/canonical-json';

export const firstDigest: Buffer = Buffer.alloc(32);

/** The events a party can be told of. */
export const eventTypes = [
  'payment.confirmed',
  'payment.result',
  'payment.reversed',
  'payment.refunded',
  'payment.refund-returned',
  'payment.corrected',
] as const;
export type EventType = (typeof eventTypes)[number];

interface EventContent {
  readonly id: string;
  readonly sequence: bigint;
  readonly type: string;
  readonly occurredAt: Date;
  readonly data: CanonicalValue;
}

/** The bytes that are hashed, returned by the feed and sent to webhooks: one text in all three places. */
export function eventText(event: EventContent): string {
  return canonicalJson({
    id: event.id,
    sequence: Number(event.sequence),
    type: event.type,
    timestamp: event.occurredAt.toISOString(),
    data: event.data,
  });
}

export function digestAfter(before: Buffer, text: string): Buffer {
  return createHash('sha256').update(before).update(text).digest();
}
