/**
 * Whether the books are sound. Exit 0: sound; 1: could not be checked; 2: something does not hold. With `--json` one
 * line for each invariant that does not hold, and nothing when all do.
 */
import type { Command } from 'commander';
import { VerifyBooks } from '../assurance/verify-books';
import { parseBusinessDay } from '../kernel/business-day';
import { describeVerification } from './assurance-text';
import { say, withApp } from './run-command';

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
