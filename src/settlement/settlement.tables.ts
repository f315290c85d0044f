/** The tables of settlement; statements on them are in the stores. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('calendar_day')
export class CalendarDayRow {
  @PrimaryColumn('date')
  day!: string;

  @Column('boolean', { name: 'is_holiday' })
  isHoliday!: boolean;

  @Column('text')
  name!: string;
}

@Entity('bank_mapping')
export class BankMappingRow {
  @PrimaryColumn('text')
  account!: string;
}

@Entity('bank_statement')
export class BankStatementRow {
  @PrimaryColumn('bigint')
  id!: bigint;
}

@Entity('bank_entry')
export class BankEntryRow {
  @PrimaryColumn('bigint')
  id!: bigint;
}

@Entity('settlement_run')
export class SettlementRunRow {
  @PrimaryColumn('bigint')
  id!: bigint;
}

@Entity('expectation')
export class ExpectationRow {
  @PrimaryColumn('bigint')
  id!: bigint;
}

@Entity('bank_match')
export class BankMatchRow {
  @PrimaryColumn('bigint')
  id!: bigint;
}

@Entity('bank_miss')
export class BankMissRow {
  @PrimaryColumn('bigint', { name: 'bank_entry_id' })
  bankEntryId!: bigint;
}

@Entity('settlement_discrepancy')
export class SettlementDiscrepancyRow {
  @PrimaryColumn('bigint', { name: 'discrepancy_id' })
  discrepancyId!: bigint;
}
