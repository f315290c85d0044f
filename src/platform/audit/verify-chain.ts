/**
 * Checks the audit chain from the events themselves: that each block follows the one before, holds exactly the events of
 * its stretch with the content that was sealed, and bears its signature; and, against heads that were exported, that it
 * is still the chain that it was (security-reliability §3.8).
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../../kernel/business-day';
import { blockText, type ChainedRow, firstHash, hashOfText, isWithin } from './audit-chain.rules';
import { AuditChain, beginning, type SealedBlock } from './audit-chain';
import type { ExportedHead } from './audit-heads';
import { isSignedByAuditKey } from './audit-key';
import { merkleRoot } from './merkle.rules';
import type { Reader } from '../database/database';

/** Blocks read at a time: up to 64,000 hashes of events, about 10 MB. */
const pageSize = 64;

/** More than these are not named. */
const mostKeys = 200;

export interface BrokenBlocks {
  readonly count: number;
  readonly keys: readonly string[];
}

@Injectable()
export class VerifyChain {
  constructor(private readonly chain: AuditChain) {}

  /** Blocks sealed since the day, each with its events. */
  async execute(
    reader: Pick<Reader, 'query'>,
    since: BusinessDay | '-infinity',
  ): Promise<BrokenBlocks> {
    const first = since === '-infinity' ? 1n : await this.chain.firstSince(reader, since);
    const broken: string[] = [];
    let before: SealedBlock | undefined;
    if (first !== undefined && first > 1n)
      [before] = await this.chain.blocks(reader, first - 1n, 1);
    for (let next = first; next !== undefined;) {
      const blocks = await this.chain.blocks(reader, next, pageSize);
      const last = blocks.at(-1);
      if (last === undefined) break;
      const rows = await this.chain.rowsBetween(reader, before ?? beginning, last);
      broken.push(...brokenOf(blocks, before, rows));
      before = last;
      next = blocks.length < pageSize ? undefined : last.sequence + 1n;
    }
    return { count: broken.length, keys: broken.slice(0, mostKeys).sort() };
  }

  /** The blocks from `first` to `last`, which exist or are named as missing. */
  async range(
    reader: Pick<Reader, 'query'>,
    first: bigint,
    last: bigint,
  ): Promise<readonly string[]> {
    const [before] = first > 1n ? await this.chain.blocks(reader, first - 1n, 1) : [];
    const found = await this.chain.blocks(reader, first, Number(last - first) + 1);
    const blocks = found.filter(({ sequence }) => sequence <= last);
    const known = new Set(blocks.map(({ sequence }) => sequence));
    const missing: string[] = [];
    for (let each = first; each <= last; each++)
      if (!known.has(each)) missing.push(`block ${String(each)}`);
    const end = blocks.at(-1);
    if (end === undefined) return missing;
    const rows = await this.chain.rowsBetween(reader, before ?? beginning, end);
    return [...missing, ...brokenOf(blocks, before, rows)];
  }

  /** What does not agree with the heads; the chain may have grown since the last of them. */
  async compare(
    reader: Pick<Reader, 'query'>,
    heads: readonly ExportedHead[],
  ): Promise<readonly string[]> {
    const faults: string[] = [];
    const known = new Map(heads.map((head) => [head.sequence, head]));
    const keys = new Set(heads.map(({ publicKey }) => publicKey.toString('base64')));
    const found = new Set<bigint>();
    for (let next = 1n; ;) {
      const blocks = await this.chain.blocks(reader, next, pageSize);
      for (const block of blocks) {
        const head = known.get(block.sequence);
        if (head !== undefined) found.add(block.sequence);
        if (head !== undefined && !head.hash.equals(block.hash))
          faults.push(`block ${String(block.sequence)} is not the one that was exported`);
        if (!keys.has(block.publicKey.toString('base64')))
          faults.push(`block ${String(block.sequence)} is signed with a key that no head names`);
      }
      const last = blocks.at(-1);
      if (last === undefined) break;
      next = last.sequence + 1n;
    }
    for (const sequence of known.keys())
      if (!found.has(sequence)) faults.push(`block ${String(sequence)}, once exported, is gone`);
    return faults;
  }
}

/** By block; `rows` are all events from the first block of the page to the last. */
function brokenOf(
  blocks: readonly SealedBlock[],
  before: SealedBlock | undefined,
  rows: readonly ChainedRow[],
): readonly string[] {
  const broken: string[] = [];
  let expected = before;
  let at = 0;
  for (const block of blocks) {
    const own: Buffer[] = [];
    for (let row = rows[at]; row !== undefined && isWithin(row, block); row = rows[++at])
      own.push(row.hash);
    const text = blockText(block);
    const holds =
      block.sequence === (expected?.sequence ?? 0n) + 1n &&
      block.previousHash.equals(expected?.hash ?? firstHash) &&
      own.length === block.eventCount &&
      merkleRoot(own).equals(block.root) &&
      hashOfText(text).equals(block.hash) &&
      isSignedByAuditKey(text, block.signature, block.publicKey);
    if (!holds) broken.push(`block ${String(block.sequence)}`);
    expected = block;
  }
  return broken;
}
