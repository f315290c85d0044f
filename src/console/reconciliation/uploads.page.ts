/** Statements that come by a form: sent and kept, looked at with totals and errors, and only then imported. */
import { Readable } from 'node:stream';
import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type BusinessDay, parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { type ImportOutcome, ImportStatement } from '../../reconciliation/import-statement';
import { ReadDays } from '../../reconciliation/read-days';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { KeptFiles } from '../frame/kept-files';
import { SentFiles } from '../frame/sent-files';
import { fieldsOf, GoTo, Page } from '../page';
import { Allowed, TakesFiles } from '../session.guard';

/** What a page shows of a long list; the file holds the rest. */
const shownFaults = 200;
const shownLines = 20;

const template = 'reconciliation/upload.njk';

@ConsolePages('reconciliation/upload')
export class UploadPages {
  constructor(
    private readonly sent: SentFiles,
    private readonly kept: KeptFiles,
    private readonly importing: ImportStatement,
    private readonly days: ReadDays,
  ) {}

  @Get()
  @Allowed('statements.import')
  async ask(@Query() query: unknown): Promise<Page> {
    const { psp, day } = fieldsOf(query);
    return new Page(template, { psp, day, psps: await this.days.psps() });
  }

  @Post()
  @Allowed('statements.import')
  @TakesFiles()
  async take(
    @Req() request: FastifyRequest,
    @CurrentSession() { officer }: Session,
  ): Promise<Page | GoTo> {
    return this.sent.take(
      request,
      officer.name,
      async ({ digest, name, fields }) => {
        const { psp, day } = await this.wanted(fields);
        const about = new URLSearchParams({ psp, day, name });
        return `/console/reconciliation/upload/${digest}?${about.toString()}`;
      },
      async (fields, fault) =>
        new Page(template, { ...fields, psps: await this.days.psps(), fault }, 422),
    );
  }

  /** Refuses: upload.gone. */
  @Get(':digest')
  @Allowed('statements.import')
  async preview(
    @Param('digest') digest: string,
    @Query() query: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page> {
    const bytes = await this.kept.find(officer.name, digest);
    const fields = fieldsOf(query);
    const { psp, day } = await this.wanted(fields);
    const name = fields['name'] ?? '';
    const outcome = await this.read(bytes, { psp, day, name }, officer.name, true);
    const live = (await this.days.one(day)).psps.find((each) => each.pspCode === psp);
    const shown = { digest, psp, day, name, revision: live?.revision, ...viewOf(outcome) };
    return new Page('reconciliation/preview.njk', shown, outcome.kind === 'faulty' ? 422 : 200);
  }

  /** Refuses: upload.gone, and what the import refuses. */
  @Post(':digest/import')
  @Allowed('statements.import')
  async import(
    @Param('digest') digest: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    const bytes = await this.kept.find(officer.name, digest);
    const fields = fieldsOf(body);
    const { psp, day } = await this.wanted(fields);
    const { name = '' } = fields;
    const outcome = await this.read(bytes, { psp, day, name }, officer.name, false);
    if (outcome.kind === 'faulty') {
      throw new Refusal('upload.faulty', 'nothing of the file was imported', 'unprocessable');
    }
    await this.kept.drop(officer.name, digest);
    const done =
      outcome.kind === 'imported' ? `imported&revision=${String(outcome.revision)}` : 'known';
    return new GoTo(`/console/reconciliation/days/${day}?done=${done}`);
  }

  private read(
    bytes: Buffer,
    { psp, day, name }: { psp: string; day: BusinessDay; name: string },
    importedBy: string,
    isDryRun: boolean,
  ): Promise<ImportOutcome> {
    return this.importing.execute({
      pspCode: psp,
      day,
      fileName: name,
      open: () => Readable.from([bytes]),
      importedBy,
      isDryRun,
    });
  }

  private async wanted(fields: Readonly<Record<string, string>>) {
    const { psp = '', day = '' } = fields;
    if (!(await this.days.psps()).includes(psp)) {
      throw new Refusal('statement.psp-unknown', 'choose the PSP', 'unprocessable');
    }
    return { psp, day: parseBusinessDay(day) };
  }
}

/** Totals by currency, the first lines, and the first of what is wrong. */
function viewOf(outcome: ImportOutcome): Readonly<Record<string, unknown>> {
  if (outcome.kind === 'faulty') {
    const { faults, faultCount } = outcome;
    return { faults: faults.slice(0, shownFaults), faultCount };
  }
  const { lineCount, totals, firstLines } = outcome;
  return {
    lineCount,
    totals: totals.map((each) => ({ ...each, count: each.lineCount })),
    lines: firstLines.slice(0, shownLines),
  };
}
