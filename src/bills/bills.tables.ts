/** Bills, items and control numbers, as tables; statements are in bill.store. */
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('bill')
export class BillTableRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('integer', { name: 'sp_id' })
  spId!: number;

  @Column('text', { name: 'sp_bill_id' })
  spBillId!: string;

  @Column('text', { name: 'control_number' })
  controlNumber!: string;

  @Column('text')
  state!: string;
}

@Entity('bill_item')
export class BillItemTableRow {
  @PrimaryColumn('uuid', { name: 'bill_id' })
  billId!: string;

  @PrimaryColumn('integer')
  position!: number;

  @Column('text', { name: 'gfs_code' })
  gfsCode!: string;
}

@Entity('control_number')
export class ControlNumberTableRow {
  @PrimaryColumn('text')
  number!: string;

  @Column('integer', { name: 'sp_id' })
  spId!: number;

  @Column('uuid', { name: 'bill_id', nullable: true })
  billId!: string | null;
}

@Entity('control_number_range')
export class ControlNumberRangeRow {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id!: number;

  @Column('integer', { name: 'party_id' })
  partyId!: number;

  @Column('text')
  prefix!: string;

  @Column('boolean', { name: 'has_check_digit' })
  hasCheckDigit!: boolean;

  @Column('bigint', { name: 'next_serial' })
  nextSerial!: bigint;

  @Column('bigint')
  capacity!: bigint;

  @Column('text', { name: 'key_check_value' })
  keyCheckValue!: string;
}

@Entity('bill_group')
export class BillGroupTableRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('integer', { name: 'sp_id' })
  spId!: number;

  @Column('text', { name: 'sp_group_bill_id' })
  spGroupBillId!: string;
}

@Entity('imported_number_range')
export class ImportedNumberRangeRow {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id!: number;

  @Column('integer', { name: 'sp_id' })
  spId!: number;
}

@Entity('bill_upload')
export class BillUploadTableRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('integer', { name: 'sp_id' })
  spId!: number;

  @Column('text')
  state!: string;
}

@Entity('bill_upload_row')
export class BillUploadLineTableRow {
  @PrimaryColumn('uuid', { name: 'upload_id' })
  uploadId!: string;

  @PrimaryColumn('integer')
  line!: number;

  @Column('text')
  state!: string;
}

/** One row: how far the search for bills past their time has gone. */
@Entity('bill_expiry_mark')
export class BillExpiryMarkRow {
  @PrimaryColumn('boolean', { name: 'is_only' })
  isOnly!: boolean;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('uuid')
  id!: string;
}

/** Kept by a trigger of `bill`. */
@Entity('partly_paid_bill')
export class PartlyPaidBillRow {
  @PrimaryColumn('uuid', { name: 'bill_id' })
  billId!: string;
}
