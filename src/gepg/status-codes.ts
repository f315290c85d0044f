/**
 * Every refusal that can reach the wire, and its GePG status code (gepg-protocol.md §4.1; rulings.md §2). The map is
 * total: a new refusal without a code does not compile.
 */
import type { CancellationResult } from '../bills/cancel-bills';
import type { EnquiryFault } from '../bills/find-payable-bill';
import type { ChangeFault, SubmissionFault } from '../bills/bill-submission';
import type { PaymentRefusal } from '../payments/receive-payments';

/** Refusals of the protocol edge itself. */
export type EdgeRefusal =
  | 'gepg.envelope-malformed'
  | 'gepg.message-misplaced'
  | 'gepg.party-unknown'
  | 'gepg.signature-wrong'
  | 'gepg.party-suspended'
  | 'gepg.role-wrong'
  | 'gepg.code-different'
  | 'gepg.operation-unavailable';

type WireRefusal =
  | Exclude<EdgeRefusal, 'gepg.party-unknown' | 'gepg.party-suspended'>
  | SubmissionFault
  | ChangeFault
  | PaymentRefusal
  | EnquiryFault
  | Exclude<CancellationResult, 'cancelled'>;

export const successCode = '7101';
export const failureCode = '7201';

export const statusCodes: Readonly<Record<WireRefusal, string>> = {
  'gepg.envelope-malformed': '7242',
  'gepg.message-misplaced': '7242',
  'gepg.signature-wrong': '7303',
  'gepg.role-wrong': '7203',
  'gepg.code-different': '7323',
  'gepg.operation-unavailable': '7337',

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
  'bill.cancelled': '7283',
  'bill.settled': '7279',
  'bill.expired': '7213',
  'bill.partly-paid': '7301',
  'bill.currency-different': '7212',
  'bill.account-foreign': '7208',
  'bill.amount-insufficient': '7214',
  'bill.amount-inexact': '7302',
  'bill.amount-above-limit': '7336',

  'payment.transaction-id-malformed': '7242',
  'payment.amount-malformed': '7242',
  'payment.currency-unknown': '7219',
  'payment.date-malformed': '7281',
  'payment.id-reused': '7207',
  'control-number.malformed': '7333',
  'control-number.unknown': '7335',
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
