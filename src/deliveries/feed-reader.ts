/**
 * A party's own feed: pages of events for ever, and the position it acknowledges. Rules: product.md §6. Reads go through
 * the tenant role, so that a page of another party cannot come out whatever is asked.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { firstDigest } from './feed-digest.rules';
import { FeedStore } from './feed.store';

export interface FeedPage {
  /** Each with the canonical text that its digest is made over. */
  readonly events: readonly {
    readonly sequence: bigint;
    readonly content: string;
    readonly digest: string;
  }[];
  readonly lastSequence: bigint;
  readonly acknowledgedSequence: bigint;
}

export interface FeedPosition {
  readonly acknowledgedSequence: bigint;
  readonly lastSequence: bigint;
  readonly digest: string;
}

@Injectable()
export class FeedReader {
  constructor(
    private readonly database: Database,
    private readonly store: FeedStore,
    private readonly audit: AuditTrail,
  ) {}

  async page(partyId: number, after: bigint, limit: number): Promise<FeedPage> {
    return this.database.forParty(partyId).read(async (reader) => {
      // The head first: events sealed between the two reads are beyond it, and never the other way round.
      const head = await this.store.head(reader, partyId);
      const events = await this.store.page(reader, partyId, after, limit);
      return {
        events: events.map(({ sequence, content, digest }) => ({
          sequence,
          content,
          digest: digest.toString('hex'),
        })),
        lastSequence: max(head?.lastSequence ?? 0n, events.at(-1)?.sequence ?? 0n),
        acknowledgedSequence: head?.acknowledgedSequence ?? 0n,
      };
    });
  }

  /**
   * The party holds everything up to `sequence`; with its own digest of it, if it keeps one.
   * Refuses: feed.position-unknown, feed.digest-differs.
   */
  async acknowledge(
    tx: Tx,
    party: { readonly id: number; readonly code: string },
    sequence: bigint,
    digest?: string,
  ): Promise<FeedPosition> {
    const held = sequence === 0n ? firstDigest : await this.store.digestAt(tx, party.id, sequence);
    const head = await this.store.head(tx, party.id);
    const lastSequence = head?.lastSequence ?? 0n;
    if (held === undefined)
      throw new Refusal(
        'feed.position-unknown',
        `the feed ends at ${String(lastSequence)}`,
        'unprocessable',
      );
    if (digest !== undefined && digest !== held.toString('hex'))
      throw new Refusal(
        'feed.digest-differs',
        `the digest of ${String(sequence)} is another one: read again from the last position that agreed`,
        'conflict',
      );
    await this.store.acknowledge(tx, party.id, sequence);
    await this.audit.record(tx, {
      actor: party.code,
      action: 'feed.acknowledged',
      subject: party.code,
      detail: { sequence: String(sequence), hasDigest: digest !== undefined },
    });
    return {
      acknowledgedSequence: max(head?.acknowledgedSequence ?? 0n, sequence),
      lastSequence,
      digest: held.toString('hex'),
    };
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
