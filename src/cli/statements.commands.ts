/** Statements as files: the day statement of a PSP, and the statements of a bank. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { readJson } from '../enrol-file';
import { Refusal } from '../kernel/refusal';
import { type BankMapping, readBankMapping } from '../reconciliation/bank-files/bank-mapping.rules';
import { ImportStatement } from '../reconciliation/import-statement';
import { PreviewBankFile } from '../reconciliation/preview-bank-file';
import { ManageBankMappings } from '../settlement/manage-bank-mappings';
import { ImportBankFile } from '../settlement/import-bank-file';
import { actor, asJson, dayOf, say, withApp } from './run-command';
import { describeBankFile, describeImport, describeImported } from './statements-text';

interface StatementOptions {
  readonly psp?: string;
  readonly account?: string;
  readonly file: string;
  readonly day?: string;
  readonly mapping?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export function registerStatementCommand(program: Command): void {
  program
    .command('import-statement')
    .description(
      "import a PSP's day statement (CSV) or a bank's statement (camt.053, camt.054, MT940, CSV); all of it or, with a fault, nothing",
    )
    .addOption(new Option('--psp <code>', 'the PSP').conflicts('account'))
    .option('--account <number>', 'the account at the bank')
    .requiredOption('--file <file>', 'the statement')
    .option('--day <yyyy-mm-dd>', "business day of a PSP's statement; default today")
    .option('--mapping <file>', "with --dry-run: a mapping of the account's CSV to try")
    .option('--dry-run', 'read and check only; the account need not be enrolled')
    .option('--json', 'print JSON')
    .action(async (options: StatementOptions) => {
      if (options.account !== undefined) await bankFile(options, options.account);
      else if (options.psp !== undefined) await dayStatement(options, options.psp);
      else throw new Refusal('statement.whose', 'name the PSP (--psp) or the account (--account)');
    });
}

async function dayStatement(options: StatementOptions, pspCode: string): Promise<void> {
  await withApp(async (app) => {
    const outcome = await app.get(ImportStatement, { strict: false }).execute({
      pspCode,
      day: dayOf(options.day),
      fileName: basename(options.file),
      open: () => opened(options.file),
      importedBy: actor,
      isDryRun: options.dryRun === true,
    });
    if (outcome.kind === 'faulty') process.exitCode = 1;
    say(options.json ? asJson(outcome) : describeImport(outcome));
  });
}

/**
 * A dry run asks nothing of the database, and starts none, but for the mapping of a CSV.
 * Refuses: statement.mapping-unset.
 */
async function bankFile(options: StatementOptions, account: string): Promise<void> {
  const { mapping } = options;
  if (mapping !== undefined && options.dryRun !== true)
    throw new Refusal(
      'statement.mapping-unset',
      '--mapping tries a mapping with --dry-run; to import by it, set it (settlement mapping set)',
    );
  const mappingOf =
    mapping === undefined
      ? mappingSet
      : () => Promise.resolve(readBankMapping(readJson(mapping, 'statement.mapping-bad')));
  const fileName = basename(options.file);
  const source = opened(options.file);
  const { preview, file, digest } = await new PreviewBankFile().execute({
    fileName,
    account,
    source,
    mappingOf,
  });
  if (file === undefined) process.exitCode = 1;
  if (file === undefined || options.dryRun === true) {
    say(options.json ? asJson(preview) : describeBankFile(preview));
    return;
  }
  await withApp(async (app) => {
    const imported = await app
      .get(ImportBankFile, { strict: false })
      .execute({ file, fileName, digest, account, importedBy: actor });
    say(options.json ? asJson(imported) : describeImported(imported));
  });
}

async function mappingSet(account: string): Promise<BankMapping | undefined> {
  let found: BankMapping | undefined;
  await withApp(async (app) => {
    found = await app.get(ManageBankMappings, { strict: false }).find(account);
  });
  return found;
}

async function* opened(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Buffer;
  } catch {
    throw new Refusal('file.unreadable', `cannot read ${path}`);
  }
}
