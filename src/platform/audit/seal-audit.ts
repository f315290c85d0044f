/**
 * Seals the audit trail: final events, in order, in blocks that name each other, signed and exported. One sealer at a
 * time, like that of the feeds: its lock belongs to the transaction that writes, so a sealer that was cut off writes
 * nothing. Who records an event does nothing for it and waits for nobody.
 */
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { blockText, hashOfText, mostEvents, nextBlocks } from './audit-chain.rules';
import { AuditChain, beginning, type SealedBlock } from './audit-chain';
import { AuditHeads } from './audit-heads';
import { AuditKey } from './audit-key';

/** Bounds what one turn carries; a backlog is read in few passes. Chosen, not measured. */
const batch = 20 * mostEvents;

@Injectable()
export class SealAudit {
  constructor(
    private readonly database: Database,
    private readonly store: AuditChain,
    private readonly key: AuditKey,
    private readonly heads: AuditHeads,
  ) {}

  /** One turn; true when there may be more to seal at once. */
  async execute(): Promise<boolean> {
    const { head, isFull } = await this.database.transaction(async (tx) => {
      await this.store.lockSealer(tx);
      const before = await this.store.head(tx);
      const rows = await this.store.unsealed(tx, before ?? beginning, batch);
      if (rows.length === 0) return { head: before, isFull: false };
      const { publicKey } = this.key;
      const blocks = nextBlocks(before, rows, await this.store.now(tx)).map(
        (block): SealedBlock => {
          const text = blockText(block);
          return { ...block, hash: hashOfText(text), signature: this.key.sign(text), publicKey };
        },
      );
      await this.store.add(tx, blocks);
      return { head: blocks.at(-1), isFull: rows.length === batch };
    });
    // After the commit, and again at the next turn if this one ends here: the file never knows more than the database.
    if (head !== undefined) await this.heads.export(head);
    return isFull;
  }
}
