/** Statements on control numbers and their ranges: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { BillState } from './bill.rules';
import { ControlNumberRangeRow } from './bills.tables';

export interface ReservedSerials {
  readonly prefix: string;
  readonly has_check_digit: boolean;
  readonly first_serial: bigint;
  readonly taken: bigint;
  readonly left_over: bigint;
}

export interface LockedNumber {
  readonly number: string;
  readonly spId: number;
  readonly billId: string | null;
  readonly groupId: string | null;
}

export interface CurrentBill {
  readonly id: string;
  readonly groupId: string | null;
  readonly state: BillState;
  readonly paidMinor: bigint;
  readonly expiresAt: Date;
}

export interface RangeUsage {
  /** Of the institution. */
  readonly code: string;
  readonly name: string;
  readonly prefix: string;
  readonly capacity: bigint;
  readonly used: bigint;
  /** Whole percent that are used, rounded down. */
  readonly percent: number;
}

const reserve = sqlFile<[number, number], ReservedSerials>(__dirname, 'sql/reserve-serials.sql');

@Injectable()
export class NumberStore {
  /** Every range of every party; locks the table against a second enrolment, since prefixes exclude one another. */
  async lockRanges(tx: Tx): Promise<readonly ControlNumberRangeRow[]> {
    await tx.query(`lock table control_number_range in share row exclusive mode`);
    return tx.manager.find(ControlNumberRangeRow);
  }

  /** Every range with whose it is and how far it is used, in order of prefixes. */
  async usage(reader: Reader): Promise<readonly RangeUsage[]> {
    return reader.query<RangeUsage>(
      `select p.code, p.name, r.prefix, r.capacity, r.next_serial as used,
              (r.next_serial * 100 / r.capacity)::integer as percent
         from control_number_range r join party p on p.id = r.party_id order by r.prefix`,
    );
  }

  async prefixesOf(reader: Reader, partyId: number): Promise<readonly string[]> {
    const rows = await reader.query<{ prefix: string }>(
      `select prefix from control_number_range where party_id = $1 order by prefix`,
      [partyId],
    );
    return rows.map(({ prefix }) => prefix);
  }

  async addRange(
    tx: Tx,
    range: { partyId: number; prefix: string; capacity: bigint; keyCheckValue: string },
  ): Promise<void> {
    await tx.query(
      `insert into control_number_range (party_id, prefix, capacity, key_check_value) values ($1, $2, $3, $4)`,
      [range.partyId, range.prefix, range.capacity, range.keyCheckValue],
    );
  }

  async keyCheckValues(reader: Reader): Promise<readonly { prefix: string; value: string }[]> {
    return reader.query(`select prefix, key_check_value as value from control_number_range`);
  }

  async reserveSerials(tx: Tx, spId: number, count: number): Promise<readonly ReservedSerials[]> {
    return reserve.run(tx, spId, count);
  }

  /** Which of these numbers another gateway issued, whosever they are: they are rows already, or in an imported range. */
  async taken(tx: Tx, numbers: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ number: string }>(
      `select number from taken_numbers($1) as t (number)`,
      [numbers],
    );
    return new Set(rows.map((row) => row.number));
  }

  /** Numbers of an imported range of the institution become rows when they are first asked for. */
  async adoptImported(tx: Tx, spId: number, numbers: readonly string[]): Promise<void> {
    await tx.query(
      `insert into control_number (number, sp_id, is_imported)
       select distinct n.number, r.sp_id, true
         from unnest($2::text[]) as n (number)
         join imported_number_range r on r.sp_id = $1 and n.number between r.first_number and r.last_number
        where not exists (select from control_number c where c.number = n.number)
        order by n.number
       on conflict (number) do nothing`,
      [spId, numbers],
    );
  }

  /** In number order, before any bill: whoever gives a number a new bill holds both. */
  async lockNumbers(tx: Tx, numbers: readonly string[]): Promise<readonly LockedNumber[]> {
    return tx.query<LockedNumber>(
      `select number, sp_id as "spId", bill_id as "billId", group_id as "groupId"
         from control_number where number = any ($1) order by number for no key update`,
      [numbers],
    );
  }

  /** The bills that locked numbers stand for now, locked in id order as payments lock them. */
  async lockCurrentBills(
    tx: Tx,
    billIds: readonly string[],
    groupIds: readonly string[],
  ): Promise<readonly CurrentBill[]> {
    return tx.query<CurrentBill>(
      `select id, group_id as "groupId", state, paid_minor as "paidMinor", expires_at as "expiresAt"
         from bill where id = any ($1) or group_id = any ($2) order by id for update`,
      [billIds, groupIds],
    );
  }
}
