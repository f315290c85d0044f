/** What `audit verify` prints for a person: a line for each invariant, then what was looked at and the outcome. */
import type { VerifyOutcome } from '../assurance/verify-books';

const mostKeysShown = 5;

/** One line for each invariant, then the outcome in a sentence. `withTimes`: and how long each took, the longest first. */
export function describeVerification(outcome: VerifyOutcome, withTimes = false): string {
  const broken = outcome.findings.filter(({ count }) => count > 0);
  const lines = outcome.findings.map(({ invariant, sentence, count, keys }) =>
    count === 0
      ? `${invariant}  ok      ${sentence}`
      : `${invariant}  BROKEN  ${sentence} Not so ${String(count)} ${count === 1 ? 'time' : 'times'}: ` +
        keys.slice(0, mostKeysShown).join(', ') +
        (count > mostKeysShown ? ', …' : ''),
  );
  const period =
    outcome.since === undefined ? 'all business days' : `business days from ${outcome.since}`;
  return [
    ...lines,
    ...(outcome.hasSeparateGrants
      ? []
      : [
          'Grants are not separated: the login of the program may change the books, since it could make no roles.',
        ]),
    ...(withTimes ? [timesOf(outcome)] : []),
    `Checked ${period}; verified ${String(outcome.verifiedSignatures)} signatures.`,
    ...outcome.headFaults.map(
      (fault) => `The audit chain is not the one that was exported: ${fault}.`,
    ),
    outcome.isSound
      ? 'The books are sound.'
      : broken.length === 0
        ? 'The books are NOT sound: the audit chain is not the one that was exported.'
        : `The books are NOT sound: ${String(broken.length)} of ${String(outcome.findings.length)} invariants do not hold.`,
  ].join('\n');
}

function timesOf({ findings }: VerifyOutcome): string {
  const times = [...findings]
    .sort((one, other) => other.seconds - one.seconds)
    .map(({ invariant, seconds }) => `${invariant} ${seconds.toFixed(1)}`);
  return `Seconds by invariant, two at a time: ${times.join(', ')}.`;
}
