/** The books, read only. */
import type { Command } from 'commander';
import { formatAmount } from '../kernel/money';
import { TrialBalance } from '../ledger/trial-balance';
import { asJson, dayOf, say, withApp } from './run-command';
import { table } from './text-table';

export function registerLedgerCommands(program: Command): void {
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
}
