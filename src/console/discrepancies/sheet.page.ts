/**
 * Discrepancies as a spreadsheet: out with a hash of each row, in again with decisions, looked at row by row, and only
 * then carried out. What changed meanwhile is a conflict and stays as it is.
 */
import { Readable } from 'node:stream';
import { Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import {
  ExchangeDiscrepancies,
  type SheetOutcome,
} from '../../reconciliation/exchange-discrepancies';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { KeptFiles } from '../frame/kept-files';
import { SentFiles } from '../frame/sent-files';
import { Download, faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed, TakesFiles } from '../session.guard';

/** More rows than an officer decides in a day. */
const longestSheet = 10_000;
/** What a page shows of a long sheet; the counts are of all. */
const shownRows = 500;

const home = '/console/discrepancies/sheet';

@ConsolePages('discrepancies/sheet')
export class SheetPages {
  constructor(
    private readonly exchange: ExchangeDiscrepancies,
    private readonly sent: SentFiles,
    private readonly kept: KeptFiles,
  ) {}

  @Get()
  @Allowed('discrepancies.resolve')
  ask(): Page {
    return new Page('discrepancies/sheet.njk');
  }

  /** Open ones, by the filter of the work list. Refuses: day.malformed. */
  @Get('file')
  @Allowed('discrepancies.read')
  async file(@Query() query: unknown, @CurrentSession() { officer }: Session): Promise<Download> {
    const { day, psp, kind, owner } = fieldsOf(query);
    const csv = await this.exchange.export({
      limit: longestSheet,
      ...(day === undefined ? {} : { day: parseBusinessDay(day) }),
      ...(psp === undefined ? {} : { pspCode: psp }),
      ...(kind === undefined ? {} : { kind }),
      ...(owner === 'me' ? { owner: officer.name } : {}),
    });
    const name = ['discrepancies', day, psp].filter((each) => each !== undefined).join('-');
    return new Download(`${name}.csv`, 'text/csv; charset=utf-8', Buffer.from(`\ufeff${csv}`));
  }

  @Post()
  @Allowed('discrepancies.resolve')
  @TakesFiles()
  async take(
    @Req() request: FastifyRequest,
    @CurrentSession() { officer }: Session,
  ): Promise<Page | GoTo> {
    return this.sent.take(
      request,
      officer.name,
      ({ digest }) => `${home}/${digest}`,
      (_fields, fault) => new Page('discrepancies/sheet.njk', { fault }, 422),
    );
  }

  /** What each row would do; nothing is changed yet. Refuses: upload.gone. */
  @Get(':digest')
  @Allowed('discrepancies.resolve')
  async preview(
    @Param('digest') digest: string,
    @CurrentSession() { officer }: Session,
  ): Promise<Page> {
    const bytes = await this.kept.find(officer.name, digest);
    try {
      const outcomes = await this.exchange.import(bytes, officer.name, true);
      return new Page('discrepancies/sheet-rows.njk', {
        ...viewOf(outcomes),
        apply: `${home}/${digest}/apply`,
      });
    } catch (fault) {
      return new Page('discrepancies/sheet.njk', { fault: faultOf(fault) }, 422);
    }
  }

  /** Each row by itself, as if it were decided by hand. Refuses: upload.gone, sheet.malformed. */
  @Post(':digest/apply')
  @Allowed('discrepancies.resolve')
  async apply(
    @Param('digest') digest: string,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    const bytes = await this.kept.find(officer.name, digest);
    const outcomes = await this.exchange.import(bytes, officer.name, false);
    const rows = outcomes.map((each) => ({
      ...each,
      id: each.id === null ? null : String(each.id),
    }));
    const report = await this.kept.keep(
      officer.name,
      Readable.from([Buffer.from(JSON.stringify(rows))]),
    );
    await this.kept.drop(officer.name, digest);
    return new GoTo(`${home}/${report}/outcome`);
  }

  /** How it went, for an hour. Refuses: upload.gone. */
  @Get(':digest/outcome')
  @Allowed('discrepancies.resolve')
  async outcome(
    @Param('digest') digest: string,
    @CurrentSession() { officer }: Session,
  ): Promise<Page> {
    const bytes = await this.kept.find(officer.name, digest);
    return new Page('discrepancies/sheet-rows.njk', viewOf(rowsOf(bytes)));
  }
}

type Row = Omit<SheetOutcome, 'id'> & { readonly id: bigint | string | null };

/** Refuses: upload.gone, for a kept file that is no such report. */
function rowsOf(bytes: Buffer): readonly Row[] {
  try {
    const rows: unknown = JSON.parse(bytes.toString('utf8'));
    if (Array.isArray(rows)) return rows as readonly Row[];
  } catch {
    // Said below.
  }
  throw new Refusal('upload.gone', 'the file is no longer kept; send it again', 'not-found');
}

function viewOf(outcomes: readonly Row[]) {
  const kinds = ['resolved', 'awaiting-approval', 'possible', 'conflict', 'refused'] as const;
  const counts = kinds
    .map((kind) => ({ kind, count: outcomes.filter(({ outcome }) => outcome === kind).length }))
    .filter(({ count }) => count > 0);
  return {
    counts,
    rows: outcomes.slice(0, shownRows),
    hiddenCount: Math.max(0, outcomes.length - shownRows),
    possibleCount: outcomes.filter(({ outcome }) => outcome === 'possible').length,
  };
}
