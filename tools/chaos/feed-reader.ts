/**
 * A reader of the events feed that shares nothing with the gateway: it asks over HTTP as an institution does, writes its
 * own canonical JSON (RFC 8785) and computes the running digest from what docs/events-and-webhooks.md says alone. If
 * gateway and reader were wrong together, they would have to be wrong in two programs.
 */
import { createHash } from 'node:crypto';
import { request } from 'undici';

export interface FeedEntry {
  readonly event: {
    readonly sequence: number;
    readonly data: { readonly receiptNumber: string };
  };
  readonly digest: string;
}

/** As many as a page may have. */
const limit = 200;

export async function readFeed(gateway: string, key: string): Promise<readonly FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for (;;) {
    const after = String(entries.at(-1)?.event.sequence ?? 0);
    const { statusCode, body } = await request(
      `${gateway}/v1/events?after=${after}&limit=${String(limit)}`,
      { headers: { authorization: `Bearer ${key}` } },
    );
    if (statusCode !== 200)
      throw new Error(`the feed answers ${String(statusCode)}: ${await body.text()}`);
    const { data } = (await body.json()) as { data: FeedEntry[] };
    entries.push(...data);
    if (data.length === 0) return entries;
  }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join()}}`;
}

/** How many events are missing, out of order or under a wrong digest, and how many payments are not told exactly once. */
export function judgeFeed(entries: readonly FeedEntry[], receipts: readonly string[]): number {
  let faults = 0;
  let digest = Buffer.alloc(32);
  const told = new Map<string, number>();
  entries.forEach((entry, i) => {
    digest = createHash('sha256').update(digest).update(canonical(entry.event)).digest();
    if (entry.event.sequence !== i + 1 || entry.digest !== digest.toString('hex')) faults += 1;
    const { receiptNumber } = entry.event.data;
    told.set(receiptNumber, (told.get(receiptNumber) ?? 0) + 1);
  });
  return faults + receipts.filter((receipt) => told.get(receipt) !== 1).length;
}
