/**
 * Every refusal that can reach the wire, and its GePG status code (gepg-protocol.md §4.1; rulings.md §2). The map is
 * total: a new refusal without a code does not compile.
 */
import type { CancellationResult } from '../bills/cancel-bills';
import type { EnquiryFault } from '../bills/find-payable-bill';
import type { ChangeFault, SubmissionFault } from '../bills/bill-submission';
import type { AnnouncementRefusal } from '../payments/announce-payment';
import type { StatusRefusal } from '../payments/find-payment';
import { paymentCodes } from '../payments/payment-codes';
import type { PaymentRefusal } from '../payments/receive-payments';
import type { DayBatchRefusal } from '../reconciliation/day-batch.rules';

export { successCode } from '../payments/payment-codes';

/** Refusals of the protocol edge itself. */
export type EdgeRefusal =
  | 'gepg.envelope-malformed'
  | 'gepg.message-misplaced'
  | 'gepg.party-unknown'
  | 'gepg.signature-wrong'
  | 'gepg.party-suspended'
  | 'gepg.role-wrong'
  | 'gepg.code-different'
  | 'gepg.header-missing'
  | 'gepg.protocol-word-unknown'
  | 'gepg.push-unavailable'
  | 'enquiry.asked-too-often';

type WireRefusal =
  | Exclude<EdgeRefusal, 'gepg.party-unknown' | 'gepg.party-suspended'>
  | SubmissionFault
  | ChangeFault
  | PaymentRefusal
  | EnquiryFault
  | AnnouncementRefusal
  | StatusRefusal
  | DayBatchRefusal
  | Exclude<CancellationResult, 'cancelled'>;

const failureCode = '7201';
/** A changed bill; the clients of the field wait for it (gepg-protocol.md §1.7). */
export const changedCode = '7334';

export const statusCodes: Readonly<Record<WireRefusal, string>> = {
  'gepg.envelope-malformed': '7242',
  'gepg.message-misplaced': '7242',
  'gepg.signature-wrong': '7303',
  'gepg.role-wrong': '7203',
  'gepg.code-different': '7323',
  'gepg.header-missing': '7202',
  'gepg.protocol-word-unknown': '7322',
  'gepg.push-unavailable': '7330',
  'enquiry.asked-too-often': '7332',

  'bill.id-blank': '7227',
  'bill.id-malformed': '7225',
  'bill.id-duplicate': '7226',
  'bill.numbers-exhausted': '7240',
  'bill.number-in-use': '7226',
  'bill.number-partly-paid': '7301',
  'group.member-unknown': '7205',
  'group.terms-different': '7234',
  'bill.sub-sp-unknown': '7228',
  'bill.system-unknown': '7269',
  'bill.amount-malformed': '7224',
  'bill.misc-amount-malformed': '7222',
  'bill.expiry-unacceptable': '7231',
  'bill.payer-id-malformed': '7275',
  'bill.payer-name-malformed': '7276',
  'bill.description-malformed': '7277',
  'bill.generation-date-unacceptable': '7230',
  'bill.generator-malformed': '7285',
  'bill.approver-malformed': '7278',
  'bill.payer-contact-missing': '7217',
  'bill.phone-malformed': '7268',
  'bill.email-malformed': '7267',
  'bill.currency-unknown': '7219',
  'bill.equivalent-different': '7221',
  'bill.option-unknown': '7234',
  'bill.items-missing': '7255',
  'bill.item-reference-flag-malformed': '7254',
  'bill.item-amount-malformed': '7255',
  'bill.item-equivalent-malformed': '7256',
  'bill.item-misc-malformed': '7257',
  'bill.gfs-code-malformed': '7229',
  'bill.gfs-code-unknown': '7223',
  'bill.item-sum-different': '7258',
  'bill.item-equivalent-sum-different': '7259',
  'bill.item-misc-sum-different': '7260',

  'bill.unknown': '7204',
  'bill.already-cancelled': '7283',
  'bill.partly-paid': '7301',

  'payment.unknown': '7324',
  'payment.asked-too-often': '7332',
  'day-batch.system-unknown': '7269',
  'day-batch.day-unacceptable': '7318',
  'day-batch.day-too-old': '7319',
  'day-batch.option-unknown': '7320',
  'day-batch.asked-too-often': '7332',

  ...paymentCodes,
};

/** Meanings as the field prints them (gepg-protocol.md §4.1). */
const statusTexts: Readonly<Record<string, string>> = {
  '7101': 'Successful',
  '7201': 'Failure',
  '7202': 'Required header missing',
  '7203': 'Unauthorised',
  '7204': 'Bill does not exist',
  '7205': 'Invalid service provider',
  '7206': 'Service provider not active',
  '7207': 'Duplicate payment',
  '7208': 'Invalid business account',
  '7212': 'Payment currency differs from the bill',
  '7213': 'Bill expired',
  '7214': 'Insufficient amount paid',
  '7215': 'Invalid payment service provider',
  '7216': 'Payment service provider not active',
  '7217': 'No e-mail or phone of the payer',
  '7219': 'Wrong currency',
  '7221': 'Wrong bill equivalent amount',
  '7222': 'Wrong bill miscellaneous amount',
  '7223': 'Invalid or inactive GFS code',
  '7224': 'Wrong bill amount',
  '7225': 'Invalid bill reference number or code',
  '7226': 'Duplicate bill information',
  '7227': 'Blank bill id',
  '7228': 'Invalid sub service provider',
  '7229': 'Wrong GFS code of an item',
  '7230': 'Wrong generation date',
  '7231': 'Wrong expiry date',
  '7234': 'Wrong payment option',
  '7240': 'Failed to save the transaction',
  '7242': 'Invalid request data',
  '7254': 'UseItemRefOnPay must be Y or N',
  '7255': 'Invalid item amount',
  '7256': 'Invalid item equivalent amount',
  '7257': 'Invalid item miscellaneous amount',
  '7258': 'Sum of items differs from the bill amount',
  '7259': 'Sum of item equivalents differs from the bill',
  '7260': 'Sum of item miscellaneous amounts differs from the bill',
  '7267': 'Invalid e-mail',
  '7268': 'Invalid phone',
  '7269': 'Invalid or inactive system id',
  '7275': 'Invalid payer id',
  '7276': 'Invalid payer name',
  '7277': 'Invalid bill description',
  '7278': 'Invalid approval user',
  '7279': 'Bill already settled',
  '7281': 'Invalid payment date',
  '7283': 'Bill cancelled',
  '7285': 'Invalid generation user',
  '7301': 'Bill paid partially',
  '7302': 'Paid amount is not the exact bill amount',
  '7303': 'Invalid signature',
  '7318': 'Invalid reconciliation date',
  '7319': 'Reconciliation date out of range',
  '7320': 'Invalid reconciliation option',
  '7322': 'Inactive communication protocol',
  '7323': 'Code in header differs from code in body',
  '7324': 'No payment found',
  '7330': 'Push to pay is not available',
  '7331': 'Paid online, waiting for the bank',
  '7332': 'Too many requests of the same content',
  '7333': 'Invalid control number',
  '7334': 'Bill updated',
  '7335': 'Control number does not exist',
  '7336': 'Amount above the payable limit',
};

/** Unknown and suspended parties have codes by the kind of party that the path is for. */
export const partyCodes = {
  'service-provider': { unknown: '7205', suspended: '7206' },
  'payment-service-provider': { unknown: '7215', suspended: '7216' },
} as const;

/** A cancelled or expired bill that is cancelled again has succeeded (rulings.md §2). */
export const cancellationAnswers: Readonly<
  Record<CancellationResult, { sts: 'GS' | 'GF'; code: string }>
> = {
  cancelled: { sts: 'GS', code: '7283' },
  'bill.already-cancelled': { sts: 'GS', code: '7283' },
  'bill.expired': { sts: 'GS', code: '7283' },
  'bill.settled': { sts: 'GF', code: '7279' },
  'bill.partly-paid': { sts: 'GF', code: '7301' },
  'bill.unknown': { sts: 'GF', code: '7204' },
};

/** Several codes joined, each once, ending in the general failure, as the field has it: `7226;7201`. */
export function faultCodes(faults: readonly string[]): string {
  const codes = faults.map(
    (fault) => (statusCodes as Readonly<Record<string, string>>)[fault] ?? failureCode,
  );
  return [...new Set([...codes, failureCode])].join(';');
}

/** The sentence beside a code, or beside the first of several; constant, and nothing of the sender (SIG-14). */
export function statusTextOf(code: string): string {
  return statusTexts[code.split(';')[0] ?? ''] ?? 'Failure';
}
