/** Tables of the plain build (anchor N): the rows of one payment, as entities, in a database of its own. */
import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Unique,
} from 'typeorm';

@Entity('bill')
export class Bill {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text', { name: 'control_number', unique: true })
  controlNumber!: string;

  @Column('text', { default: 'open' })
  state!: string;

  @Column('bigint', { name: 'amount_minor' })
  amountMinor!: string;

  @Column('bigint', { name: 'paid_minor', default: 0 })
  paidMinor!: string;

  @Column('text', { name: 'payer_name' })
  payerName!: string;

  @OneToMany(() => BillItem, (item) => item.bill)
  items!: BillItem[];
}

@Entity('bill_item')
export class BillItem {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @ManyToOne(() => Bill, (bill) => bill.items)
  @JoinColumn({ name: 'bill_id' })
  @Index()
  bill!: Bill;

  @Column('text', { name: 'gfs_code' })
  gfsCode!: string;

  @Column('bigint', { name: 'amount_minor' })
  amountMinor!: string;

  @Column('bigint', { name: 'paid_minor', default: 0 })
  paidMinor!: string;
}

@Entity('payment')
@Unique(['pspCode', 'transactionId'])
export class Payment {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text', { name: 'psp_code' })
  pspCode!: string;

  @Column('text', { name: 'transaction_id' })
  transactionId!: string;

  @Column('text', { name: 'receipt_number', unique: true })
  receiptNumber!: string;

  @Column('bigint', { name: 'amount_minor' })
  amountMinor!: string;

  @Column('text', { name: 'payer_name' })
  payerName!: string;

  @ManyToOne(() => Bill)
  @JoinColumn({ name: 'bill_id' })
  @Index()
  bill!: Bill;

  @CreateDateColumn({ name: 'received_at', type: 'timestamptz' })
  receivedAt!: Date;
}

@Entity('ledger_entry')
export class LedgerEntry {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'payment_id', unique: true })
  paymentId!: string;

  @OneToMany(() => Posting, (posting) => posting.entry, { cascade: true })
  postings!: Posting[];
}

@Entity('posting')
export class Posting {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @ManyToOne(() => LedgerEntry, (entry) => entry.postings)
  @JoinColumn({ name: 'entry_id' })
  @Index()
  entry!: LedgerEntry;

  @Column('text')
  @Index()
  account!: string;

  @Column('bigint', { name: 'debit_minor' })
  debitMinor!: string;

  @Column('bigint', { name: 'credit_minor' })
  creditMinor!: string;
}

@Entity('delivery')
@Index(['state', 'createdAt'])
export class Delivery {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  state!: string;

  @Column('jsonb')
  message!: object;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}

@Entity('audit_event')
export class AuditEvent {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  action!: string;

  @Column('text')
  subject!: string;
}

@Entity('inbound_message')
export class InboundMessage {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('bytea')
  body!: Buffer;
}

export const entities = [
  Bill,
  BillItem,
  Payment,
  LedgerEntry,
  Posting,
  Delivery,
  AuditEvent,
  InboundMessage,
];
