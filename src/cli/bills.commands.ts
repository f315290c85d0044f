/** Control numbers and bills that come from another gateway. */
import type { Command } from 'commander';
import { ImportNumbers, type NumberImport } from '../bills/import-numbers';
import { readInput } from '../enrol-file';
import { Refusal } from '../kernel/refusal';
import { actor, asJson, say, withApp } from './run-command';

interface ImportOptions {
  readonly party: string;
  readonly file?: string;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export function registerBillCommands(program: Command): void {
  program
    .command('import-range')
    .description('take over control numbers, with their open bills, that another gateway issued')
    .requiredOption('--party <code>', 'the institution')
    .option('--file <numbers.csv>', 'the numbers; columns in docs/import.md')
    .option('--from <number>', 'first number of a whole range')
    .option('--to <number>', 'last number of the range')
    .option('--dry-run', 'read and check only')
    .option('--json', 'print JSON')
    .action(async (options: ImportOptions) => {
      const { from, to, file } = options;
      if ((from === undefined) !== (to === undefined))
        throw new Refusal('import.range-malformed', 'give both --from and --to, or neither');
      await withApp(async (app) => {
        const outcome = await app.get(ImportNumbers, { strict: false }).execute({
          spCode: options.party,
          ...(file === undefined ? {} : { file: readInput(file) }),
          ...(from === undefined || to === undefined ? {} : { span: { first: from, last: to } }),
          importedBy: actor,
          isDryRun: options.dryRun === true,
        });
        if (outcome.kind === 'faulty') process.exitCode = 1;
        say(options.json ? asJson(outcome) : describeNumberImport(outcome));
      });
    });
}

function describeNumberImport(outcome: NumberImport): string {
  if (outcome.kind === 'faulty') {
    const lines = outcome.faults.map(
      ({ line, column, reason }) => `line ${String(line)}${column && `, ${column}`}: ${reason}`,
    );
    return ['Nothing was imported.', ...lines].join('\n');
  }
  const { numbers, bills, unchanged, range } = outcome;
  const verb = outcome.kind === 'checked' ? 'Would import' : 'Imported';
  return [
    `${verb} ${String(numbers)} numbers, ${String(bills)} of them with an open bill; ${String(unchanged)} were here already.`,
    ...(range === null ? [] : [`Range ${range.first} to ${range.last}.`]),
  ].join('\n');
}
