/** Wires reports. */
import { Module } from '@nestjs/common';
import { ReportStore } from './report.store';
import { ExportReport } from './export-report';
import { RunReport } from './run-report';

@Module({ providers: [ReportStore, RunReport, ExportReport], exports: [RunReport, ExportReport] })
export class ReportsModule {}
