/**
 * When a party's key holds, and when its end must be told. Validity is judged at the instant a message is received, by
 * the database's clock (security-reliability K2); both ends of the period belong to it, as in X.509.
 */
export interface KeyValidity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export function isKeyValid(key: KeyValidity, at: Date): boolean {
  return key.notBefore <= at && at <= key.notAfter;
}
