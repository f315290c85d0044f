/**
 * Reads the fields of a payment notification, strictly: odd money is never guessed at. Old money is never refused,
 * only flagged (rulings.md §3). Amounts are minor units; times are UTC instants.
 */
import { dammDigit } from '../bills/control-number.rules';
import { type BusinessDay, parseWireInstant } from '../kernel/business-day';
import { type Currency, isCurrency, parsePlainAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';

export interface RawPayment {
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amount: string;
  readonly currency: string;
  readonly paidAt: string;
}

export type PaymentFieldFault =
  | 'payment.transaction-id-malformed'
  | 'payment.amount-malformed'
  | 'payment.currency-unknown'
  | 'payment.date-malformed';

export type ReadPayment =
  | {
      readonly ok: true;
      readonly amountMinor: bigint;
      readonly currency: Currency;
      readonly paidAt: Date;
      readonly flags: readonly 'late'[];
    }
  | { readonly ok: false; readonly fault: PaymentFieldFault };

const hourMs = 3_600_000;

/** Printable ASCII, at most 100 characters, without markup; compared exactly, never normalised. */
export function isTransactionId(text: string): boolean {
  return /^[\x21-\x7e]{1,100}$/.test(text) && !/[<>&"']/.test(text);
}

function plainAmount(text: string): bigint | undefined {
  try {
    return parsePlainAmount(text);
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

/** In this order: transaction id, amount, currency, date (more than 24 h ahead is refused, over three days old is late). */
export function readPayment(raw: RawPayment, now: Date): ReadPayment {
  if (!isTransactionId(raw.transactionId))
    return { ok: false, fault: 'payment.transaction-id-malformed' };
  const amountMinor = plainAmount(raw.amount);
  if (amountMinor === undefined || amountMinor === 0n)
    return { ok: false, fault: 'payment.amount-malformed' };
  if (!isCurrency(raw.currency)) return { ok: false, fault: 'payment.currency-unknown' };
  const paidAt = parseWireInstant(raw.paidAt);
  if (paidAt === undefined || paidAt.getTime() - now.getTime() > 24 * hourMs) {
    return { ok: false, fault: 'payment.date-malformed' };
  }
  const isLate = now.getTime() - paidAt.getTime() > 72 * hourMs;
  return { ok: true, amountMinor, currency: raw.currency, paidAt, flags: isLate ? ['late'] : [] };
}

/** `R2611240000000421`: R, the day of receipt, nine digits of the sequence, a Damm digit. Unique; gaps are allowed. */
export function receiptNumberFor(sequence: bigint, day: BusinessDay): string {
  const digits = day.slice(2).replaceAll('-', '') + sequence.toString().padStart(9, '0');
  return `R${digits}${dammDigit(digits)}`;
}
