/** Statements on bill tables: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { BillState, PayableBill, PaymentOption } from './bill.rules';
import { ControlNumberRangeRow } from './bills.tables';
import type { StoredBill } from './stored-bill';

interface BillRow {
  readonly number: string;
  readonly id: string;
  readonly sp_id: number;
  readonly sp_code: string;
  readonly sp_name: string;
  readonly sp_bill_id: string;
  readonly state: BillState;
  readonly payment_option: PaymentOption;
  readonly currency: Currency;
  readonly amount_minor: bigint;
  readonly minimum_minor: bigint;
  readonly limit_minor: bigint | null;
  readonly paid_minor: bigint;
  readonly surplus_minor: bigint;
  readonly cover_number: number;
  readonly version: number;
  readonly expires_at: Date;
  readonly payer_name: string;
  readonly payer_phone: string;
  readonly payer_email: string;
  readonly description: string;
  readonly sp_accounts: readonly string[];
  readonly items: readonly { gfsCode: string; amountMinor: string; paidMinor: string }[];
}

export interface NewBill {
  readonly id: string;
  readonly spId: number;
  readonly spBillId: string;
  readonly controlNumber: string;
  readonly option: PaymentOption;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly miscMinor: string;
  readonly minimumMinor: string;
  readonly generatedAt: Date;
  readonly expiresAt: Date;
  readonly payerId: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly description: string;
  readonly generatedBy: string;
  readonly approvedBy: string;
  readonly subSpCode: string;
  readonly systemId: string;
  readonly contentDigest: string;
  readonly items: readonly {
    readonly reference: string;
    readonly paysByReference: boolean;
    readonly gfsCode: string;
    readonly amountMinor: string;
    readonly miscMinor: string;
  }[];
}

export interface KnownBill {
  readonly id: string;
  readonly spBillId: string;
  readonly controlNumber: string;
  readonly contentDigest: Buffer;
}

export interface ReservedSerials {
  readonly prefix: string;
  readonly has_check_digit: boolean;
  readonly first_serial: bigint;
  readonly taken: bigint;
  readonly left_over: bigint;
}

const lockPayable = sqlFile<[readonly string[]], BillRow>(__dirname, 'sql/lock-payable-bills.sql');
const findPayable = sqlFile<[string], BillRow & { at: Date }>(
  __dirname,
  'sql/find-payable-bill.sql',
);
const insertBills = sqlFile<[string], { id: string }>(__dirname, 'sql/insert-bills.sql');
const reserve = sqlFile<[number, number], ReservedSerials>(__dirname, 'sql/reserve-serials.sql');
const applyPayments = sqlFile<unknown[], { id: string }>(__dirname, 'sql/apply-payments.sql');
const expireBills = sqlFile<[number], { id: string }>(__dirname, 'sql/expire-bills.sql');

function storedBill(row: BillRow): StoredBill {
  return {
    id: row.id,
    controlNumber: row.number,
    spId: row.sp_id,
    spCode: row.sp_code,
    spName: row.sp_name,
    spBillId: row.sp_bill_id,
    version: row.version,
    state: row.state,
    option: row.payment_option,
    currency: row.currency,
    amountMinor: row.amount_minor,
    minimumMinor: row.minimum_minor,
    limitMinor: row.limit_minor,
    paidMinor: row.paid_minor,
    surplusMinor: row.surplus_minor,
    coverNumber: row.cover_number,
    expiresAt: row.expires_at,
    payerName: row.payer_name,
    payerPhone: row.payer_phone,
    payerEmail: row.payer_email,
    description: row.description,
    spAccounts: row.sp_accounts,
    items: row.items.map((item) => ({
      gfsCode: item.gfsCode,
      amountMinor: BigInt(item.amountMinor),
      paidMinor: BigInt(item.paidMinor),
    })),
  };
}

@Injectable()
export class BillStore {
  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ now: Date }>(`select gateway_now() as now`);
    return (row as { now: Date }).now;
  }

  async lockPayable(tx: Tx, controlNumbers: readonly string[]): Promise<readonly StoredBill[]> {
    return (await lockPayable.run(tx, controlNumbers)).map(storedBill);
  }

  async findPayable(
    reader: Reader,
    controlNumber: string,
  ): Promise<{ bill: StoredBill; at: Date } | undefined> {
    const [row] = await findPayable.run(reader, controlNumber);
    return row && { bill: storedBill(row), at: row.at };
  }

  async findKnown(tx: Tx, spId: number, billIds: readonly string[]): Promise<readonly KnownBill[]> {
    return tx.query<KnownBill>(
      `select id, sp_bill_id as "spBillId", control_number as "controlNumber", content_digest as "contentDigest"
         from bill where sp_id = $1 and sp_bill_id = any ($2)`,
      [spId, billIds],
    );
  }

  /** Every range of every party; locks the table against a second enrolment, since prefixes exclude one another. */
  async lockRanges(tx: Tx): Promise<readonly ControlNumberRangeRow[]> {
    await tx.query(`lock table control_number_range in share row exclusive mode`);
    return tx.manager.find(ControlNumberRangeRow);
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

  async insert(tx: Tx, bills: readonly NewBill[]): Promise<ReadonlySet<string>> {
    return new Set((await insertBills.run(tx, JSON.stringify(bills))).map((row) => row.id));
  }

  async lockForCancel(
    tx: Tx,
    spId: number,
    billIds: readonly string[],
  ): Promise<readonly { id: string; spBillId: string; state: BillState; expiresAt: Date }[]> {
    return tx.query(
      `select id, sp_bill_id as "spBillId", state, expires_at as "expiresAt"
         from bill where sp_id = $1 and sp_bill_id = any ($2) order by id for update`,
      [spId, billIds],
    );
  }

  async cancel(tx: Tx, ids: readonly string[], reason: string): Promise<void> {
    await tx.query(
      `update bill set state = 'cancelled', cancelled_at = gateway_now(), cancel_reason = $2, version = version + 1
        where id = any ($1)`,
      [ids, reason],
    );
  }

  async apply(
    tx: Tx,
    moves: readonly { before: StoredBill; after: PayableBill }[],
  ): Promise<number> {
    const items = moves.flatMap(({ before, after }) =>
      after.items.map((item, i) => ({ id: before.id, position: i + 1, paid: item.paidMinor })),
    );
    const rows = await applyPayments.run(
      tx,
      moves.map(({ before }) => before.id),
      moves.map(({ before }) => before.version),
      moves.map(({ after }) => after.state),
      moves.map(({ after }) => after.paidMinor),
      moves.map(({ after }) => after.surplusMinor),
      moves.map(({ after }) => after.coverNumber),
      items.map((each) => each.id),
      items.map((each) => each.position),
      items.map((each) => each.paid),
    );
    return rows.length;
  }

  async expire(tx: Tx, batch: number): Promise<number> {
    return (await expireBills.run(tx, batch)).length;
  }
}
