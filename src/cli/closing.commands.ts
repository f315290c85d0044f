/**
 * The close of a business day. Without an officer: the list of what must hold, exit 2 while something does not. With
 * one: proposed, and by another one approved. `--verify` exits 3 when the day is not what was sealed.
 */
import { type Command, Option } from 'commander';
import { CloseDay, type DayOutlook } from '../closing/close-day';
import { missingSentence } from '../closing/missing-words';
import { type DayVerification, VerifyDay } from '../closing/verify-day';
import { parseBusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { languages, type Language } from '../platform/locale/locale';
import { ExportSealedDay } from '../reports/export-sealed-day';
import { intoFile } from './into-file';
import { actor, asJson, say, withApp } from './run-command';
import { table } from './text-table';

interface Options {
  readonly day: string;
  readonly officer?: string;
  readonly approve?: true;
  readonly decline?: string;
  readonly verify?: true;
  readonly lines?: true;
  readonly pdf?: string;
  readonly language: Language;
  readonly json?: true;
}

export function registerClosingCommands(program: Command): void {
  program
    .command('close-day')
    .description('check, propose, approve or verify the close of a business day')
    .requiredOption('--day <yyyy-mm-dd>', 'business day')
    .option('--officer <name>', 'who proposes it, or approves it')
    .option('--approve', 'approve what another officer proposed')
    .addOption(
      new Option('--decline <reason>', 'decline what another officer proposed').conflicts(
        'approve',
      ),
    )
    .addOption(
      new Option('--verify', 'compute a closed day again and compare').conflicts('officer'),
    )
    .addOption(new Option('--lines', 'print the lines that the digest is over').conflicts('json'))
    .addOption(
      new Option(
        '--pdf <file>',
        'the sealed record of a closed day, printed; an existing file is replaced',
      ).conflicts(['officer', 'verify', 'lines']),
    )
    .addOption(
      new Option('--language <language>', 'of the document').choices(languages).default('en'),
    )
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const decides = options.approve === true || options.decline !== undefined;
      if (decides && options.officer === undefined)
        throw new Refusal('day.officer-missing', 'say who decides it: --officer NAME');
      await withApp(async (app) => {
        const closing = app.get(CloseDay, { strict: false });
        const verifying = app.get(VerifyDay, { strict: false });
        const day = parseBusinessDay(options.day);
        const { officer = '' } = options;
        const tell = (value: unknown, text: string) => {
          say(options.json ? asJson(value) : text);
        };
        if (options.lines) {
          await verifying.lines(day, (lines) => process.stdout.write(lines));
        } else if (options.pdf !== undefined) {
          const { pdf, language } = options;
          const documents = app.get(ExportSealedDay, { strict: false });
          await intoFile(pdf, (out) => documents.execute({ day, language, askedBy: actor }, out));
          say(`${pdf}: the sealed record of ${day}`);
        } else if (options.verify) {
          const found = await verifying.execute(day);
          tell(found, describeVerified(found));
          if (!found.isSame) process.exitCode = 3;
        } else if (options.approve) {
          await closing.approve(day, officer);
          const found = await verifying.sealed(day);
          tell(found, `${day} is closed. Digest ${String(found?.digest)}.`);
        } else if (options.decline !== undefined) {
          await closing.decline(day, officer, options.decline);
          say(`The closing of ${day} is declined.`);
        } else if (officer !== '') {
          const proposal = await closing.propose(day, officer);
          tell(
            proposal,
            `${describeOutlook(proposal)}\nProposed by ${officer}; another officer approves it: ` +
              `close-day --day ${day} --approve --officer NAME`,
          );
        } else {
          const outlook = await closing.outlook(day);
          tell(outlook, describeOutlook(outlook));
          if (!outlook.isReady) process.exitCode = 2;
        }
      });
    });
}

function describeOutlook({ checks, record, isReady }: DayOutlook): string {
  const list = checks.flatMap((check) => [
    [
      check.name,
      check.isMet ? 'met' : 'NOT MET',
      check.missing.map(missingSentence)[0] ?? '',
      check.repair,
    ],
    ...check.missing.slice(1).map((missing) => ['', '', missingSentence(missing), '']),
  ]);
  return [
    table(['condition', '', 'missing', 'repaired by'], list),
    '',
    table(
      ['collected by', 'payments', 'amount', 'currency'],
      record.totals.byPsp.map((each) => [
        each.key,
        String(each.count ?? ''),
        each.amount,
        each.currency,
      ]),
      [1, 2],
    ),
    '',
    table(
      ['in transit', 'amount', 'currency'],
      record.inTransit.map((each) => [each.account, each.amount, each.currency]),
      [1],
    ),
    '',
    `Digest ${record.digest} over ${String(record.lineCount)} lines.`,
    isReady ? 'The day can be closed.' : 'The day cannot be closed yet.',
  ].join('\n');
}

function describeVerified(found: DayVerification): string {
  return [
    `${found.day}, closed by ${found.proposedBy} and ${found.approvedBy} at ${found.sealedAt.toISOString()}`,
    `sealed digest  ${found.sealedDigest}`,
    `actual digest  ${found.actualDigest}`,
    found.isSame
      ? 'The day is what was sealed.'
      : `The day is NOT what was sealed; different: ${found.differences.join(', ')}.`,
  ].join('\n');
}
