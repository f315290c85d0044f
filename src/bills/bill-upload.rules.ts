/**
 * A line of an uploaded file to the draft of a bill with one item. What a bill may say is for bill-content.rules alone to
 * judge; here is only which column is which field. Columns: docs/integration-json.md.
 */
import { type BillDraft, optionCodeNamed } from './bill-content.rules';

const required = [
  'bill_id',
  'amount',
  'currency',
  'payment_option',
  'description',
  'generated_at',
  'expires_at',
  'payer_id',
  'payer_name',
  'gfs_code',
] as const;

const optional = [
  'payer_phone',
  'payer_email',
  'minimum_amount',
  'limit_amount',
  'item_reference',
  'generated_by',
  'approved_by',
  'sub_sp_code',
  'system_id',
  'control_number',
] as const;

export interface UploadHeaderFault {
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

export function uploadHeaderFaults(columns: readonly string[]): readonly UploadHeaderFault[] {
  const fault = (column: string, reason: string) => ({ line: 1, column, reason });
  if (columns.length === 0) return [fault('', 'the file is empty')];
  const known: readonly string[] = [...required, ...optional];
  return [
    ...columns
      .filter((column) => !known.includes(column))
      .map((column) => fault(column.slice(0, 100), 'the column is not known')),
    ...required
      .filter((column) => !columns.includes(column))
      .map((column) => fault(column, 'the column is missing')),
  ];
}

/** What a bill says where its institution does not. */
export interface DraftDefaults {
  readonly subSpCode: string;
  readonly systemId: string;
  readonly maker: string;
}

export function draftOfLine(
  cells: Readonly<Record<string, string>>,
  defaults: DraftDefaults,
): BillDraft {
  // Text of people in composed form (NFC), as the JSON edge keeps it.
  const cell = (column: (typeof required)[number] | (typeof optional)[number]): string =>
    (cells[column] ?? '').trim().normalize('NFC');
  return {
    billId: cell('bill_id'),
    spCode: '',
    subSpCode: cell('sub_sp_code') || defaults.subSpCode,
    systemId: cell('system_id') || defaults.systemId,
    amount: cell('amount'),
    miscAmount: '',
    expiresAt: cell('expires_at'),
    payerId: cell('payer_id'),
    payerName: cell('payer_name'),
    description: cell('description'),
    generatedAt: cell('generated_at'),
    generatedBy: cell('generated_by') || defaults.maker,
    approvedBy: cell('approved_by') || defaults.maker,
    payerPhone: cell('payer_phone'),
    payerEmail: cell('payer_email'),
    currency: cell('currency'),
    equivalentAmount: '',
    remind: '',
    paymentOption: optionCodeNamed(cell('payment_option')),
    minimumAmount: cell('minimum_amount'),
    limitAmount: cell('limit_amount'),
    reusedNumber: cell('control_number'),
    extras: {},
    items: [
      {
        reference: cell('item_reference'),
        payByReference: 'N',
        amount: cell('amount'),
        equivalentAmount: '',
        miscAmount: '',
        gfsCode: cell('gfs_code'),
        subSpCode: '',
      },
    ],
  };
}
