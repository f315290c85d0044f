/**
 * Whether the books are sound. Exit 0: sound; 1: could not be checked; 2: something does not hold. With `--json` one
 * line for each invariant that does not hold, and nothing when all do.
 */
import type { Command } from 'commander';
import { VerifyBooks, type VerifyOutcome } from '../assurance/verify-books';
import { parseBusinessDay } from '../kernel/business-day';
import { say, withApp } from './run-command';

const mostKeysShown = 5;

/** One line for each invariant, then the outcome in a sentence. */
export function describeVerification(outcome: VerifyOutcome): string {
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
    `Checked ${period}; verified ${String(outcome.verifiedSignatures)} signatures.`,
    broken.length === 0
      ? 'The books are sound.'
      : `The books are NOT sound: ${String(broken.length)} of ${String(outcome.findings.length)} invariants do not hold.`,
  ].join('\n');
}

export function registerAssuranceCommands(program: Command): void {
  const audit = program.command('audit').description('whether the books are sound');

  audit
    .command('verify')
    .description('check the invariants of the books; exit 2 when one does not hold')
    .option('--since <yyyy-mm-dd>', 'first business day; default the last three days')
    .option('--full', 'all business days and every signature, not a sample')
    .option('--json', 'print a JSON line for each invariant that does not hold')
    .action(async (options: { since?: string; full?: true; json?: true }) =>
      withApp(async (app) => {
        const outcome = await app.get(VerifyBooks, { strict: false }).execute({
          isFull: options.full === true,
          ...(options.since === undefined ? {} : { since: parseBusinessDay(options.since) }),
        });
        if (options.json) {
          for (const { invariant, sentence, count, keys } of outcome.findings) {
            if (count > 0) say(JSON.stringify({ invariant, sentence, count, keys }));
          }
        } else say(describeVerification(outcome));
        if (!outcome.isSound) process.exitCode = 2;
      }),
    );
}
