/** The work list of reconciliation: look, take, comment, decide, one by one or as a spreadsheet. */
import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { readInput } from '../enrol-file';
import { formatAmount } from '../kernel/money';
import { ExchangeDiscrepancies } from '../reconciliation/exchange-discrepancies';
import { explanations } from '../reconciliation/explanation.rules';
import { ResolveDiscrepancy } from '../reconciliation/resolve-discrepancy';
import { type DiscrepancyView, WorkDiscrepancies } from '../reconciliation/work-discrepancies';
import { asJson, dayOf, readCount, say, withApp } from './run-command';
import { table } from './text-table';

interface Filter {
  readonly day?: string;
  readonly psp?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly owner?: string;
  readonly limit: number;
  readonly json?: true;
}

function readId(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('wanted a number like 12.');
  return BigInt(text);
}

const filterOf = ({ day, psp, kind, state, owner, limit }: Filter) => ({
  limit,
  ...(day === undefined ? {} : { day: dayOf(day) }),
  ...(psp === undefined ? {} : { pspCode: psp }),
  ...(kind === undefined ? {} : { kind }),
  ...(state === undefined ? {} : { state }),
  ...(owner === undefined ? {} : { owner }),
});

const sum = (minor: bigint | null) => (minor === null ? '' : formatAmount(minor));

function describe(list: readonly DiscrepancyView[]): string {
  if (list.length === 0) return 'nothing';
  return table(
    ['id', 'day', 'psp', 'kind', 'subject', 'theirs', 'ours', '', 'state', 'owner', 'days'],
    list.map((each) => [
      each.id.toString(),
      each.businessDay,
      each.pspCode ?? '',
      each.kind,
      each.subject,
      sum(each.theirMinor),
      sum(each.ourMinor),
      each.currency,
      each.state,
      each.owner ?? '',
      String(each.ageDays),
    ]),
    [5, 6, 10],
  );
}

function filtered(command: Command): Command {
  return command
    .option('--day <yyyy-mm-dd>', 'of this business day')
    .option('--psp <code>', 'of this PSP')
    .option('--kind <kind>', 'of this kind')
    .option('--owner <name>', 'of this officer')
    .option('--limit <count>', 'how many at most', readCount, 1000);
}

export function registerDiscrepancyCommands(program: Command): void {
  const command = program
    .command('discrepancies')
    .description('what reconciliation and settlement could not explain');

  filtered(command.command('list'))
    .description('the work list')
    .option(
      '--state <state>',
      'open, awaiting-approval, carried, resolved, withdrawn or waiting',
      'waiting',
    )
    .option('--json', 'print JSON')
    .action(async (options: Filter) =>
      withApp(async (app) => {
        const list = await app.get(WorkDiscrepancies, { strict: false }).list(filterOf(options));
        say(options.json ? asJson(list) : describe(list));
      }),
    );

  command
    .command('show <id>')
    .description('one, with its history and what may be done about it')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: true }) =>
      withApp(async (app) => {
        const one = await app.get(WorkDiscrepancies, { strict: false }).one(readId(id));
        if (options.json) {
          say(asJson(one));
          return;
        }
        say(describe([one]));
        for (const sentence of explanations(one.detail)) say(sentence);
        for (const { at, action, actor, detail } of one.history)
          say(`${at.toISOString()}  ${action} by ${actor}  ${JSON.stringify(detail)}`);
        for (const { name, needsApproval } of one.resolutions)
          say(`resolution: ${name}${needsApproval ? ' (a second officer approves)' : ''}`);
      }),
    );

  command
    .command('assign <id>')
    .description('give it to an officer')
    .requiredOption('--to <name>', "the officer; '' takes it away")
    .requiredOption('--officer <name>', 'who does this')
    .action(async (id: string, options: { to: string; officer: string }) =>
      withApp(async (app) => {
        const work = app.get(WorkDiscrepancies, { strict: false });
        await work.assign(readId(id), options.to, options.officer);
        say(`${id}: ${options.to || 'nobody'}`);
      }),
    );

  command
    .command('comment <id>')
    .description('say something about it')
    .requiredOption('--text <text>', 'what')
    .requiredOption('--officer <name>', 'who does this')
    .action(async (id: string, options: { text: string; officer: string }) =>
      withApp(async (app) => {
        const work = app.get(WorkDiscrepancies, { strict: false });
        await work.comment(readId(id), options.text, options.officer);
        say(`${id}: noted`);
      }),
    );

  command
    .command('resolve <id>')
    .description('decide it; what moves money waits for a second officer (approvals approve)')
    .requiredOption('--resolution <name>', 'one of those that "show" names, or undo')
    .requiredOption('--note <text>', 'why')
    .requiredOption('--officer <name>', 'who does this')
    .option('--control-number <number>', "of the bill, where the line's is not it")
    .option('--refund <id>', "that the bank's line is, by its end-to-end id")
    .option('--psp <code>', 'whose money it is, for "link"')
    .option('--day <yyyy-mm-dd>', 'of its clearing, for "link"')
    .option('--account <number>', 'it was meant for, for "link", where the line\'s is not it')
    .option('--dry-run', 'say what it would do')
    .option('--json', 'print JSON')
    .action(
      async (
        id: string,
        options: {
          resolution: string;
          note: string;
          officer: string;
          controlNumber?: string;
          refund?: string;
          psp?: string;
          day?: string;
          account?: string;
          dryRun?: true;
          json?: true;
        },
      ) =>
        withApp(async (app) => {
          const resolve = app.get(ResolveDiscrepancy, { strict: false });
          const { note, resolution, controlNumber = '', refund, psp, day, account } = options;
          const named = Object.entries({ refund, psp, day, account }).filter(([, given]) => given);
          const input = { note, controlNumber, ...Object.fromEntries(named) };
          const wish = { id: readId(id), resolution, input };
          const decision = options.dryRun
            ? await resolve.preview(wish)
            : await resolve.execute(wish, options.officer);
          if (options.json) say(asJson(decision));
          else if ('state' in decision)
            say(`${id}: ${decision.state} ${decision.approvalId ?? ''}\n  ${decision.effect}`);
          else say(`${id}: ${decision.effect}`);
        }),
    );

  filtered(command.command('export'))
    .description('open ones as CSV, with empty columns for decisions')
    .option('--out <file>', 'write it there instead of printing it')
    .action(async (options: Filter & { out?: string }) =>
      withApp(async (app) => {
        const exchange = app.get(ExchangeDiscrepancies, { strict: false });
        const csv = await exchange.export(filterOf(options));
        if (options.out === undefined) process.stdout.write(csv);
        else writeFileSync(options.out, csv);
      }),
    );

  command
    .command('import')
    .description('decisions from such a file; a row that changed meanwhile is a conflict')
    .requiredOption('--file <file>', 'the CSV')
    .requiredOption('--officer <name>', 'who decides')
    .option('--dry-run', 'say what each row would do')
    .option('--json', 'print JSON')
    .action(async (options: { file: string; officer: string; dryRun?: true; json?: true }) =>
      withApp(async (app) => {
        const outcomes = await app
          .get(ExchangeDiscrepancies, { strict: false })
          .import(readInput(options.file), options.officer, options.dryRun === true);
        const isClean = outcomes.every(({ outcome }) => !/^(conflict|refused)$/.test(outcome));
        if (!isClean) process.exitCode = 1;
        if (options.json) say(asJson(outcomes));
        else
          say(
            table(
              ['line', 'id', 'outcome', 'what'],
              outcomes.map((each) => [
                String(each.line),
                each.id?.toString() ?? '',
                each.outcome,
                each.detail,
              ]),
            ),
          );
      }),
    );
}
