/** Branded identifiers, and UUIDs of version 7: ordered by time, so that new rows join the end of their index. */
import { randomUUID } from 'node:crypto';
import { SystemClock } from './clock';

export type Id<Name extends string> = string & { readonly __id: Name };
export type BillId = Id<'bill'>;
export type PaymentId = Id<'payment'>;
export type EntryId = Id<'entry'>;
export type MessageId = Id<'message'>;
export type NotificationId = Id<'notification'>;

export const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether it is written as an id is: what is not would be a fault of the database. */
export function isId(text: string): boolean {
  return idPattern.test(text);
}

const clock = new SystemClock();
let lastMs = 0;
let counter = 0;

/**
 * RFC 9562 version 7, with a 12-bit counter that keeps ids of one millisecond in order. The random half comes from
 * `randomUUID`, which keeps a store of entropy: asking the system for sixteen bytes an id was 3 % of a payment.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the brand
export function newId<T extends string>(): T {
  const random = randomUUID();
  const ms = clock.now().getTime();
  if (ms > lastMs) {
    lastMs = ms;
    counter = Number.parseInt(random.slice(0, 2), 16);
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const place = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${place}${random.slice(18)}` as T;
}
