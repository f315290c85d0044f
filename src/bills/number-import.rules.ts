/**
 * One line of a list of control numbers that another gateway issued, to a number and the open bill it stands for, or to
 * faults. A bill is checked as a submission is. Money that came elsewhere stays there: of a partly paid bill the rest is
 * imported as its amount. Columns: docs/import.md. Rules: gepg-decisions.md B6.
 */
import { type BillDraft, type CheckedBill, checkBill, type Terms } from './bill-content.rules';
import { isControlNumber } from './control-number.rules';

const importColumns = [
  'control_number',
  'bill_id',
  'amount',
  'paid_amount',
  'currency',
  'payment_option',
  'minimum',
  'expires_at',
  'generated_at',
  'payer_name',
  'payer_phone',
  'payer_email',
  'description',
  'sub_sp_code',
  'system_id',
  'gfs_code',
] as const;

export interface ImportLine {
  /** Line of the file, the header being 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface ImportFault {
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

export interface ImportedNumber {
  readonly line: number;
  readonly number: string;
  /** The open bill of the number; without one it can only be used again. */
  readonly bill?: { readonly draft: BillDraft; readonly checked: CheckedBill };
}

/** Where the fault of a bill stands in the file. */
const columnOf: Readonly<Record<string, string>> = {
  'bill.sub-sp-unknown': 'sub_sp_code',
  'bill.system-unknown': 'system_id',
  'bill.amount-malformed': 'amount',
  'bill.expiry-unacceptable': 'expires_at',
  'bill.generation-date-unacceptable': 'generated_at',
  'bill.payer-name-malformed': 'payer_name',
  'bill.payer-contact-missing': 'payer_phone',
  'bill.phone-malformed': 'payer_phone',
  'bill.email-malformed': 'payer_email',
  'bill.description-malformed': 'description',
  'bill.currency-unknown': 'currency',
  'bill.option-unknown': 'payment_option',
  'bill.gfs-code-malformed': 'gfs_code',
  'bill.gfs-code-unknown': 'gfs_code',
};

export function checkImportHeader(columns: readonly string[]): readonly ImportFault[] {
  const known: readonly string[] = importColumns;
  const faults = columns
    .filter((column) => !known.includes(column))
    .map((column) => ({ line: 1, column, reason: 'the column is not known' }));
  return columns.includes('control_number')
    ? faults
    : [...faults, { line: 1, column: 'control_number', reason: 'the column is missing' }];
}

export function readImportLine(
  { line, cells }: ImportLine,
  terms: Terms,
  now: Date,
): ImportedNumber | readonly ImportFault[] {
  const cell = (column: (typeof importColumns)[number]) => (cells[column] ?? '').trim();
  const fault = (column: string, reason: string): ImportFault => ({ line, column, reason });
  const number = cell('control_number');
  if (!isControlNumber(number))
    return [fault('control_number', 'a control number is 12 digits that begin with 99')];
  if (importColumns.slice(1).every((column) => cell(column) === '')) return { line, number };

  if (!/^(0+(\.0+)?)?$/.test(cell('paid_amount')))
    return [
      fault('paid_amount', 'of a partly paid bill, give the rest as its amount and no paid_amount'),
    ];
  const amount = cell('amount');
  const draft: BillDraft = {
    billId: cell('bill_id'),
    spCode: '',
    subSpCode: cell('sub_sp_code'),
    systemId: cell('system_id'),
    amount,
    miscAmount: '',
    expiresAt: cell('expires_at'),
    payerId: cell('bill_id'),
    payerName: cell('payer_name'),
    description: cell('description'),
    generatedAt: cell('generated_at'),
    generatedBy: 'import',
    approvedBy: 'import',
    payerPhone: cell('payer_phone'),
    payerEmail: cell('payer_email'),
    currency: cell('currency'),
    equivalentAmount: '',
    remind: '',
    paymentOption: cell('payment_option'),
    minimumAmount: cell('minimum'),
    limitAmount: '',
    reusedNumber: number,
    extras: {},
    items: [
      {
        reference: cell('bill_id'),
        payByReference: 'N',
        amount,
        equivalentAmount: '',
        miscAmount: '',
        gfsCode: cell('gfs_code'),
        subSpCode: '',
      },
    ],
  };
  const result = checkBill(draft, terms, now, new Set());
  if (result.ok) return { line, number, bill: { draft, checked: result.bill } };
  return result.faults.map((each) => fault(columnOf[each] ?? 'bill_id', each));
}

export interface NumberSpan {
  readonly first: string;
  readonly last: string;
}

/** Why `--from … --to …` is no range, if it is none. */
export function spanFault({ first, last }: NumberSpan): string | undefined {
  if (!isControlNumber(first) || !isControlNumber(last))
    return 'a range goes from one control number of 12 digits to another';
  return first <= last ? undefined : 'the range ends before it begins';
}

/** All numbers of a prefix, with and without a check digit. */
export function spanOfPrefix(prefix: string): NumberSpan {
  const start = `99${prefix}`;
  return { first: start.padEnd(12, '0'), last: start.padEnd(12, '9') };
}

export function overlaps(a: NumberSpan, b: NumberSpan): boolean {
  return a.first <= b.last && b.first <= a.last;
}
