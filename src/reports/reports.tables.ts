/** Schedules of reports and their sendings, as tables; statements on them are in the store. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('report_schedule')
export class ReportScheduleRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;
}

@Entity('report_sending')
export class ReportSendingRow {
  @PrimaryColumn('uuid', { name: 'schedule_id' })
  scheduleId!: string;

  @PrimaryColumn('date', { name: 'due_day' })
  dueDay!: string;
}
