/** The day of the banks: their statements, the comparison with our payments, the report. */
import { type Command, Option } from 'commander';
import { DayReport, dayReportCsv } from '../reconciliation/day-report';
import { RunReconciliation } from '../reconciliation/run-reconciliation';
import { describeDay, describeRuns } from './reconciliation-text';
import { asJson, dayOf, say, withApp } from './run-command';
import { registerStatementCommand } from './statements.commands';

export function registerReconciliationCommands(program: Command): void {
  registerStatementCommand(program);

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
