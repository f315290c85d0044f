/**
 * The field's status code for what becomes of a payment, the same at every edge (gepg-protocol.md §4.1; rulings.md §2).
 * The map is total: a new refusal without a code does not compile.
 */
import type { PaymentOutcome, PaymentRefusal } from './payment-outcome';

export const successCode = '7101';

export const paymentCodes: Readonly<Record<PaymentRefusal, string>> = {
  'bill.cancelled': '7283',
  'bill.settled': '7279',
  'bill.expired': '7213',
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

export function paymentCodeOf(outcome: PaymentOutcome): string {
  return outcome.isAccepted ? successCode : paymentCodes[outcome.refusal];
}
