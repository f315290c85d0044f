/** Payments and receipts as the JSON edge shows them, and what they may be searched by. */
import { ApiProperty } from '@nestjs/swagger';
import type { BusinessDay } from '../kernel/business-day';
import { currencies, type Currency, formatAmount } from '../kernel/money';
import type { PaymentView } from '../payments/payment-view';
import { ControlNumberField, DayField, IdentifierField, UuidField } from './fields';
import { NextField, PageQuery } from './paging';

export class PaymentPath {
  @UuidField({
    description: 'The id of the payment.',
    example: '0193a1b2-0000-7000-8000-000000000001',
  })
  paymentId!: string;
}

export class ReceiptPath {
  @IdentifierField({ description: 'The number of the receipt.', example: 'R26B24000001' })
  receiptNumber!: string;
}

export class PaymentSearch extends PageQuery {
  @ControlNumberField({ description: 'What the payer quoted.', optional: true })
  controlNumber?: string;

  @IdentifierField({ description: 'Of one bill.', optional: true })
  billId?: string;

  @IdentifierField({ description: 'Of one receipt.', optional: true })
  receiptNumber?: string;

  @DayField({ description: 'Of one business day.', example: '2026-11-24', optional: true })
  day?: BusinessDay;
}

export class PaidBillBody {
  @ApiProperty({ example: 'INV-2026-0001' })
  billId!: string;

  @ApiProperty({ description: 'Surplus included.', example: '150000.00' })
  amount!: string;

  @ApiProperty({ example: '0.00' })
  surplusAmount!: string;

  @ApiProperty({ description: 'Where the money landed.', example: '0150701010001' })
  collectionAccount!: string;
}

class PaymentPspBody {
  @ApiProperty({ example: 'PSP701' })
  code!: string;

  @ApiProperty({ example: 'A bank' })
  name!: string;

  @ApiProperty({ description: 'The id that the PSP gave it.', example: 'TX-0001' })
  transactionId!: string;
}

class PaymentPayerBody {
  @ApiProperty({ example: 'Asha Juma' })
  name!: string;

  @ApiProperty({ example: '0712345678' })
  phone!: string;

  @ApiProperty({ example: '' })
  email!: string;
}

export class PaymentBody {
  @ApiProperty({ format: 'uuid', example: '0193a1b2-0000-7000-8000-000000000001' })
  paymentId!: string;

  @ApiProperty({ example: 'R26B24000001' })
  receiptNumber!: string;

  @ApiProperty({ example: '997010000008' })
  controlNumber!: string;

  @ApiProperty({
    description: "Of this institution's bills, surplus included.",
    example: '150000.00',
  })
  amount!: string;

  @ApiProperty({ example: '0.00' })
  surplusAmount!: string;

  @ApiProperty({ enum: currencies, enumName: 'Currency', example: 'TZS' })
  currency!: Currency;

  @ApiProperty({ type: () => PaidBillBody, isArray: true })
  bills!: PaidBillBody[];

  @ApiProperty({ type: () => PaymentPspBody })
  psp!: PaymentPspBody;

  @ApiProperty({ example: 'MOBILE' })
  channel!: string;

  @ApiProperty({ type: () => PaymentPayerBody })
  payer!: PaymentPayerBody;

  @ApiProperty({
    description: 'As the PSP said.',
    format: 'date-time',
    example: '2026-11-24T08:59:00.000Z',
  })
  paidAt!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:00:00.120Z' })
  receivedAt!: string;

  @ApiProperty({ format: 'date', example: '2026-11-24' })
  businessDay!: string;
}

export class PaymentListBody {
  @ApiProperty({ type: () => PaymentBody, isArray: true })
  data!: PaymentBody[];

  @NextField()
  next!: string | null;
}

export function showPayment(payment: PaymentView): PaymentBody {
  return {
    paymentId: payment.id,
    receiptNumber: payment.receiptNumber,
    controlNumber: payment.controlNumber,
    amount: formatAmount(payment.amountMinor),
    surplusAmount: formatAmount(payment.surplusMinor),
    currency: payment.currency,
    bills: payment.bills.map((each) => ({
      billId: each.billId,
      amount: formatAmount(BigInt(each.amountMinor)),
      surplusAmount: formatAmount(BigInt(each.surplusMinor)),
      collectionAccount: each.collectionAccount,
    })),
    psp: {
      code: payment.pspCode,
      name: payment.pspName,
      transactionId: payment.pspTransactionId,
    },
    channel: payment.channel,
    payer: { name: payment.payerName, phone: payment.payerPhone, email: payment.payerEmail },
    paidAt: payment.paidAt.toISOString(),
    receivedAt: payment.receivedAt.toISOString(),
    businessDay: payment.businessDay,
  };
}
