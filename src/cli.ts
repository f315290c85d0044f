/**
 * Operator commands. They work beside a running gateway (its embedded database is found through DATA_DIR) and alone
 * (the database is started, and stopped again). A refusal is one sentence and exit 1; `--json` prints for programs.
 */
import 'reflect-metadata';
import { basename } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { AppModule } from './app.module';
import { ReviewDeliveries } from './deliveries/review-deliveries';
import { enrolFromFile, readInput } from './enrol-file';
import { openInstallation, readSettings, sentenceOf } from './installation';
import { type BusinessDay, businessDayOf, parseBusinessDay } from './kernel/business-day';
import { SystemClock } from './kernel/clock';
import { formatAmount } from './kernel/money';
import { Refusal } from './kernel/refusal';
import { TrialBalance } from './ledger/trial-balance';
import { Log } from './platform/logging/logger';
import { DayReport, dayReportCsv } from './reconciliation/day-report';
import { ImportStatement } from './reconciliation/import-statement';
import { RunReconciliation } from './reconciliation/run-reconciliation';
import { describeDay, describeImport, describeRuns, table } from './cli-text';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function asJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each),
    2,
  );
}

/** Opens the installation for one command and closes it again, whatever happens. */
async function withApp(work: (app: INestApplicationContext) => Promise<void>): Promise<void> {
  const settings = readSettings();
  const installation = await openInstallation(settings);
  try {
    const quiet = {
      ...installation.settings,
      config: { ...settings.config, logLevel: 'error' as const },
    };
    const app = await NestFactory.createApplicationContext(AppModule.register(quiet), {
      logger: new Log('error'),
      abortOnError: false,
    });
    try {
      await work(app);
    } finally {
      await app.close();
    }
  } finally {
    await installation.stopDatabase();
  }
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('wanted a number like 50.');
  return Number(text);
}

function dayOf(text: string | undefined): BusinessDay {
  return text === undefined ? businessDayOf(new SystemClock().now()) : parseBusinessDay(text);
}

const actor = 'cli';
const program = new Command('malipo').description(
  'Operator commands of the Malipo payment gateway',
);

program
  .command('migrate')
  .description('bring the database to the schema of this version')
  .action(async () => {
    const installation = await openInstallation(readSettings());
    await installation.stopDatabase();
    say(
      installation.applied.length === 0
        ? 'The schema is up to date.'
        : `Applied ${installation.applied.join(', ')}.`,
    );
  });

program
  .command('enrol')
  .description('enrol a party from its file, or bring an enrolled one up to its file')
  .requiredOption('--file <party.json>', 'the party file (product card, "enrol")')
  .option('--json', 'print JSON')
  .action(async (options: { file: string; json?: true }) =>
    withApp(async (app) => {
      const party = await enrolFromFile(app, options.file, actor);
      if (options.json) {
        say(asJson(party));
        return;
      }
      say(`${party.isNew ? 'Enrolled' : 'Updated'} ${party.code}, ${party.name} (${party.kind})`);
      for (const each of party.certificates) {
        say(`  key ${each.fingerprint}  ${each.subject}, valid to ${each.notAfter}`);
      }
      for (const prefix of party.controlNumberPrefixes) say(`  control numbers 99${prefix}…`);
    }),
  );

program
  .command('trial-balance')
  .description('balances of the ledger up to and including a business day')
  .option('--day <yyyy-mm-dd>', 'business day; default today')
  .option('--json', 'print JSON')
  .action(async (options: { day?: string; json?: true }) =>
    withApp(async (app) => {
      const day = dayOf(options.day);
      const view = await app.get(TrialBalance, { strict: false }).execute(day);
      if (options.json) {
        say(asJson(view));
        return;
      }
      say(`Trial balance up to ${view.day}`);
      say(
        table(
          ['account', 'currency', 'debit', 'credit'],
          [
            ...view.accounts.map((each) => [
              each.account,
              each.currency,
              formatAmount(each.debitMinor),
              formatAmount(each.creditMinor),
            ]),
            ...view.totals.map((each) => [
              'total',
              each.currency,
              formatAmount(each.debitMinor),
              formatAmount(each.creditMinor),
            ]),
          ],
          [2, 3],
        ),
      );
      say(view.isBalanced ? 'Debits equal credits.' : 'Debits do not equal credits.');
      if (!view.isBalanced) process.exitCode = 2;
    }),
  );

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
      const runs = await app.get(RunReconciliation, { strict: false }).execute(dayOf(options.day));
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

const deliveries = program.command('deliveries').description('what we owe others to say');

deliveries
  .command('list')
  .description('the newest deliveries')
  .addOption(
    new Option('--state <state>', 'only this state').choices([
      'ready',
      'leased',
      'delivered',
      'parked',
    ]),
  )
  .option('--limit <count>', 'how many', readCount, 50)
  .option('--json', 'print JSON')
  .action(
    async (options: {
      state?: 'ready' | 'leased' | 'delivered' | 'parked';
      limit: number;
      json?: true;
    }) =>
      withApp(async (app) => {
        const rows = await app
          .get(ReviewDeliveries, { strict: false })
          .list({ ...(options.state ? { state: options.state } : {}), limit: options.limit });
        if (options.json) {
          say(asJson(rows));
          return;
        }
        say(
          table(
            ['id', 'kind', 'subject', 'state', 'tries', 'last outcome'],
            rows.map((row) => [
              String(row.id),
              row.kind,
              row.subject,
              row.state,
              String(row.attemptCount),
              row.lastOutcome ?? '',
            ]),
            [0, 4],
          ),
        );
      }),
  );

deliveries
  .command('resend')
  .description('send a delivery again, by its id or by its subject (control number)')
  .option('--id <id>', 'delivery id', (text) => BigInt(readCount(text)))
  .option('--subject <subject>', 'control number, or PSP and transaction id')
  .action(async (options: { id?: bigint; subject?: string }) =>
    withApp(async (app) => {
      if ((options.id === undefined) === (options.subject === undefined)) {
        program.error('malipo: give either --id or --subject');
      }
      const what =
        options.id === undefined ? { subject: options.subject ?? '' } : { id: options.id };
      const count = await app.get(ReviewDeliveries, { strict: false }).resend(what, actor);
      say(`${String(count)} ${count === 1 ? 'delivery is' : 'deliveries are'} due again.`);
    }),
  );

program.parseAsync().catch((fault: unknown) => {
  process.stderr.write(`malipo: ${fault instanceof Refusal ? fault.detail : sentenceOf(fault)}\n`);
  process.exitCode = 1;
});
