/** Statements on the breakers: one row for each endpoint that counts as down. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';

/** Of whom; the endpoint is '' for the address of the party file. */
interface BreakerOf {
  readonly recipient_id: number;
  readonly endpoint: string;
}

export interface OpenBreaker {
  readonly code: string;
  readonly endpoint: string;
  readonly openedAt: Date;
  readonly openUntil: Date;
  readonly pauseMs: number;
  readonly lastOutcome: string;
  readonly waiting: bigint;
}

@Injectable()
export class BreakerStore {
  /** False when it is open already, through another worker or through attempts that ended later. */
  async open(tx: Tx, of: BreakerOf, pauseMs: number, outcome: string): Promise<boolean> {
    const rows = await tx.query(
      `insert into delivery_breaker (recipient_id, endpoint, open_until, pause_ms, last_outcome)
       values ($1, $2, gateway_now() + make_interval(secs => $3::double precision / 1000), $3, $4)
       on conflict (recipient_id, endpoint) do nothing returning recipient_id`,
      [of.recipient_id, of.endpoint, pauseMs, outcome],
    );
    return rows.length === 1;
  }

  /** After a probe that failed; true when the endpoint has been down for longer than an hour. */
  async prolong(tx: Tx, of: BreakerOf, pauseMs: number, outcome: string): Promise<boolean> {
    const [row] = await tx.query<{ is_long: boolean }>(
      `update delivery_breaker
          set open_until = gateway_now() + make_interval(secs => $3::double precision / 1000), pause_ms = $3,
              last_outcome = $4
        where recipient_id = $1 and endpoint = $2
        returning opened_at < gateway_now() - interval '1 hour' as is_long`,
      [of.recipient_id, of.endpoint, pauseMs, outcome],
    );
    return row?.is_long ?? false;
  }

  async close(tx: Tx, of: BreakerOf): Promise<void> {
    await tx.query(`delete from delivery_breaker where recipient_id = $1 and endpoint = $2`, [
      of.recipient_id,
      of.endpoint,
    ]);
  }

  async list(reader: Reader): Promise<readonly OpenBreaker[]> {
    return reader.query<OpenBreaker>(
      `select p.code, b.endpoint, b.opened_at as "openedAt", b.open_until as "openUntil",
              b.pause_ms as "pauseMs", b.last_outcome as "lastOutcome",
              (select count(*) from delivery d
                where d.recipient_id = p.id and d.endpoint = b.endpoint and d.settled_at is null) as waiting
         from delivery_breaker b join party p on p.id = b.recipient_id
        order by b.opened_at`,
    );
  }
}
