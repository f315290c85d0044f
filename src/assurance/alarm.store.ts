/** Statements on alarms: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';

export interface Alarm {
  readonly id: bigint;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
  readonly openedAt: Date;
  /** Null while it is open. */
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
}

const columns = `id, kind, subject, detail, opened_at as "openedAt", acknowledged_at as "acknowledgedAt",
  acknowledged_by as "acknowledgedBy"`;

@Injectable()
export class AlarmStore {
  async countOpen(reader: Reader): Promise<number> {
    const [row] = await reader.query<{ count: number }>(
      `select count(*)::integer as count from alarm where acknowledged_at is null`,
    );
    return row?.count ?? 0;
  }

  /** The newest first; `before` is the id of the last one seen. */
  async open(reader: Reader, before: bigint | null, limit: number): Promise<readonly Alarm[]> {
    return reader.query(
      `select ${columns} from alarm where acknowledged_at is null and ($1::bigint is null or id < $1)
        order by id desc limit $2`,
      [before, limit],
    );
  }

  /** The last acknowledged first. */
  async acknowledged(reader: Reader, limit: number): Promise<readonly Alarm[]> {
    return reader.query(
      `select ${columns} from alarm where acknowledged_at is not null
        order by acknowledged_at desc, id desc limit $1`,
      [limit],
    );
  }

  /** Locks it until the end of the transaction. */
  async lock(tx: Tx, id: bigint): Promise<Alarm | undefined> {
    const [row] = await tx.query<Alarm>(`select ${columns} from alarm where id = $1 for update`, [
      id,
    ]);
    return row;
  }

  async acknowledge(tx: Tx, id: bigint, by: string): Promise<void> {
    await tx.query(
      `update alarm set acknowledged_at = gateway_now(), acknowledged_by = $2 where id = $1`,
      [id, by],
    );
  }
}
