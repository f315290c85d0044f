/**
 * Bank statements that come by a form: sent and kept, looked at with balances, sums and errors, then imported and matched
 * at once, so that what nothing explains stands in the work list when the officer gets there.
 */
import { Readable } from 'node:stream';
import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { Log } from '../../platform/logging/logger';
import { PreviewBankFile, type PreviewedBankFile } from '../../reconciliation/preview-bank-file';
import { ImportBankFile } from '../../settlement/import-bank-file';
import { ManageBankMappings } from '../../settlement/manage-bank-mappings';
import { MatchSettlement } from '../../settlement/match-settlement';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { KeptFiles } from '../frame/kept-files';
import { SentFiles } from '../frame/sent-files';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed, TakesFiles } from '../session.guard';

/** What a page shows of a long list; the file holds the rest. */
const shownFaults = 200;
const shownEntries = 20;

@ConsolePages('settlement/upload')
export class BankUploadPages {
  constructor(
    private readonly sent: SentFiles,
    private readonly kept: KeptFiles,
    private readonly previews: PreviewBankFile,
    private readonly mappings: ManageBankMappings,
    private readonly importing: ImportBankFile,
    private readonly matching: MatchSettlement,
    private readonly log: Log,
  ) {}

  @Get()
  @Allowed('statements.import')
  ask(@Query() query: unknown): Page {
    return new Page('settlement/upload.njk', { account: fieldsOf(query)['account'] });
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
      ({ digest, name, fields: { account } }) => {
        const about = new URLSearchParams({ name, ...(account === undefined ? {} : { account }) });
        return `/console/settlement/upload/${digest}?${about.toString()}`;
      },
      ({ account }, fault) => new Page('settlement/upload.njk', { account, fault }, 422),
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
    const fields = fieldsOf(query);
    const { preview } = await this.read(officer.name, digest, fields);
    const { account, name } = fields;
    const shown = {
      ...preview,
      digest,
      account,
      name,
      faults: preview.faults.slice(0, shownFaults),
      statements: preview.statements.map((each) => ({
        ...each,
        entries: each.entries.slice(0, shownEntries),
      })),
    };
    return new Page('settlement/preview.njk', shown, preview.outcome === 'good' ? 200 : 422);
  }

  /** Refuses: upload.gone, upload.faulty; what the import refuses stands over the preview. */
  @Post(':digest/import')
  @Allowed('statements.import')
  async import(
    @Param('digest') digest: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const fields = fieldsOf(body);
    const { preview, file, digest: sha256 } = await this.read(officer.name, digest, fields);
    if (file === undefined) {
      throw new Refusal('upload.faulty', 'nothing of the file was imported', 'unprocessable');
    }
    const { account, name = '' } = fields;
    try {
      await this.importing.execute({
        file,
        fileName: name,
        digest: sha256,
        account,
        importedBy: officer.name,
      });
    } catch (fault) {
      const shown = { ...preview, digest, account, name, refusal: faultOf(fault) };
      return new Page('settlement/preview.njk', shown, 422);
    }
    await this.kept.drop(officer.name, digest);
    await this.match(officer.name);
    const days = file.statements
      .flatMap(({ firstDay, lastDay }) => [firstDay, lastDay])
      .filter((day) => day !== undefined)
      .sort();
    const [from] = days;
    const to = days.at(-1);
    const span = from === undefined || to === undefined ? '' : `&from=${from}&to=${to}`;
    return new GoTo(`/console/settlement/statements?done=imported${span}`);
  }

  /** What is imported is imported: should matching fail, the timed work does it (RunDueSettlement). */
  private async match(officer: string): Promise<void> {
    try {
      await this.matching.execute(officer);
    } catch (fault) {
      this.log.error('matching-postponed', { fault });
    }
  }

  private async read(
    officer: string,
    digest: string,
    { account = '', name = '' }: Readonly<Record<string, string>>,
  ): Promise<PreviewedBankFile> {
    const bytes = await this.kept.find(officer, digest);
    const source = Readable.from([bytes]) as AsyncIterable<Buffer>;
    const read = await this.previews.execute({
      fileName: name,
      account,
      source,
      mappingOf: (of) => this.mappings.find(of),
    });
    if (account !== '') return read;
    // Without an account each statement is of the one that it names.
    const notes = read.preview.notes.filter(({ field }) => field !== 'account');
    return { ...read, preview: { ...read.preview, notes } };
  }
}
