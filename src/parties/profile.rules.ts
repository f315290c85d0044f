/**
 * What differs from party to party on the wire: data with a default, never code. A setting that weakens a check may
 * carry an end date; from the day after it the default strictness holds again. Pure: the caller passes the day.
 * Rules: gepg-decisions.md (the column "switch"), rulings.md §3, SIG-6 of the security design.
 */
import type { BusinessDay } from '../kernel/business-day';

export type Digest = 'sha1' | 'sha256';
export type Generation = 'v4' | 'v5';
/** RSA is everybody's; ECDSA P-256 is agreed on with a PSP, and costs us a tenth. */
export const gatewaySignatures = ['rsa', 'ecdsa'] as const;
export type GatewaySignature = (typeof gatewaySignatures)[number];

/** Settings that accept more than the strict rule does. */
export const weaknesses = ['sha1', 'repairXml', 'unsignedAcks'] as const;
export type Weakness = (typeof weaknesses)[number];

export interface Profile {
  /** Digests accepted from the party, by generation; the generation's own is tried first. */
  readonly digests: Readonly<Record<Generation, readonly Digest[]>>;
  /** Bills may lack a contact of the payer, and one answer holds many bills. */
  readonly isBulk: boolean;
  readonly allowsLimited: boolean;
  readonly showsPayerContact: boolean;
  /** Ill-formed text is escaped before it is verified and read (gepg-decisions A5). */
  readonly repairXml: boolean;
  readonly ackSignature: 'optional' | 'required';
  /** `java-double`: amounts and order as a client needs that prints our message again before it verifies it. */
  readonly outputForm: 'plain' | 'java-double';
  /** Gepg-Code must be sent, and Gepg-Com must be a known word (7202, 7322). */
  readonly strictHeaders: boolean;
  /** The answer to a cancellation of generation 5 is sent once more, as a callback (gepg-decisions A12). */
  readonly cancellationCallback: boolean;
  /** The status of a day without payments (gepg-decisions D7). */
  readonly emptyDayCode: '7101' | '7324';
  /** By which of our keys the party wants our answers and messages signed. */
  readonly gatewaySignature: GatewaySignature;
  /** Messages that the party may send in a second, over time; as many at once after a pause. */
  readonly requestsPerSecond: number;
  /** The last day of a weakening; null: no end set. */
  readonly weakUntil: Readonly<Record<Weakness, BusinessDay | null>>;
}

/** Below what the smallest machine (two cores, the database beside it) takes, so that nobody can fill it alone. */
export const defaultRequestsPerSecond = 1_000;

/** rulings.md §3: version 4 lives on SHA-1; version 5 never had it. */
export const defaultDigests: Profile['digests'] = { v4: ['sha1', 'sha256'], v5: ['sha256'] };

/** The weakenings that are in force on a day, for the daily log. */
export function weaknessesOf(profile: Profile, day: BusinessDay): readonly Weakness[] {
  const isSet: Readonly<Record<Weakness, boolean>> = {
    sha1: profile.digests.v4.includes('sha1') || profile.digests.v5.includes('sha1'),
    repairXml: profile.repairXml,
    unsignedAcks: profile.ackSignature === 'optional',
  };
  return weaknesses.filter((each) => isSet[each] && !hasEnded(profile.weakUntil[each], day));
}

function hasEnded(lastDay: BusinessDay | null, day: BusinessDay): boolean {
  return lastDay !== null && day > lastDay;
}

/** The profile as it holds on a day: ended weakenings are off. */
export function profileOn(profile: Profile, day: BusinessDay): Profile {
  const holding = weaknessesOf(profile, day);
  const withoutSha1 = (digests: readonly Digest[]): readonly Digest[] =>
    holding.includes('sha1') ? digests : digests.filter((digest) => digest !== 'sha1');
  return {
    ...profile,
    digests: { v4: withoutSha1(profile.digests.v4), v5: withoutSha1(profile.digests.v5) },
    repairXml: holding.includes('repairXml'),
    ackSignature: holding.includes('unsignedAcks') ? 'optional' : 'required',
  };
}
