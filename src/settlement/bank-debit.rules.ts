/**
 * What a debit of a collection account is, and which credit of the treasury's account is the other end of a sweep. Pure.
 * Rules: product.md §7 (bank debits, charges, returned credits), rulings.md §8 (sweep: two statements, often two days).
 */
import { addDays, type BusinessDay } from '../kernel/business-day';
import { plainText } from './reference-text.rules';

export interface OpenLine {
  readonly id: bigint;
  readonly account: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly bookingDay: BusinessDay;
  readonly isReversal: boolean;
  readonly returnReason: string;
  readonly bankReference: string;
  readonly endToEndId: string;
  readonly remittance: string;
  readonly counterpartyAccount: string;
  readonly transactionCode: string;
}

/** A credit that a return may take back, matched or not. */
export interface EarlierCredit {
  readonly id: bigint;
  readonly account: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly bookingDay: BusinessDay;
  readonly bankReference: string;
  readonly endToEndId: string;
}

export type DebitRule =
  'sweep-account' | 'return-reference' | 'return-sum' | 'charge-code' | 'charge-words';

const chargeCode = /(^|\/)(CHRG|COMM|CHGS|FEES|CHG|COM)(\/|$)|^N(CHG|COM)$/;
const chargeWords = /\b(bank charges?|ledger fees?|service charges?|commission|ada ya benki)\b/i;
const daysBack = 30;

/** A word of the treasury's account in the line; the account alone when it is written out. */
function namesAccount(line: OpenLine, account: string): boolean {
  const wanted = plainText(account);
  return (
    plainText(line.counterpartyAccount) === wanted ||
    (wanted.length >= 6 && plainText(line.remittance).includes(wanted))
  );
}

const isReturn = (line: OpenLine): boolean => line.isReversal || line.returnReason !== '';

/** The credit that a return takes back: by its reference, else the only one of that sum in the last thirty days. */
export function returnedCredit(
  line: OpenLine,
  credits: readonly EarlierCredit[],
): { readonly credit: EarlierCredit; readonly rule: DebitRule } | undefined {
  if (!isReturn(line)) return undefined;
  const fits = credits.filter(
    (each) =>
      each.account === line.account &&
      each.currency === line.currency &&
      each.amountMinor === line.amountMinor &&
      each.bookingDay <= line.bookingDay &&
      each.bookingDay >= addDays(line.bookingDay, -daysBack),
  );
  const said = fits.filter(
    (each) =>
      (each.bankReference !== '' && each.bankReference === line.bankReference) ||
      (each.endToEndId !== '' && each.endToEndId === line.endToEndId),
  );
  if (said.length === 1 && said[0] !== undefined)
    return { credit: said[0], rule: 'return-reference' };
  if (said.length === 0 && fits.length === 1 && fits[0] !== undefined)
    return { credit: fits[0], rule: 'return-sum' };
  return undefined;
}

/** Undefined: nothing explains it, or it is a return. `treasury`: the account of the line's currency. */
export function debitKind(
  line: OpenLine,
  treasury: string | undefined,
): { readonly kind: 'sweep' | 'charge'; readonly rule: DebitRule } | undefined {
  if (treasury !== undefined && namesAccount(line, treasury))
    return { kind: 'sweep', rule: 'sweep-account' };
  if (isReturn(line)) return undefined;
  if (chargeCode.test(line.transactionCode)) return { kind: 'charge', rule: 'charge-code' };
  if (chargeWords.test(line.remittance)) return { kind: 'charge', rule: 'charge-words' };
  return undefined;
}

/** The sweep whose money came to the treasury: the oldest of that sum, before others the one it names. */
export function sweepOf(credit: OpenLine, sweeps: readonly OpenLine[]): OpenLine | undefined {
  const fits = sweeps.filter(
    (each) =>
      each.currency === credit.currency &&
      each.amountMinor === credit.amountMinor &&
      each.bookingDay >= addDays(credit.bookingDay, -daysBack) &&
      each.bookingDay <= addDays(credit.bookingDay, 1),
  );
  return (
    fits.find((each) => each.endToEndId !== '' && each.endToEndId === credit.endToEndId) ??
    fits.find((each) => namesAccount(credit, each.account)) ??
    fits[0]
  );
}
