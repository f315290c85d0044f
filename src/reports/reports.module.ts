/** Wires reports. */
import { Module } from '@nestjs/common';
import { ManageSchedules } from './manage-schedules';
import { ReportStore } from './report.store';
import { ExportReport } from './export-report';
import { ExportSealedDay } from './export-sealed-day';
import { ClosingModule } from '../closing/closing.module';
import { RunReport } from './run-report';
import { ScheduleStore } from './schedule.store';
import { SendDueReports } from './send-due-reports';

const useCases = [RunReport, ExportReport, ExportSealedDay, ManageSchedules, SendDueReports];

@Module({
  imports: [ClosingModule],
  providers: [ReportStore, ScheduleStore, ...useCases],
  exports: useCases,
})
export class ReportsModule {}
