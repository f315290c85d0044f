/**
 * Operator commands. They work beside a running gateway (its embedded database is found through DATA_DIR) and alone
 * (the database is started, and stopped again). A refusal is one sentence and exit 1; `--json` prints for programs.
 */
import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { AppModule } from './app.module';
import { ReviewDeliveries } from './deliveries/review-deliveries';
import { enrolFromFile } from './enrol-file';
import { openInstallation, readSettings, sentenceOf } from './installation';
import { businessDayOf, parseBusinessDay } from './kernel/business-day';
import { SystemClock } from './kernel/clock';
import { formatAmount } from './kernel/money';
import { Refusal } from './kernel/refusal';
import { TrialBalance } from './ledger/trial-balance';
import { Log } from './platform/logging/logger';

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

/** Columns padded to their widest cell; those of `right` are aligned right, as money is. */
function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const widths = header.map((name, i) =>
    Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  return [header, ...rows]
    .map((row) =>
      widths
        .map((width, i) =>
          right.includes(i) ? (row[i] ?? '').padStart(width) : (row[i] ?? '').padEnd(width),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
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
      const day = options.day
        ? parseBusinessDay(options.day)
        : businessDayOf(new SystemClock().now());
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
