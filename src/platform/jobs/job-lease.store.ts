/**
 * Statements on the lease of timed work. Its time is the server's own and not `gateway_now()`: a clock that a sandbox
 * sets must neither end a lease nor make it last for hours.
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database';

@Injectable()
export class JobLeaseStore {
  /** Takes a lease that is free or has ended, or makes one's own last longer; its token, or undefined. */
  async take(
    tx: Tx,
    name: string,
    { holder, seconds }: { readonly holder: string; readonly seconds: number },
  ): Promise<bigint | undefined> {
    const [row] = await tx.query<{ token: bigint }>(
      `insert into job_lease as held (name, token, holder, lease_until)
       values ($1, 1, $2, clock_timestamp() + make_interval(secs => $3))
       on conflict (name) do update
          set token = held.token + (held.holder <> excluded.holder)::integer,
              holder = excluded.holder, lease_until = excluded.lease_until
        where held.holder = excluded.holder or held.lease_until < clock_timestamp()
       returning token`,
      [name, holder, seconds],
    );
    return row?.token;
  }

  /** Whether the token is still the last one; nobody can take the lease until the transaction has ended. */
  async isLast(tx: Tx, name: string, token: bigint): Promise<boolean> {
    const rows = await tx.query(`select from job_lease where name = $1 and token = $2 for share`, [
      name,
      token,
    ]);
    return rows.length === 1;
  }

  async giveUp(tx: Tx, name: string, holder: string): Promise<void> {
    await tx.query(
      `update job_lease set lease_until = '-infinity' where name = $1 and holder = $2`,
      [name, holder],
    );
  }
}
