/**
 * What a row of a day says of itself: taken, refused with code and sentence, or taken back since. Never empty: one client
 * needs a text. The wire has no message for a reversal, so this is where an institution without JSON hears of one
 * (gepg-decisions C12, D4).
 */
import { formatAmount } from '../kernel/money';
import type { PaymentOfDay } from '../payments/payment-of-day';
import { statusCodes, statusTextOf, successCode } from './status-codes';

export function remarkOf({ refusal, takenBackMinor, takenBackOn }: PaymentOfDay): string {
  if (takenBackOn !== null) return `${formatAmount(takenBackMinor)} taken back on ${takenBackOn}`;
  if (refusal === null) return statusTextOf(successCode);
  const code = statusCodes[refusal];
  return `${code} ${statusTextOf(code)}`;
}
