/** The gate, the money taken, and the bills it went to; statements are in payment.store. */
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
