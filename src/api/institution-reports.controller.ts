/** Reports of an institution about itself: as JSON with the first thousand rows, as CSV with all of them. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Get, Param, Query, StreamableFile } from '@nestjs/common';
import type { ServiceProvider } from '../parties/party-directory';
import { ExportReport } from '../reports/export-report';
import { type ReportRequest, RunReport } from '../reports/run-report';
import {
  parametersOf,
  ReportBody,
  ReportPath,
  ReportQuery,
  showReport,
} from './institution-report.schema';
import { Operation, Resource } from './operation';
import { Institution } from './request-context';

const shownRows = 1_000;

const refusals = {
  400: ['report.parameter-refused', 'report.period-malformed'],
  404: ['report.party-unknown'],
  422: ['report.period-too-long'],
  429: ['report.busy'],
} as const;

@Resource('reports', 'Reports')
export class InstitutionReportsController {
  constructor(
    private readonly reports: RunReport,
    private readonly exporter: ExportReport,
  ) {}

  @Get(':report')
  @Operation({
    id: 'getReport',
    scope: 'reports:read',
    summary: 'Read a report',
    description: 'Of your institution only. What each report takes: docs/reports.md.',
    answer: { status: 200, description: 'Its first 1,000 rows.', type: ReportBody },
    refusals,
  })
  async read(
    @Institution() sp: ServiceProvider,
    @Param() path: ReportPath,
    @Query() query: ReportQuery,
  ): Promise<ReportBody> {
    return showReport(await this.reports.page(requestOf(sp, path, query), shownRows));
  }

  @Get(':report/rows.csv')
  @Operation({
    id: 'getReportRows',
    scope: 'reports:read',
    summary: 'Read a report as CSV',
    answer: { status: 200, description: 'All of its rows.', media: 'text/csv' },
    refusals,
  })
  async rows(
    @Institution() sp: ServiceProvider,
    @Param() path: ReportPath,
    @Query() query: ReportQuery,
  ): Promise<StreamableFile> {
    const out = new PassThrough();
    const made = this.exporter.execute(requestOf(sp, path, query), 'csv', out);
    // What fails after the first row can only cut the answer off.
    made.catch((fault: unknown) => out.destroy(fault instanceof Error ? fault : undefined));
    // A refusal comes before the first row, and is answered as one.
    await Promise.race([once(out, 'readable'), made]);
    return new StreamableFile(out, {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${path.report}.csv"`,
    });
  }
}

function requestOf(sp: ServiceProvider, { report }: ReportPath, query: ReportQuery): ReportRequest {
  return {
    name: report,
    parameters: parametersOf(query),
    scope: { partyId: sp.id },
    askedBy: sp.code,
    language: query.language ?? 'en',
  };
}
