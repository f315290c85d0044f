/** Wires reports. */
import { Module } from '@nestjs/common';
import { ManageSchedules } from './manage-schedules';
import { ReportStore } from './report.store';
import { ExportReport } from './export-report';
import { RunReport } from './run-report';
import { ScheduleStore } from './schedule.store';
import { SendDueReports } from './send-due-reports';

const useCases = [RunReport, ExportReport, ManageSchedules, SendDueReports];

@Module({ providers: [ReportStore, ScheduleStore, ...useCases], exports: useCases })
export class ReportsModule {}
