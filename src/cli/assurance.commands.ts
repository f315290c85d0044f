/**
 * Whether the books are sound. Exit 0: sound; 1: could not be checked; 2: something does not hold; 3: the audit chain
 * does not hold, or is not the one that was exported. With `--json` one line for each invariant that does not hold, and
 * nothing when all do. And proofs that an event is in the audit chain, which need no database to be checked.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { VerifyBooks } from '../assurance/verify-books';
import { chainInvariant } from '../assurance/invariants';
import { readInput } from '../enrol-file';
import { parseBusinessDay } from '../kernel/business-day';
import { readHeads } from '../platform/audit/audit-heads';
import { faultOfProof, ProveEvent, readProof } from '../platform/audit/prove-event';
import { describeVerification } from './assurance-text';
import { registerEvidenceCommands } from './evidence.commands';
import { asJson, say, withApp } from './run-command';

interface VerifyOptions {
  readonly since?: string;
  readonly full?: true;
  readonly head?: string;
  readonly json?: true;
  readonly times?: true;
}

export function registerAssuranceCommands(program: Command): void {
  const audit = program.command('audit').description('whether the books are sound');
  registerEvidenceCommands(audit);

  audit
    .command('verify')
    .description('check the invariants of the books; exit 2 when one does not hold')
    .option('--since <yyyy-mm-dd>', 'first business day; default the last three days')
    .option('--full', 'all business days and every signature, not a sample')
    .option('--head <audit-heads.log>', 'exported heads, which the audit chain must agree with')
    .option('--json', 'print a JSON line for each invariant that does not hold')
    .option('--times', 'also print how long each invariant took')
    .action(async (options: VerifyOptions) =>
      withApp(async (app) => {
        const heads = options.head === undefined ? undefined : await readHeads(options.head);
        const outcome = await app.get(VerifyBooks, { strict: false }).execute({
          isFull: options.full === true,
          ...(options.since === undefined ? {} : { since: parseBusinessDay(options.since) }),
          ...(heads === undefined ? {} : { heads }),
        });
        if (options.json) {
          for (const { invariant, sentence, count, keys } of outcome.findings) {
            if (count > 0) say(JSON.stringify({ invariant, sentence, count, keys }));
          }
          for (const fault of outcome.headFaults)
            say(JSON.stringify({ invariant: chainInvariant, head: fault }));
        } else say(describeVerification(outcome, options.times));
        const chain = outcome.findings.find(({ invariant }) => invariant === chainInvariant);
        const isChainSound = outcome.headFaults.length === 0 && chain?.count === 0;
        if (!outcome.isSound) process.exitCode = isChainSound ? 2 : 3;
      }),
    );

  audit
    .command('prove')
    .description('print the proof that an event is in the audit chain, as JSON for a file')
    .requiredOption('--event <id>', 'the event', readEventId)
    .action(async (options: { event: bigint }) =>
      withApp(async (app) => {
        say(asJson(await app.get(ProveEvent, { strict: false }).execute(options.event)));
      }),
    );

  audit
    .command('check-proof')
    .description('check a proof without a database; exit 3 when it does not hold')
    .requiredOption('--file <proof.json>', 'what "audit prove" printed')
    .option('--head <audit-heads.log>', 'exported heads, which the block must agree with')
    .action(async (options: { file: string; head?: string }) => {
      const heads = options.head === undefined ? undefined : await readHeads(options.head);
      const proof = readProof(readInput(options.file).toString());
      const fault = faultOfProof(proof, heads);
      if (fault === undefined) {
        say(`The proof holds: ${proof.event}`);
        return;
      }
      say(`The proof does NOT hold: ${fault}.`);
      process.exitCode = 3;
    });
}

function readEventId(text: string): bigint {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new InvalidArgumentError('wanted a number like 50.');
  return BigInt(text);
}
