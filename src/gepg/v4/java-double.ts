/**
 * Amounts as Java prints a double: `100.0`, `7885.5`, `1.25E7`. One client of the field reads our amounts into doubles,
 * prints them again and verifies the signature over that text (gepg-protocol.md §2.5), so the text must be Java's.
 * Source: the documentation of Double.toString; exact up to fifteen significant digits, beyond which a double is not.
 */

/** `amount` is ours: digits, a point, two decimals. From ten million on Java writes an exponent. */
export function javaDouble(amount: string): string {
  const [whole = '0', fraction = ''] = amount.split('.');
  const decimals = fraction.replace(/0+$/, '');
  // Below a thousandth Java writes an exponent too, but a minor unit is a hundredth.
  if (whole.length < 8) return `${whole}.${decimals || '0'}`;
  const digits = (whole + decimals).replace(/0+$/, '');
  return `${digits.slice(0, 1)}.${digits.slice(1) || '0'}E${String(whole.length - 1)}`;
}
