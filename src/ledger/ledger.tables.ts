/** The ledger's tables; append-only, guarded by triggers and grants. */
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('ledger_account')
export class LedgerAccountRow {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id!: number;

  @Column('text')
  name!: string;

  @Column('text')
  currency!: string;

  @Column('text')
  kind!: string;

  @Column('text', { name: 'normal_side' })
  normalSide!: 'debit' | 'credit';
}

@Entity('ledger_entry')
export class LedgerEntryRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'source_kind' })
  sourceKind!: string;

  @Column('text', { name: 'source_id' })
  sourceId!: string;

  @Column('date', { name: 'business_day' })
  businessDay!: string;
}

@Entity('posting')
export class PostingRow {
  @PrimaryColumn('date', { name: 'business_day' })
  businessDay!: string;

  @PrimaryColumn('uuid', { name: 'entry_id' })
  entryId!: string;

  @PrimaryColumn('integer')
  position!: number;

  @Column('bigint', { name: 'debit_minor' })
  debitMinor!: bigint;

  @Column('bigint', { name: 'credit_minor' })
  creditMinor!: bigint;
}

@Entity('closed_day')
export class ClosedDayRow {
  @PrimaryColumn('date')
  day!: string;
}

@Entity('account_day')
export class AccountDayRow {
  @PrimaryColumn('integer', { name: 'account_id' })
  accountId!: number;

  @PrimaryColumn('date', { name: 'business_day' })
  businessDay!: string;
}
