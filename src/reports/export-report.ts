/** Makes a report as a file, in any of its forms, and writes down who took it and what was in it. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { renderCsv } from './render-csv';
import { renderJson } from './render-json';
import { renderPdf } from './render-pdf';
import { renderXlsx } from './render-xlsx';
import type { Report, ReportSummary } from './report';
import { type ReportRequest, RunReport } from './run-report';

export const formats = ['csv', 'xlsx', 'pdf', 'json'] as const;
export type Format = (typeof formats)[number];

export const mediaTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  json: 'application/json',
};

@Injectable()
export class ExportReport {
  constructor(
    private readonly reports: RunReport,
    private readonly database: Database,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Ends `out`. When it is closed before its end (a client that hangs up), the statement is cancelled.
   * Refuses: report.too-large, and as RunReport.
   */
  async execute(request: ReportRequest, format: Format, out: Writable): Promise<ReportSummary> {
    const gone = new AbortController();
    const abort = (): void => {
      gone.abort();
    };
    out.once('close', abort);
    try {
      const summary = await this.reports.execute(
        request,
        async (report) => {
          await render(report, format, out);
          return report.summary();
        },
        gone.signal,
      );
      const { name, parameters, askedBy } = request;
      await this.database.transaction((tx) =>
        this.audit.record(tx, {
          actor: askedBy,
          action: 'report.exported',
          subject: name,
          detail: { format, parameters, rowCount: summary.rowCount, digest: summary.digest },
        }),
      );
      return summary;
    } finally {
      out.off('close', abort);
    }
  }
}

async function render(report: Report, format: Format, out: Writable): Promise<void> {
  switch (format) {
    case 'csv':
      return pipeline(Readable.from(renderCsv(report)), out);
    case 'json':
      return pipeline(Readable.from(renderJson(report)), out);
    case 'pdf':
      return renderPdf(report, out);
    case 'xlsx':
      return pipeline(Readable.from([await renderXlsx(report)]), out);
  }
}
