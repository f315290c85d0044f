/** What a row of a day says of itself: taken, or refused with code and sentence. Never empty: one client needs a text. */
import type { PaymentOfDay } from '../payments/payment-of-day';
import { statusCodes, statusTextOf, successCode } from './status-codes';

export function remarkOf({ refusal }: PaymentOfDay): string {
  if (refusal === null) return statusTextOf(successCode);
  const code = statusCodes[refusal];
  return `${code} ${statusTextOf(code)}`;
}
