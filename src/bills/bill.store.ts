/** Statements on bill tables as institutions fill them: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { BillForm } from './bill-submission';
import type { BillState, PaymentOption } from './bill.rules';

/** What a bill says: as it was submitted, or as it was last changed. Amounts are minor units, as text for JSON. */
export interface BillContent {
  readonly option: PaymentOption;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly miscMinor: string;
  readonly minimumMinor: string;
  readonly limitMinor: string | null;
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
  readonly extras: Readonly<Record<string, string>>;
  readonly items: readonly {
    readonly reference: string;
    readonly paysByReference: boolean;
    readonly gfsCode: string;
    readonly subSpCode: string;
    readonly amountMinor: string;
    readonly miscMinor: string;
  }[];
}

export interface NewBill extends BillContent {
  readonly id: string;
  readonly spId: number;
  readonly spBillId: string;
  readonly controlNumber: string;
  /** The number exists, and is locked by this transaction. */
  readonly isReuse: boolean;
  readonly isImported: boolean;
  readonly groupId: string | null;
  readonly groupPosition: number;
  readonly form: BillForm;
  readonly contentDigest: string;
}

export interface KnownBill {
  readonly id: string;
  readonly spBillId: string;
  readonly controlNumber: string;
  readonly contentDigest: Buffer;
}

export interface LockedBill {
  readonly id: string;
  readonly spBillId: string;
  readonly controlNumber: string;
  readonly state: BillState;
  readonly expiresAt: Date;
  readonly changeDigest: Buffer | null;
  readonly content: BillContent;
}

/** A row of lock-bills-to-change: texts and counts of the bill, one row an item. */
interface ChangeableRow extends Omit<LockedBill, 'content'>, Omit<BillContent, 'items'> {
  readonly item: BillContent['items'][number];
}

const insertBills = sqlFile<[string], { id: string }>(__dirname, 'sql/insert-bills.sql');
const lockToChange = sqlFile<[number, readonly string[]], ChangeableRow>(
  __dirname,
  'sql/lock-bills-to-change.sql',
);
const changeBills = sqlFile<[string], { id: string }>(__dirname, 'sql/change-bills.sql');
const expireBills = sqlFile<[number], { id: string }>(__dirname, 'sql/expire-bills.sql');

@Injectable()
export class BillStore {
  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ now: Date }>(`select gateway_now() as now`);
    return (row as { now: Date }).now;
  }

  async findKnown(tx: Tx, spId: number, billIds: readonly string[]): Promise<readonly KnownBill[]> {
    return tx.query<KnownBill>(
      `select id, sp_bill_id as "spBillId", control_number as "controlNumber", content_digest as "contentDigest"
         from bill where sp_id = $1 and sp_bill_id = any ($2)`,
      [spId, billIds],
    );
  }

  /** Ids of those inserted; the others exist already under their BillId. */
  async insert(tx: Tx, bills: readonly NewBill[]): Promise<ReadonlySet<string>> {
    if (bills.length === 0) return new Set();
    return new Set((await insertBills.run(tx, JSON.stringify(bills))).map((row) => row.id));
  }

  /** Bills of the institution that stand alone: parts of a group are cancelled with their group. */
  async lockForCancel(
    tx: Tx,
    spId: number,
    billIds: readonly string[],
  ): Promise<readonly { id: string; spBillId: string; state: BillState; expiresAt: Date }[]> {
    return tx.query(
      `select id, sp_bill_id as "spBillId", state, expires_at as "expiresAt"
         from bill where sp_id = $1 and sp_bill_id = any ($2) and group_id is null order by id for update`,
      [spId, billIds],
    );
  }

  async cancel(tx: Tx, ids: readonly string[], reason: string): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(
      `update bill set state = 'cancelled', cancelled_at = gateway_now(), cancel_reason = $2, version = version + 1
        where id = any ($1)`,
      [ids, reason],
    );
  }

  async lockToChange(
    tx: Tx,
    spId: number,
    billIds: readonly string[],
  ): Promise<readonly LockedBill[]> {
    const bills = new Map<string, LockedBill>();
    for (const row of await lockToChange.run(tx, spId, billIds)) {
      const { id, spBillId, controlNumber, state, changeDigest, item, ...content } = row;
      const items = [...(bills.get(id)?.content.items ?? []), item];
      bills.set(id, {
        id,
        spBillId,
        controlNumber,
        state,
        changeDigest,
        expiresAt: content.expiresAt,
        content: { ...content, items },
      });
    }
    return [...bills.values()];
  }

  async change(
    tx: Tx,
    changes: readonly (BillContent & {
      readonly id: string;
      readonly changeDigest: string;
      readonly replacesItems: boolean;
    })[],
  ): Promise<void> {
    if (changes.length > 0) await changeBills.run(tx, JSON.stringify(changes));
  }

  /** Marks locked bills as expired; a number that goes on to another bill leaves no payable one behind. */
  async expireThese(tx: Tx, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(
      `update bill set state = 'expired', version = version + 1
        where id = any ($1) and state in ('open', 'partly-paid')`,
      [ids],
    );
  }

  async expire(tx: Tx, batch: number): Promise<number> {
    return (await expireBills.run(tx, batch)).length;
  }
}
