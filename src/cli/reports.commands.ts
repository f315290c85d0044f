/** Reports as files: which there are, and one of them into a file or onto the screen. */
import { type Command, Option } from 'commander';
import { ExportReport, type Format, formats } from '../reports/export-report';
import { languages, type Language } from '../platform/locale/locale';
import { catalogue, type ReportName, reportNames } from '../reports/report-catalogue';
import { ManageSchedules } from '../reports/manage-schedules';
import { frequencies, type Frequency } from '../reports/schedule.rules';
import { dimensions, steps } from '../reports/report-parameters.rules';
import { word } from '../reports/report-words';
import { intoFile } from './into-file';
import { actor, asJson, say, withApp } from './run-command';
import { table } from './text-table';

interface RunOptions {
  readonly name: ReportName;
  readonly format: Format;
  readonly out: string;
  readonly language: Language;
  readonly from?: string;
  readonly to?: string;
  readonly span?: string;
  readonly by?: string;
  readonly period?: string;
  readonly sp?: string;
  readonly psp?: string;
  readonly gfs?: string;
  readonly channel?: string;
  readonly currency?: string;
}

function list(isJson: boolean): void {
  const rows = reportNames.map((name) => {
    const { takes, isOfOneDay } = catalogue[name];
    const days = isOfOneDay ? ['to'] : ['from', 'to'];
    return { name, title: word('en', `title.${name}`), parameters: [...days, 'span', ...takes] };
  });
  say(
    isJson
      ? asJson(rows)
      : table(
          ['report', 'title', 'takes'],
          rows.map((row) => [row.name, row.title, row.parameters.join(', ')]),
        ),
  );
}

async function run(options: RunOptions): Promise<void> {
  const { name, format, out: path, language, ...parameters } = options;
  await withApp(async (app) => {
    const exporter = app.get(ExportReport, { strict: false });
    const request = { name, parameters, scope: 'everybody', askedBy: actor, language } as const;
    await intoFile(path, async (out) => {
      const { rowCount, digest } = await exporter.execute(request, format, out);
      say(`${path}: ${String(rowCount)} rows, SHA-256 of the data ${digest}`);
    });
  });
}

interface AddOptions {
  readonly name: string;
  readonly report: ReportName;
  readonly parameter: readonly string[];
  readonly format: 'csv' | 'xlsx' | 'pdf';
  readonly to: readonly string[];
  readonly frequency: Frequency;
  readonly at: string;
  readonly language: Language;
  readonly officer: string;
}

/** Refuses: report.parameter-refused. */
function pairsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', ...rest] = text.split('=');
      return [name, rest.join('=')];
    }),
  );
}

async function addSchedule({ parameter, to, officer, ...rest }: AddOptions): Promise<void> {
  const input = { ...rest, parameters: pairsOf(parameter), recipients: to };
  await withApp(async (app) => {
    const { name } = await app
      .get(ManageSchedules, { strict: false })
      .add(input, 'everybody', officer);
    say(`The schedule ${name} is kept.`);
  });
}

async function listSchedules({ json }: { json?: true }): Promise<void> {
  await withApp(async (app) => {
    const schedules = await app.get(ManageSchedules, { strict: false }).list('everybody');
    if (json === true) {
      say(asJson(schedules));
      return;
    }
    const timeOf = (minutes: number) =>
      [Math.floor(minutes / 60), minutes % 60]
        .map((part) => String(part).padStart(2, '0'))
        .join(':');
    say(
      table(
        ['name', 'report', 'form', 'sent', 'to', 'owner', 'last'],
        schedules.map((each) => [
          each.name,
          each.report,
          each.format,
          `${each.frequency} ${timeOf(each.minuteOfDay)}`,
          each.recipients.join(' '),
          each.owner,
          each.lastDueDay === null ? 'never' : `${each.lastDueDay} ${each.lastState ?? ''}`,
        ]),
      ),
    );
  });
}

function registerSchedules(reports: Command): void {
  const schedule = reports.command('schedule').description('reports by e-mail');
  const collect = (text: string, before: readonly string[]) => [...before, text];
  schedule
    .command('add')
    .description('send a report every day, week or month')
    .requiredOption('--name <name>', 'of the schedule')
    .addOption(new Option('--report <report>', 'which').choices(reportNames).makeOptionMandatory())
    .option('--parameter <name=value>', 'of the report; may be repeated', collect, [])
    .addOption(
      new Option('--format <format>', 'form').choices(['csv', 'xlsx', 'pdf']).default('pdf'),
    )
    .requiredOption('--to <address>', 'recipient; may be repeated', collect, [])
    .addOption(
      new Option('--frequency <frequency>', 'daily, on Mondays, or on the first of the month')
        .choices(frequencies)
        .default('daily'),
    )
    .option('--at <hh:mm>', 'time of the day in East Africa', '07:00')
    .addOption(
      new Option('--language <language>', 'of the report').choices(languages).default('en'),
    )
    .option('--officer <name>', 'whose it is', actor)
    .action(addSchedule);
  schedule
    .command('list')
    .description('the schedules, and how their last sending went')
    .option('--json', 'print JSON')
    .action(listSchedules);
  schedule
    .command('remove')
    .description('send a report no more')
    .argument('<name>', 'of the schedule')
    .option('--officer <name>', 'who removes it', actor)
    .action(async (name: string, { officer }: { officer: string }) =>
      withApp(async (app) => {
        await app.get(ManageSchedules, { strict: false }).remove(name, 'everybody', officer);
        say(`The schedule ${name} is removed.`);
      }),
    );
}

export function registerReportsCommands(program: Command): void {
  const reports = program.command('reports').description('reports of a period as files');
  reports
    .command('list')
    .description('the reports there are, and what each takes')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) => {
      list(json === true);
    });
  reports
    .command('run')
    .description('make a report')
    .addOption(new Option('--name <report>', 'which').choices(reportNames).makeOptionMandatory())
    .option('--from <yyyy-mm-dd>', 'first business day; default the last')
    .option('--to <yyyy-mm-dd>', 'last business day; default today')
    .option('--span <span>', 'in place of both: 2026-11-24, 2026-11 or 2026/2027')
    .addOption(new Option('--by <dimension>', 'rows by').choices(dimensions))
    .addOption(new Option('--period <step>', 'rows by period too').choices(steps))
    .option('--sp <code>', 'of this institution only')
    .option('--psp <code>', 'of this PSP only')
    .option('--gfs <code>', 'of this GFS code only')
    .option('--channel <channel>', 'of this channel only')
    .option('--currency <currency>', 'in this currency only')
    .addOption(new Option('--format <format>', 'form').choices(formats).default('csv'))
    .addOption(new Option('--language <language>', 'of headings').choices(languages).default('en'))
    .requiredOption('--out <file>', 'where to; an existing file is replaced')
    .action(run);
  registerSchedules(reports);
}
