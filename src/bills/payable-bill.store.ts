/** Statements on bills as payments and enquiries see them: locked, moved, or only looked at. No decision. */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { BillForm } from './bill-submission';
import type { BillState, PayableBill, PaymentOption } from './bill.rules';
import type { StoredBill, StoredGroup, StoredNumber } from './stored-bill';

/** One item of one bill of one number. */
interface ItemRow {
  readonly number: string;
  readonly id: string;
  readonly control_number: string;
  readonly form: BillForm;
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
  readonly gfs_code: string;
  readonly item_amount_minor: bigint;
  readonly item_paid_minor: bigint;
  readonly group_id: string | null;
  readonly group_code: string;
  readonly group_form: BillForm;
  readonly group_sp_code: string;
  readonly sp_group_bill_id: string;
}

interface FoundRow {
  readonly number: string;
  readonly at: Date;
  readonly is_known: boolean;
  readonly is_imported: boolean;
}

/** A row of the enquiry; without a bill its other columns are null. */
type EnquiryRow = FoundRow & (ItemRow | { readonly id: null });

export interface FoundNumber {
  readonly at: Date;
  /** The own number of a part of a group, which nobody can pay on. */
  readonly isPart: boolean;
  /** From another gateway, which need not have known our check digit. */
  readonly isImported: boolean;
  readonly stored: StoredNumber | undefined;
}

export interface Move {
  readonly before: Pick<StoredBill, 'id' | 'version'>;
  readonly after: PayableBill;
  readonly version: number;
}

const lockPayable = sqlFile<[readonly string[]], ItemRow>(__dirname, 'sql/lock-payable-bills.sql');
const findPayable = sqlFile<[readonly string[]], EnquiryRow>(
  __dirname,
  'sql/find-payable-bills.sql',
);
const lockByIds = sqlFile<[readonly string[]], ItemRow & { readonly is_current: boolean }>(
  __dirname,
  'sql/lock-bills-by-id.sql',
);
const applyPayments = sqlFile<unknown[], { id: string }>(__dirname, 'sql/apply-payments.sql');

function storedBill(rows: readonly ItemRow[]): StoredBill {
  const [row] = rows;
  if (row === undefined) throw new Error('a bill has at least one item');
  return {
    id: row.id,
    controlNumber: row.control_number,
    form: row.form,
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
    items: rows.map((item) => ({
      gfsCode: item.gfs_code,
      amountMinor: item.item_amount_minor,
      paidMinor: item.item_paid_minor,
    })),
  };
}

function storedGroup(row: ItemRow): StoredGroup | undefined {
  if (row.group_id === null) return undefined;
  return {
    id: row.group_id,
    code: row.group_code,
    billId: row.sp_group_bill_id,
    spCode: row.group_sp_code,
    form: row.group_form,
  };
}

function collect<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const list = found.get(key(row));
    if (list === undefined) found.set(key(row), [row]);
    else list.push(row);
  }
  return found;
}

function storedNumbers(rows: readonly ItemRow[]): Map<string, StoredNumber> {
  const numbers = new Map<string, StoredNumber>();
  for (const [controlNumber, ofNumber] of collect(rows, (row) => row.number)) {
    const [first, ...others] = [...collect(ofNumber, (row) => row.id).values()].map(storedBill);
    if (first === undefined) continue;
    const group = ofNumber[0] && storedGroup(ofNumber[0]);
    numbers.set(controlNumber, {
      controlNumber,
      bills: [first, ...others],
      ...(group === undefined ? {} : { group }),
    });
  }
  return numbers;
}

@Injectable()
export class PayableBillStore {
  async lock(tx: Tx, controlNumbers: readonly string[]): Promise<Map<string, StoredNumber>> {
    return storedNumbers(await lockPayable.run(tx, controlNumbers));
  }

  /** By id; `isCurrent` where the number that was paid on still stands for the bill. */
  async lockByIds(
    tx: Tx,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly bill: StoredBill; readonly isCurrent: boolean }>> {
    const rows = await lockByIds.run(tx, ids);
    return new Map(
      [...collect(rows, (row) => row.id)].map(([id, ofBill]) => [
        id,
        { bill: storedBill(ofBill), isCurrent: ofBill[0]?.is_current === true },
      ]),
    );
  }

  async find(reader: Reader, controlNumbers: readonly string[]): Promise<Map<string, FoundNumber>> {
    const rows = await findPayable.run(reader, controlNumbers);
    const stored = storedNumbers(rows.filter((row): row is FoundRow & ItemRow => row.id !== null));
    return new Map(
      rows.map((row) => [
        row.number,
        {
          at: row.at,
          isPart: row.is_known && !row.is_imported && row.id === null,
          isImported: row.is_imported,
          stored: stored.get(row.number),
        },
      ]),
    );
  }

  /** How many bills were moved: as many as given, since they are locked. */
  async apply(tx: Tx, moves: readonly Move[]): Promise<number> {
    const items = moves.flatMap(({ before, after }) =>
      after.items.map((item, i) => ({ id: before.id, position: i + 1, paid: item.paidMinor })),
    );
    const rows = await applyPayments.run(
      tx,
      moves.map(({ before }) => before.id),
      moves.map(({ before }) => before.version),
      moves.map(({ version }) => version),
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
}
