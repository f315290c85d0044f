/**
 * Reports on the screen and as files: the filters stand in the address, the numbers are those of the files, and who took
 * a file is written down (product.md §8). An institution's officer gets reports of the own institution alone.
 */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import type { Language } from '../../platform/locale/locale';
import { writtenCell } from '../../reports/cell-text.rules';
import { ExportReport, type Format } from '../../reports/export-report';
import { catalogue } from '../../reports/report-catalogue';
import { word } from '../../reports/report-words';
import { type ReportPage, type ReportRequest, RunReport } from '../../reports/run-report';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import type { DrawnChart } from '../frame/chart';
import { ShowPage } from '../frame/show-page';
import { Download, faultOf, fieldsOf, Page } from '../page';
import { Allowed } from '../session.guard';
import { collectionsChart } from './collections-chart';
import { filtersOf, reportsFor } from './report-filters';

/** A page of more rows than that is a file. */
const shownRows = 200;

const types: Readonly<Partial<Record<Format, string>>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

@ConsolePages('reports')
export class ReportPages {
  constructor(
    private readonly reports: RunReport,
    private readonly files: ExportReport,
    private readonly pages: ShowPage,
  ) {}

  @Get()
  @Allowed('reports.read')
  list(@CurrentSession() session: Session, @Req() request: FastifyRequest): Page {
    const language = this.pages.languageOf(request);
    return new Page('reports/reports.njk', {
      reports: reportsFor(session.officer).map((name) => ({
        name,
        title: word(language, `title.${name}`),
      })),
    });
  }

  @Get(':name')
  @Allowed('reports.read')
  async show(
    @Param('name') text: string,
    @Query() query: unknown,
    @CurrentSession() session: Session,
    @Req() request: FastifyRequest,
  ): Promise<Page> {
    const language = this.pages.languageOf(request);
    const asked = requestOf(text, query, session, language);
    const filters = filtersOf(asked, language);
    const title = word(language, `title.${asked.name}`);
    const addresses = Object.keys(types).map((format) => ({
      format,
      href: `/console/reports/${asked.name}/${format}?${queryOf(asked)}`,
    }));
    const regularly = `/console/reports/schedules/add?report=${asked.name}&${queryOf(asked)}`;
    const frame = { name: asked.name, title, filters, addresses, regularly };
    if (mustNameInstitution(asked)) return new Page('reports/report.njk', frame);
    try {
      const page = await this.reports.page(asked, shownRows);
      return new Page('reports/report.njk', {
        ...frame,
        report: shown(page),
        chart: chartOf(page),
      });
    } catch (fault) {
      return new Page('reports/report.njk', { ...frame, fault: faultOf(fault) }, 422);
    }
  }

  @Get(':name/:format')
  @Allowed('reports.read')
  async download(
    @Param('name') text: string,
    @Param('format') format: string,
    @Query() query: unknown,
    @CurrentSession() session: Session,
    @Req() request: FastifyRequest,
  ): Promise<Download> {
    const asked = requestOf(text, query, session, this.pages.languageOf(request));
    const type = types[format as Format];
    if (type === undefined) throw unknownReport(`${text}/${format}`);
    const out = new PassThrough();
    const making = this.files.execute(asked, format as Format, out).catch((fault: unknown) => {
      out.destroy(fault instanceof Error ? fault : new Error(String(fault)));
      throw fault;
    });
    // What is refused is refused before the first byte, and then it is a page and no file.
    await Promise.race([once(out, 'readable'), making]);
    making.catch(() => undefined);
    const days = [asked.parameters['from'], asked.parameters['to']].filter(Boolean).join('_');
    return new Download(`${[asked.name, days].filter(Boolean).join('-')}.${format}`, type, out);
  }
}

function requestOf(
  text: string,
  query: unknown,
  session: Session,
  language: Language,
): ReportRequest {
  const name = reportsFor(session.officer).find((each) => each === text);
  if (name === undefined) throw unknownReport(text);
  const { officer } = session;
  return {
    name,
    parameters: fieldsOf(query),
    scope: officer.partyId === null ? 'everybody' : { partyId: officer.partyId },
    askedBy: officer.name,
    language,
  };
}

function mustNameInstitution({ name, scope, parameters }: ReportRequest): boolean {
  return (
    catalogue[name].isOfOneInstitution && scope === 'everybody' && parameters['sp'] === undefined
  );
}

function queryOf({ parameters }: ReportRequest): string {
  return new URLSearchParams(parameters as Record<string, string>).toString();
}

function unknownReport(text: string): Refusal {
  return new Refusal('report.unknown', `there is no report ${text}`, 'not-found');
}

/** Columns whose codes have names on the page; files for programs keep the codes. */
const worded: Readonly<Partial<Record<string, Readonly<Record<string, string>>>>> = {
  discrepancies: { kind: 'discrepancies.kind-' },
  deliveries: { kind: 'deliveries.kind-' },
  statement: { source: 'reports.source-' },
};

/** Cells as they are written, so that the template decides nothing about numbers. */
function shown(page: ReportPage) {
  const isNumber = page.columns.map(({ kind }) => ['money', 'count', 'percent'].includes(kind));
  const written = (cells: readonly (string | bigint | Date | null)[]) =>
    cells.map((cell, place) => ({
      text: writtenCell(cell, page.columns[place]?.kind ?? 'text'),
      isNumber: isNumber[place],
      words: worded[page.name]?.[page.columns[place]?.key ?? ''],
    }));
  return {
    parameters: page.parameters,
    madeAt: page.madeAt,
    heads: page.columns.map(({ heading }, place) => ({ text: heading, isMoney: isNumber[place] })),
    rows: page.rows.map(written),
    totals: page.summary?.totals.map((total) => ({
      currency: total.currency ?? '',
      cells: written(total.cells),
    })),
    digest: page.summary?.digest,
    rowCount: page.summary?.rowCount,
    limit: shownRows,
  };
}

function chartOf(page: ReportPage): DrawnChart | undefined {
  return page.name === 'collections' ? collectionsChart(page) : undefined;
}
