/** Reports as files: which there are, and one of them into a file or onto the screen. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { ExportReport, type Format, formats } from '../reports/export-report';
import { languages, type Language } from '../platform/locale/locale';
import { catalogue, type ReportName, reportNames } from '../reports/report-catalogue';
import { dimensions, steps } from '../reports/report-parameters.rules';
import { word } from '../reports/report-words';
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

/** The file appears when it is whole, and never where something failed. */
async function intoFile(
  path: string,
  make: (out: NodeJS.WritableStream & ReturnType<typeof createWriteStream>) => Promise<void>,
): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await make(createWriteStream(unfinished, { flags: 'wx' }));
    await rename(unfinished, path);
  } catch (fault) {
    await rm(unfinished, { force: true });
    throw fault;
  }
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
}
