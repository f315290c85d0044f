/** The sealed record of a closed day, and what was collected on it; append-only, guarded by triggers and grants. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('day_seal')
export class DaySealRow {
  @PrimaryColumn('date')
  day!: string;

  @Column('text')
  content!: string;
}

@Entity('collection_day')
export class CollectionDayRow {
  @PrimaryColumn('date', { name: 'business_day' })
  businessDay!: string;

  @PrimaryColumn('integer')
  shape!: number;

  @PrimaryColumn('integer', { name: 'account_id' })
  accountId!: number;
}

@Entity('institution_day')
export class InstitutionDayRow {
  @PrimaryColumn('integer', { name: 'sp_id' })
  spId!: number;

  @PrimaryColumn('date', { name: 'business_day' })
  businessDay!: string;

  @PrimaryColumn('integer', { name: 'psp_id' })
  pspId!: number;

  @PrimaryColumn('text')
  currency!: string;

  @PrimaryColumn('text', { name: 'collection_account' })
  collectionAccount!: string;

  @PrimaryColumn('boolean', { name: 'is_after_cutoff' })
  isAfterCutoff!: boolean;
}
