/** Statements on the mappings of banks' CSV. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';

export interface StoredMapping {
  readonly account: string;
  /** As it was written. */
  readonly mapping: object;
  readonly setBy: string;
  readonly setAt: Date;
}

@Injectable()
export class BankMappingStore {
  async list(reader: Reader): Promise<readonly StoredMapping[]> {
    return reader.query<StoredMapping>(
      `select account, mapping, set_by as "setBy", set_at as "setAt" from bank_mapping order by account`,
    );
  }

  async set(tx: Tx, account: string, mapping: object, setBy: string): Promise<void> {
    await tx.query(
      `insert into bank_mapping (account, mapping, set_by) values ($1, $2, $3)
       on conflict (account) do update set mapping = excluded.mapping, set_by = excluded.set_by,
         set_at = gateway_now()`,
      [account, JSON.stringify(mapping), setBy],
    );
  }

  async drop(tx: Tx, account: string): Promise<boolean> {
    const rows = await tx.query(`delete from bank_mapping where account = $1 returning account`, [
      account,
    ]);
    return rows.length > 0;
  }
}
