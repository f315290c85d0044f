/** Statements on verifications of the audit chain: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';

export interface ChainCheck {
  readonly id: bigint;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** The head of the chain when it began; 0 before, and for a chain without blocks. */
  readonly lastBlock: bigint;
  /** Of that head, hexadecimal. */
  readonly lastHash: string | null;
  readonly checkedThrough: bigint;
  readonly broken: readonly string[];
}

const columns = `id, requested_at as "requestedAt", requested_by as "requestedBy", started_at as "startedAt",
  finished_at as "finishedAt", last_block as "lastBlock", encode(last_hash, 'hex') as "lastHash",
  checked_through as "checkedThrough", broken`;

@Injectable()
export class ChainCheckStore {
  /** False while another is open. */
  async request(tx: Tx, requestedBy: string): Promise<boolean> {
    const rows = await tx.query(
      `insert into chain_check (requested_by) values ($1) on conflict do nothing returning id`,
      [requestedBy],
    );
    return rows.length > 0;
  }

  async open(reader: Pick<Reader, 'query'>): Promise<ChainCheck | undefined> {
    const [row] = await reader.query<ChainCheck>(
      `select ${columns} from chain_check where finished_at is null`,
    );
    return row;
  }

  /** The newest first. */
  async latest(reader: Reader, limit: number): Promise<readonly ChainCheck[]> {
    return reader.query<ChainCheck>(
      `select ${columns} from chain_check order by id desc limit $1`,
      [limit],
    );
  }

  async begin(tx: Tx, id: bigint, lastBlock: bigint, lastHash: Buffer | null): Promise<void> {
    await tx.query(
      `update chain_check set started_at = gateway_now(), last_block = $2, last_hash = $3 where id = $1`,
      [id, lastBlock, lastHash],
    );
  }

  /** Finished where it has come to the last block. At most 200 broken blocks are named. */
  async advance(tx: Tx, id: bigint, through: bigint, broken: readonly string[]): Promise<void> {
    await tx.query(
      `update chain_check
          set checked_through = $2, broken = (broken || $3::text[])[1:200],
              finished_at = case when $2 = last_block then gateway_now() end
        where id = $1`,
      [id, through, broken],
    );
  }
}
