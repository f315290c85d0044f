/**
 * Signing in as arithmetic: names, passwords, pauses after failures, how long a session holds, and what is still to do
 * before it opens. Limits: security-reliability §2.6 (CON1, CON2).
 */

/** What the database wants of a user name too. */
const namePattern = /^[a-z][a-z0-9.-]{2,39}$/;

export function isOfficerName(text: string): boolean {
  return namePattern.test(text);
}

const shortestPassword = 12;
const longestPassword = 128;

/**
 * What is wrong with a new password, or undefined. Length is what protects; the longest is bounded since it is hashed.
 * A password of a few different characters, or with the user name inside, is guessed first.
 */
export function passwordFault(
  password: string,
  name: string,
): 'short' | 'long' | 'plain' | undefined {
  if (password.length < shortestPassword) return 'short';
  if (password.length > longestPassword) return 'long';
  const lower = password.toLowerCase();
  if (lower.includes(name) || new Set(lower).size < 6) return 'plain';
  return undefined;
}

const freeFailures = 5;
const longestPauseSeconds = 3_600;

/** How long nobody may try after so many failures in a row: nothing, then a minute, doubling up to an hour. */
export function pauseSecondsAfter(failures: number): number {
  if (failures < freeFailures) return 0;
  return Math.min(longestPauseSeconds, 60 * 2 ** Math.min(failures - freeFailures, 6));
}

const idleMinutes = 15;
const longestHours = 8;

/** A session ends after 15 minutes without a request, and after 8 hours whatever happens; at the instant, not after. */
export function isSessionOver(
  session: { readonly createdAt: Date; readonly lastSeenAt: Date; readonly endedAt: Date | null },
  at: Date,
): boolean {
  return (
    session.endedAt !== null ||
    at.getTime() - session.lastSeenAt.getTime() >= idleMinutes * 60_000 ||
    at.getTime() - session.createdAt.getTime() >= longestHours * 3_600_000
  );
}

/** What stands between a right password and the console. */
export type Step = 'set-up-code' | 'give-code' | 'change-password' | 'open';

export function nextStep(officer: {
  readonly needsCode: boolean;
  readonly hasCode: boolean;
  readonly hasGivenCode: boolean;
  readonly mustChangePassword: boolean;
}): Step {
  if (officer.hasCode && !officer.hasGivenCode) return 'give-code';
  if (officer.needsCode && !officer.hasCode) return 'set-up-code';
  return officer.mustChangePassword ? 'change-password' : 'open';
}
