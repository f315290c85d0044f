/** What auditors asked for and what came of it; statements are in the stores. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('chain_check')
export class ChainCheckRow {
  @PrimaryColumn('bigint')
  id!: string;

  @Column('text', { name: 'requested_by' })
  requestedBy!: string;
}

@Entity('audit_sample')
export class AuditSampleRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  seed!: string;
}

@Entity('control_run')
export class ControlRunRow {
  @PrimaryColumn('bigint')
  id!: string;

  @Column('date', { name: 'business_day' })
  businessDay!: string;
}

@Entity('control_result')
export class ControlResultRow {
  @PrimaryColumn('bigint', { name: 'run_id' })
  runId!: string;

  @PrimaryColumn('text')
  control!: string;
}
