/** The gate, the money taken, the bills it went to, and requests to reverse it; statements are in the stores. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('payment')
export class PaymentTableRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'receipt_number' })
  receiptNumber!: string;
}

@Entity('payment_allocation')
export class PaymentAllocationTableRow {
  @PrimaryColumn('uuid', { name: 'payment_id' })
  paymentId!: string;

  @PrimaryColumn('uuid', { name: 'bill_id' })
  billId!: string;
}

@Entity('payment_notification')
export class PaymentNotificationTableRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'psp_transaction_id' })
  pspTransactionId!: string;
}

@Entity('payment_announcement')
export class PaymentAnnouncementTableRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'psp_transaction_id' })
  pspTransactionId!: string;
}

@Entity('reversal_request')
export class ReversalRequestTableRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  reason!: string;
}

@Entity('payment_recording')
export class PaymentRecordingTableRow {
  @PrimaryColumn('uuid', { name: 'payment_id' })
  paymentId!: string;
}

@Entity('payment_reversal')
export class PaymentReversalTableRow {
  @PrimaryColumn('uuid')
  id!: string;
}

@Entity('payment_reversal_part')
export class PaymentReversalPartTableRow {
  @PrimaryColumn('uuid', { name: 'reversal_id' })
  reversalId!: string;

  @PrimaryColumn('uuid', { name: 'bill_id' })
  billId!: string;
}

@Entity('refund')
export class RefundTableRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'end_to_end_id' })
  endToEndId!: string;
}

@Entity('refund_batch')
export class RefundBatchTableRow {
  @PrimaryColumn('uuid')
  id!: string;
}
