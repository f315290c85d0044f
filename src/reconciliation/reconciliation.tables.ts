/** Statements and their drafts, runs, matches and discrepancies, as tables; statements on them are in the stores. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('statement')
export class StatementRow {
  @PrimaryColumn('bigint')
  id!: bigint;

  @Column('date', { name: 'business_day' })
  businessDay!: string;
}

@Entity('statement_line')
export class StatementLineRow {
  @PrimaryColumn('bigint')
  id!: bigint;
}

@Entity('statement_draft')
export class StatementDraftRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('date', { name: 'business_day' })
  businessDay!: string;
}

@Entity('statement_draft_page')
export class StatementDraftPageRow {
  @PrimaryColumn('uuid', { name: 'draft_id' })
  draftId!: string;

  @PrimaryColumn('integer')
  page!: number;
}

@Entity('reconciliation_run')
export class ReconciliationRunRow {
  @PrimaryColumn('bigint')
  id!: bigint;
}

@Entity('match')
export class MatchRow {
  @PrimaryColumn('bigint', { name: 'run_id' })
  runId!: bigint;

  @PrimaryColumn('bigint', { name: 'statement_line_id' })
  statementLineId!: bigint;
}

@Entity('discrepancy')
export class DiscrepancyRow {
  @PrimaryColumn('bigint')
  id!: bigint;

  @Column('text')
  kind!: string;
}

@Entity('discrepancy_event')
export class DiscrepancyEventRow {
  @PrimaryColumn('bigint')
  id!: bigint;

  @Column('text')
  action!: string;
}

@Entity('discrepancy_carry')
export class DiscrepancyCarryRow {
  @PrimaryColumn('bigint', { name: 'discrepancy_id' })
  discrepancyId!: bigint;

  @Column('bigint', { name: 'carried_to' })
  carriedTo!: bigint;
}

@Entity('day_batch_request')
export class DayBatchRequestRow {
  @PrimaryColumn('integer', { name: 'sp_id' })
  spId!: number;

  @PrimaryColumn('text', { name: 'request_id' })
  requestId!: string;

  @PrimaryColumn('date', { name: 'business_day' })
  businessDay!: string;

  @PrimaryColumn('text')
  option!: string;
}
