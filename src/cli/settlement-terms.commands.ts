/** When PSPs' money is due: the calendar of bank days, the terms of PSPs, the treasury's accounts. */
import type { Command } from 'commander';
import { parseBusinessDay } from '../kernel/business-day';
import { formatAmount } from '../kernel/money';
import { ManageCalendar } from '../settlement/manage-calendar';
import { ManageTerms } from '../settlement/manage-terms';
import { readTerms, type SettlementTerms } from '../settlement/settlement-terms.rules';
import { actor, asJson, dayOf, readCount, say, withApp } from './run-command';
import { table } from './text-table';

type Options = Partial<Record<string, string>>;

const byOfficer = ['--officer <name>', 'who does it; default cli'] as const;

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function describeFee(terms: SettlementTerms): string {
  if (terms.feeBasis === 'none') return 'none';
  const most = terms.feeMaxMinor === null ? '' : `, at most ${formatAmount(terms.feeMaxMinor)}`;
  return (
    `${formatAmount(terms.feeFlatMinor)} + ${String(terms.feePerMillion / 1_000)} per mille per ${terms.feeBasis}` +
    `, at least ${formatAmount(terms.feeMinMinor)}${most}, ${terms.feeHandling}`
  );
}

export function registerCalendarCommands(program: Command): void {
  const calendar = program.command('calendar').description('days on which banks do not settle');
  calendar
    .command('list')
    .description('public holidays of a year')
    .option('--year <yyyy>', 'default this year', readCount)
    .option('--json', 'print JSON')
    .action(async (options: { year?: number; json?: true }) =>
      withApp(async (app) => {
        const year = options.year ?? Number(dayOf(undefined).slice(0, 4));
        const days = await app.get(ManageCalendar, { strict: false }).list(year);
        if (options.json) say(asJson(days));
        else
          say(
            table(
              ['day', 'holiday', 'note'],
              days.map((each) => [each.day, each.name, each.note]),
            ),
          );
      }),
    );
  calendar
    .command('add <day>')
    .description('add a public holiday')
    .requiredOption('--name <text>', 'its name')
    .option(...byOfficer)
    .action(async (day: string, options: { name: string; officer?: string }) =>
      withApp(async (app) => {
        const use = app.get(ManageCalendar, { strict: false });
        await use.add(parseBusinessDay(day), options.name, options.officer ?? actor);
        say(`${day} is a public holiday: ${options.name}`);
      }),
    );
  calendar
    .command('remove <day>')
    .description('banks work on this holiday')
    .option(...byOfficer)
    .action(async (day: string, options: { officer?: string }) =>
      withApp(async (app) => {
        const use = app.get(ManageCalendar, { strict: false });
        await use.remove(parseBusinessDay(day), options.officer ?? actor);
        say(`${day} is no public holiday any more`);
      }),
    );
}

export function registerTermsCommands(settlement: Command): void {
  const terms = settlement.command('terms').description('what each PSP agreed on');
  terms
    .command('list')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) =>
      withApp(async (app) => {
        const use = app.get(ManageTerms, { strict: false });
        const [all, treasuries] = [await use.list(), await use.treasuries()];
        if (options.json) {
          say(asJson({ terms: all, treasuries }));
          return;
        }
        say(
          table(
            ['PSP', 'account', 'currency', 'from', 'cut-off', 'due', 'by', 'fee', 'reference'],
            all.map((each) => [
              each.pspCode,
              each.collectionAccount === '' ? 'all' : each.collectionAccount,
              each.currency,
              each.validFrom,
              clock(each.cutoffMinutes),
              `T+${String(each.settleDays)}`,
              clock(each.dueMinutes),
              describeFee(each),
              each.referenceForm,
            ]),
          ),
        );
        for (const each of treasuries) say(`Treasury: ${each.account} ${each.currency}`);
      }),
    );
  terms
    .command('set')
    .description('terms from a day on; those of the same account and day are replaced')
    .requiredOption('--psp <code>', 'the PSP')
    .requiredOption('--from <yyyy-mm-dd>', 'first day of validity')
    .option('--account <account>', 'collection account; default all')
    .option('--currency <code>', 'TZS or USD', 'TZS')
    .option('--cutoff <hh:mm>', 'payments until then belong to the day (24:00)')
    .option('--settle-days <n>', 'bank days until the money is due (1)')
    .option('--due <hh:mm>', 'time of the due day, up to 48:00 (24:00)')
    .option('--fee-basis <basis>', 'none, transaction or day')
    .option('--fee-handling <handling>', 'kept or apart')
    .option('--fee-flat <amount>', 'fixed part of the fee')
    .option('--fee-per-mille <rate>', 'proportional part, like 1.5')
    .option('--fee-min <amount>', 'lowest fee')
    .option('--fee-max <amount>', 'highest fee')
    .option('--reference <form>', 'of its credits, like {psp}{yyyymmdd}')
    .option('--remitters <texts>', 'by which a bank names the PSP, with commas between')
    .option(...byOfficer)
    .action(async (options: Options) =>
      withApp(async (app) => {
        const read = readTerms({
          ...options,
          currency: options['currency'] ?? 'TZS',
          from: parseBusinessDay(options['from'] ?? ''),
          settleDays:
            options['settleDays'] === undefined ? undefined : Number(options['settleDays']),
          remitters: options['remitters']?.split(',').map((each) => each.trim()),
        });
        const psp = options['psp'] ?? '';
        await app.get(ManageTerms, { strict: false }).set(psp, read, options['officer'] ?? actor);
        say(
          `${psp}: T+${String(read.settleDays)}, fee ${describeFee(read)}, from ${read.validFrom}`,
        );
      }),
    );
  terms
    .command('treasury')
    .description("the treasury's account of a currency, to which collection accounts are swept")
    .requiredOption('--account <account>', 'account number')
    .option('--currency <code>', 'TZS or USD', 'TZS')
    .option(...byOfficer)
    .action(async (options: { account: string; currency: string; officer?: string }) =>
      withApp(async (app) => {
        const use = app.get(ManageTerms, { strict: false });
        await use.setTreasury(options.account, options.currency, options.officer ?? actor);
        say(`Collection accounts in ${options.currency} are swept to ${options.account}`);
      }),
    );
}
