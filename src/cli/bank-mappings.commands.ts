/** How the CSV of each account at a bank is read. */
import type { Command } from 'commander';
import { readJson } from '../enrol-file';
import { ManageBankMappings } from '../settlement/manage-bank-mappings';
import { actor, asJson, say, withApp } from './run-command';
import { table } from './text-table';

const byOfficer = ['--officer <name>', 'who does it; default cli'] as const;

export function registerBankMappingCommands(settlement: Command): void {
  const mapping = settlement.command('mapping').description("how a bank's CSV is read");
  mapping
    .command('list')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) =>
      withApp(async (app) => {
        const all = await app.get(ManageBankMappings, { strict: false }).list();
        if (options.json) say(asJson(all));
        else
          say(
            table(
              ['account', 'mapping', 'set by', 'at'],
              all.map((each) => [
                each.account,
                JSON.stringify(each.mapping),
                each.setBy,
                each.setAt.toISOString(),
              ]),
            ),
          );
      }),
    );
  mapping
    .command('set')
    .description('the mapping of an account; the one before is replaced')
    .requiredOption('--account <number>', 'the account at the bank')
    .requiredOption('--file <file>', 'the mapping as JSON')
    .option(...byOfficer)
    .action(async (options: { account: string; file: string; officer?: string }) => {
      const given = readJson(options.file, 'statement.mapping-bad');
      await withApp(async (app) => {
        const use = app.get(ManageBankMappings, { strict: false });
        await use.set(options.account, given, options.officer ?? actor);
        say(`The CSV of account ${options.account} is read by ${options.file}`);
      });
    });
  mapping
    .command('remove')
    .requiredOption('--account <number>', 'the account at the bank')
    .option(...byOfficer)
    .action(async (options: { account: string; officer?: string }) =>
      withApp(async (app) => {
        const use = app.get(ManageBankMappings, { strict: false });
        await use.remove(options.account, options.officer ?? actor);
        say(`Account ${options.account} has no mapping any more`);
      }),
    );
}
