/**
 * The blocks of the audit chain: each names the hash of the one before, the root of its events and where it ends; its
 * text is canonical JSON, its hash the SHA-256 of the text, its signature Ed25519 over the text. Pure.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json';
import { merkleRoot } from './merkle.rules';

/** The hash that the first block names. */
export const firstHash = Buffer.alloc(32);

/** Security-reliability §3.8. */
export const mostEvents = 1_000;

/** What is hashed of an event, and where it stands. */
export interface ChainedRow {
  readonly place: bigint;
  readonly id: bigint;
  /** SHA-256 of its content. */
  readonly hash: Buffer;
}

export interface BlockContent {
  readonly sequence: bigint;
  readonly previousHash: Buffer;
  readonly root: Buffer;
  readonly eventCount: number;
  readonly lastPlace: bigint;
  readonly lastId: bigint;
  readonly sealedAt: Date;
}

export function blockText(block: BlockContent): string {
  return canonicalJson({
    count: block.eventCount,
    lastId: String(block.lastId),
    lastPlace: String(block.lastPlace),
    previous: block.previousHash.toString('hex'),
    root: block.root.toString('hex'),
    sealedAt: block.sealedAt.toISOString(),
    sequence: String(block.sequence),
  });
}

export function hashOfText(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The next blocks, of at most `mostEvents` each, over rows in their order. */
export function nextBlocks(
  head: { readonly sequence: bigint; readonly hash: Buffer } | undefined,
  rows: readonly ChainedRow[],
  sealedAt: Date,
): readonly BlockContent[] {
  const blocks: BlockContent[] = [];
  let sequence = head?.sequence ?? 0n;
  let previousHash = head?.hash ?? firstHash;
  for (let from = 0; from < rows.length; from += mostEvents) {
    const own = rows.slice(from, from + mostEvents);
    const last = own.at(-1);
    if (last === undefined) break;
    sequence += 1n;
    const block = {
      sequence,
      previousHash,
      root: merkleRoot(own.map((row) => row.hash)),
      eventCount: own.length,
      lastPlace: last.place,
      lastId: last.id,
      sealedAt,
    };
    blocks.push(block);
    previousHash = hashOfText(blockText(block));
  }
  return blocks;
}

/** Whether `row` stands at or before the end of a block. */
export function isWithin(row: ChainedRow, block: BlockContent): boolean {
  return row.place < block.lastPlace || (row.place === block.lastPlace && row.id <= block.lastId);
}
