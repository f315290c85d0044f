/** Statements as files: the day statement of a PSP, and the statements of a bank. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { Refusal } from '../kernel/refusal';
import { ImportStatement } from '../reconciliation/import-statement';
import { PreviewBankFile } from '../reconciliation/preview-bank-file';
import { ImportBankFile } from '../settlement/import-bank-file';
import { actor, asJson, dayOf, say, withApp } from './run-command';
import { describeBankFile, describeImport, describeImported } from './statements-text';

interface StatementOptions {
  readonly psp?: string;
  readonly account?: string;
  readonly file: string;
  readonly day?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export function registerStatementCommand(program: Command): void {
  program
    .command('import-statement')
    .description(
      "import a PSP's day statement (CSV) or a bank's statement (camt.053, camt.054, MT940); all of it or, with a fault, nothing",
    )
    .addOption(new Option('--psp <code>', 'the PSP').conflicts('account'))
    .option('--account <number>', 'the account at the bank')
    .requiredOption('--file <file>', 'the statement')
    .option('--day <yyyy-mm-dd>', "business day of a PSP's statement; default today")
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

/** A dry run asks nothing of the database, and starts none. */
async function bankFile(options: StatementOptions, account: string): Promise<void> {
  const fileName = basename(options.file);
  const source = opened(options.file);
  const { preview, file, digest } = await new PreviewBankFile().execute({
    fileName,
    account,
    source,
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

async function* opened(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Buffer;
  } catch {
    throw new Refusal('file.unreadable', `cannot read ${path}`);
  }
}
