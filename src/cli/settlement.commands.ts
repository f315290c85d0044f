/** What PSPs owe the bank: what is expected and came, what is on its way, the run that matches; terms and calendar. */
import type { Command } from 'commander';
import { formatAmount } from '../kernel/money';
import { MatchSettlement } from '../settlement/match-settlement';
import { ReviewSettlement } from '../settlement/review-settlement';
import { registerBankMappingCommands } from './bank-mappings.commands';
import { actor, asJson, dayOf, say, withApp } from './run-command';
import { registerCalendarCommands, registerTermsCommands } from './settlement-terms.commands';
import { table } from './text-table';

export function registerSettlementCommands(program: Command): void {
  registerCalendarCommands(program);
  const settlement = program
    .command('settlement')
    .description('money on its way from PSPs to the bank and to the treasury');
  registerTermsCommands(settlement);
  registerBankMappingCommands(settlement);

  settlement
    .command('status')
    .description("what a day's clearing should bring, by PSP and account, and what came")
    .option('--day <yyyy-mm-dd>', 'clearing day; default today')
    .option('--open', 'everything that is still to come, of any day')
    .option('--json', 'print JSON')
    .action(async (options: { day?: string; open?: true; json?: true }) =>
      withApp(async (app) => {
        const review = app.get(ReviewSettlement, { strict: false });
        const rows = options.open ? await review.open() : await review.status(dayOf(options.day));
        if (options.json) {
          say(asJson(rows));
          return;
        }
        say(
          table(
            [
              'PSP',
              'account',
              'currency',
              'day',
              'gross',
              'fee',
              'net',
              'arrived',
              'open',
              'due',
              'state',
            ],
            rows.map((each) => [
              each.pspCode,
              each.collectionAccount,
              each.currency,
              each.clearingDay,
              formatAmount(each.grossMinor),
              formatAmount(each.feeMinor),
              formatAmount(each.netMinor),
              formatAmount(each.arrivedMinor),
              formatAmount(each.openMinor),
              each.dueAt.toISOString(),
              each.state,
            ]),
            [4, 5, 6, 7, 8],
          ),
        );
      }),
    );

  settlement
    .command('transit')
    .description('funds in transit by PSP and account, with their age, and the sum of the ledger')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) =>
      withApp(async (app) => {
        const view = await app.get(ReviewSettlement, { strict: false }).transit();
        if (options.json) {
          say(asJson(view));
          return;
        }
        say(
          table(
            ['held by', 'account', 'currency', 'amount', 'since', 'days'],
            view.rows.map((each) => [
              each.pspCode === '' ? 'sweep' : each.pspCode,
              each.account,
              each.currency,
              formatAmount(each.amountMinor),
              each.since,
              String(each.ageDays),
            ]),
            [3, 5],
          ),
        );
        for (const each of view.totals) {
          const isEqual = each.amountMinor === each.ledgerMinor;
          say(
            `In transit: ${formatAmount(each.amountMinor)} ${each.currency}; the ledger has ` +
              `${formatAmount(each.ledgerMinor)}${isEqual ? '' : ': payments of since the last run'}`,
          );
        }
      }),
    );

  settlement
    .command('match')
    .description('bring expectations up to date and try every bank entry that is not explained')
    .option('--officer <name>', 'who does it; default cli')
    .option('--json', 'print JSON')
    .action(async (options: { officer?: string; json?: true }) =>
      withApp(async (app) => {
        const run = await app
          .get(MatchSettlement, { strict: false })
          .execute(options.officer ?? actor);
        say(
          options.json
            ? asJson(run)
            : `Matched ${String(run.matchCount)}, not matched ${String(run.unmatchedCount)}; discrepancies: ` +
                `${String(run.raisedCount)} raised, ${String(run.closedCount)} closed`,
        );
      }),
    );
}
