/**
 * When a party's key holds, when it may come back, and when its end must be told (security-reliability K2, K3).
 * Validity is judged at the instant a message is received, by the database's clock; both ends of the period belong to
 * it, as in X.509.
 */
import { Refusal } from '../kernel/refusal';

export interface KeyValidity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface KnownCertificate extends KeyValidity {
  readonly fingerprint: string;
  readonly publicKeyFingerprint: string;
  readonly status: 'active' | 'retired';
}

export type CertificateState = 'usable' | 'not-yet-valid' | 'expired' | 'retired';

export function isKeyValid(key: KeyValidity, at: Date): boolean {
  return key.notBefore <= at && at <= key.notAfter;
}

export function stateOf(certificate: KnownCertificate, at: Date): CertificateState {
  if (certificate.status === 'retired') return 'retired';
  if (at < certificate.notBefore) return 'not-yet-valid';
  return isKeyValid(certificate, at) ? 'usable' : 'expired';
}

/** True when nothing of the party verifies once this one is gone: those that are expired or not valid yet do not count. */
export function leavesNoneUsable(
  known: readonly KnownCertificate[],
  fingerprint: string,
  at: Date,
): boolean {
  return !known.some((each) => each.fingerprint !== fingerprint && stateOf(each, at) === 'usable');
}

/**
 * Until when the party can sign without a gap, each certificate taking over from another before that one ends; undefined
 * when none is valid now. Retired ones do not count.
 */
export function coveredUntil(known: readonly KnownCertificate[], at: Date): Date | undefined {
  const active = known.filter(({ status }) => status === 'active');
  let end: Date | undefined;
  for (;;) {
    const reach = end ?? at;
    const next = active
      .filter((each) => isKeyValid(each, reach) && each.notAfter > reach)
      .reduce<Date>((latest, { notAfter }) => (notAfter > latest ? notAfter : latest), reach);
    if (next <= reach) return end;
    end = next;
  }
}

/** Until when more than one certificate is accepted, as of now: the time of a rotation; undefined when one alone is. */
export function sharedUntil(known: readonly KnownCertificate[], at: Date): Date | undefined {
  return known
    .filter((each) => stateOf(each, at) === 'usable')
    .map(({ notAfter }) => notAfter)
    .sort((a, b) => b.getTime() - a.getTime())[1];
}

/** `retired`: it is not accepted, because it, or its key, was retired. */
export type Admission = 'new' | 'active' | 'retired';

/**
 * What the party's certificates say of one that is brought. A key that was retired (stolen, perhaps) is retired in
 * every certificate: a new certificate of it is `retired` too, unless the key is active in another one.
 */
export function admissionOf(
  known: readonly KnownCertificate[],
  brought: Pick<KnownCertificate, 'fingerprint' | 'publicKeyFingerprint'>,
): Admission {
  const own = known.find((each) => each.fingerprint === brought.fingerprint);
  if (own !== undefined) return own.status;
  const ofKey = known.filter((each) => each.publicKeyFingerprint === brought.publicKeyFingerprint);
  return ofKey.length > 0 && ofKey.every((each) => each.status === 'retired') ? 'retired' : 'new';
}

/**
 * The certificate that an operator means: the fingerprint as OpenSSL, Java or we print it, or its first eight digits or
 * more. Refuses: certificate.fingerprint-malformed, certificate.unknown, certificate.fingerprint-ambiguous.
 */
export function certificateMeant<T extends { readonly fingerprint: string }>(
  known: readonly T[],
  text: string,
): T {
  const digits = text.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(digits)) {
    throw new Refusal(
      'certificate.fingerprint-malformed',
      `"${text}" is not a fingerprint; wanted the SHA-256, or its first eight digits or more`,
    );
  }
  const [found, ...others] = known.filter((each) => each.fingerprint.startsWith(digits));
  if (found === undefined) {
    throw new Refusal('certificate.unknown', `no certificate begins with ${digits}`, 'not-found');
  }
  if (others.length > 0) {
    throw new Refusal(
      'certificate.fingerprint-ambiguous',
      `several certificates begin with ${digits}; give more digits`,
    );
  }
  return found;
}

/** Days before the end at which an alarm is raised (K2). */
export const warningDays = [60, 30, 14, 7, 1] as const;

const dayMs = 86_400_000;

/** The least of the warning days that is reached; undefined while the end is farther off than the first of them. */
export function warningDue(notAfter: Date, at: Date): number | undefined {
  const leftMs = notAfter.getTime() - at.getTime();
  return warningDays.findLast((days) => leftMs <= days * dayMs);
}
