/** What of a payer, and of whom a refund goes to, is shown before somebody says that he needs to see it (security-reliability CON9). */

/** `Asha Mrisho` is `A*** M*****`. */
export function maskName(name: string): string {
  return name.replace(/(\p{L}|\p{N})([\p{L}\p{N}]*)/gu, (_all, first: string, rest: string) =>
    first.concat('*'.repeat(rest.length)),
  );
}

/** The last three characters of a phone, an address or an account. */
export function maskTail(text: string): string {
  const hidden = Math.max(0, text.length - (text.length <= 3 ? 0 : 3));
  return '*'.repeat(hidden) + text.slice(hidden);
}

interface Payer {
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
}

export function masked<T extends Payer>(row: T): T {
  const { payerName, payerPhone, payerEmail } = row;
  return {
    ...row,
    payerName: maskName(payerName),
    payerPhone: maskTail(payerPhone),
    payerEmail: maskTail(payerEmail),
  };
}

export interface Payee {
  readonly creditorName: string;
  readonly creditorAccount: string;
}

/** To whom a refund goes. */
export function maskedPayee<T extends Payee>(row: T): T {
  const { creditorName, creditorAccount } = row;
  return {
    ...row,
    creditorName: maskName(creditorName),
    creditorAccount: maskTail(creditorAccount),
  };
}
