/** Branded identifiers, and UUIDs of version 7: ordered by time, so that new rows join the end of their index. */
import { randomBytes } from 'node:crypto';
import { SystemClock } from './clock';

export type Id<Name extends string> = string & { readonly __id: Name };
export type BillId = Id<'bill'>;
export type PaymentId = Id<'payment'>;
export type EntryId = Id<'entry'>;
export type MessageId = Id<'message'>;
export type NotificationId = Id<'notification'>;

const clock = new SystemClock();
let lastMs = 0;
let counter = 0;

/** RFC 9562 version 7, with a 12-bit counter that keeps ids of one millisecond in order. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the brand
export function newId<T extends string>(): T {
  const ms = clock.now().getTime();
  if (ms > lastMs) {
    lastMs = ms;
    counter = randomBytes(1).readUInt8();
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-') as T;
}
