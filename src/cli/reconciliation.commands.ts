/** The day of the banks: their statements, the comparison with our payments, the report. */
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { readInput } from '../enrol-file';
import { DayReport, dayReportCsv } from '../reconciliation/day-report';
import { ImportStatement } from '../reconciliation/import-statement';
import { RunReconciliation } from '../reconciliation/run-reconciliation';
import { describeDay, describeImport, describeRuns } from './reconciliation-text';
import { actor, asJson, dayOf, say, withApp } from './run-command';

export function registerReconciliationCommands(program: Command): void {
  program
    .command('import-statement')
    .description("import a PSP's day statement (CSV); all of it or, with a bad line, nothing")
    .requiredOption('--psp <code>', 'the PSP')
    .requiredOption('--file <statement.csv>', 'the statement')
    .option('--day <yyyy-mm-dd>', 'business day; default today')
    .option('--dry-run', 'read and check only')
    .option('--json', 'print JSON')
    .action(
      async (options: { psp: string; file: string; day?: string; dryRun?: true; json?: true }) =>
        withApp(async (app) => {
          const outcome = await app.get(ImportStatement, { strict: false }).execute({
            pspCode: options.psp,
            day: dayOf(options.day),
            fileName: basename(options.file),
            bytes: readInput(options.file),
            importedBy: actor,
            isDryRun: options.dryRun === true,
          });
          if (outcome.kind === 'faulty') process.exitCode = 1;
          say(options.json ? asJson(outcome) : describeImport(outcome));
        }),
    );

  program
    .command('reconcile')
    .description("compare the PSPs' statements of a business day with our payments")
    .option('--day <yyyy-mm-dd>', 'business day; default today')
    .option('--json', 'print JSON')
    .action(async (options: { day?: string; json?: true }) =>
      withApp(async (app) => {
        const runs = await app
          .get(RunReconciliation, { strict: false })
          .execute(dayOf(options.day));
        say(options.json ? asJson(runs) : describeRuns(runs));
      }),
    );

  program
    .command('report')
    .description('the report of a business day')
    .option('--day <yyyy-mm-dd>', 'business day; default today')
    .addOption(new Option('--csv', 'discrepancies as CSV').conflicts('json'))
    .option('--json', 'print JSON')
    .action(async (options: { day?: string; csv?: true; json?: true }) =>
      withApp(async (app) => {
        const view = await app.get(DayReport, { strict: false }).execute(dayOf(options.day));
        if (options.csv) process.stdout.write(dayReportCsv(view));
        else say(options.json ? asJson(view) : describeDay(view));
      }),
    );
}
