/** The report of a business day for one institution. */
import { ApiProperty } from '@nestjs/swagger';
import { stringify } from 'csv-stringify/sync';
import type { InstitutionSettlement } from '../closing/institution-settlement';
import type { BusinessDay } from '../kernel/business-day';
import { currencies, type Currency, formatAmount } from '../kernel/money';
import type { PaymentView } from '../payments/payment-view';
import type { DayOfPayments } from '../payments/read-payments';
import { DayField } from './fields';

export class DayPath {
  @DayField({ description: 'A business day.', example: '2026-11-24' })
  day!: BusinessDay;
}

export class DayTotalBody {
  @ApiProperty({ enum: currencies, enumName: 'Currency', example: 'TZS' })
  currency!: Currency;

  @ApiProperty({ example: 'PSP701' })
  pspCode!: string;

  @ApiProperty({ type: 'integer', example: 12 })
  count!: number;

  @ApiProperty({ description: 'Surplus included.', example: '1800000.00' })
  amount!: string;

  @ApiProperty({ example: '0.00' })
  surplusAmount!: string;
}

export class DaySettlementBody {
  @ApiProperty({ enum: currencies, enumName: 'Currency', example: 'TZS' })
  currency!: Currency;

  @ApiProperty({ example: 'PSP701' })
  pspCode!: string;

  @ApiProperty({ description: 'Surplus included.', example: '1800000.00' })
  collectedAmount!: string;

  @ApiProperty({ description: 'Taken back of these payments, whenever.', example: '0.00' })
  reversedAmount!: string;

  @ApiProperty({ description: 'Given back to payers out of their surplus.', example: '0.00' })
  refundedAmount!: string;

  @ApiProperty({
    description: 'At the bank: of clearings that came whole.',
    example: '1800000.00',
  })
  settledAmount!: string;

  @ApiProperty({ description: 'Collected and not at the bank yet.', example: '0.00' })
  inTransitAmount!: string;
}

export class DayReportBody {
  @ApiProperty({ format: 'date', example: '2026-11-24' })
  day!: string;

  @ApiProperty({ description: 'False while payments of the day may still come.', example: true })
  isOver!: boolean;

  @ApiProperty({
    description: 'True when the day was closed by two officers; then nothing of it changes.',
    example: true,
  })
  isClosed!: boolean;

  @ApiProperty({ type: () => DayTotalBody, isArray: true })
  totals!: DayTotalBody[];

  @ApiProperty({ type: () => DaySettlementBody, isArray: true })
  settlement!: DaySettlementBody[];
}

export function showDay(
  { day, isOver, totals }: DayOfPayments,
  { isClosed, sums }: Awaited<ReturnType<InstitutionSettlement['execute']>>,
): DayReportBody {
  return {
    day,
    isOver,
    isClosed,
    settlement: sums.map((each) => ({
      currency: each.currency,
      pspCode: each.pspCode,
      collectedAmount: formatAmount(each.collectedMinor),
      reversedAmount: formatAmount(each.reversedMinor),
      refundedAmount: formatAmount(each.refundedMinor),
      settledAmount: formatAmount(each.settledMinor),
      inTransitAmount: formatAmount(each.inTransitMinor),
    })),
    totals: totals.map((each) => ({
      currency: each.currency,
      pspCode: each.pspCode,
      count: each.count,
      amount: formatAmount(each.amountMinor),
      surplusAmount: formatAmount(each.surplusMinor),
    })),
  };
}

const columns = [
  'receiptNumber',
  'paymentId',
  'controlNumber',
  'billId',
  'amount',
  'surplusAmount',
  'currency',
  'pspCode',
  'pspTransactionId',
  'channel',
  'payerName',
  'collectionAccount',
  'paidAt',
  'receivedAt',
];

/** One line per bill of a payment. A text that a spreadsheet would run as a formula begins with a quote (F8). */
export function dayCsv(payments: readonly PaymentView[], header: boolean): string {
  const lines = payments.flatMap((payment) =>
    payment.bills.map((bill) => [
      payment.receiptNumber,
      payment.id,
      payment.controlNumber,
      bill.billId,
      formatAmount(BigInt(bill.amountMinor)),
      formatAmount(BigInt(bill.surplusMinor)),
      payment.currency,
      payment.pspCode,
      payment.pspTransactionId,
      payment.channel,
      payment.payerName,
      bill.collectionAccount,
      payment.paidAt.toISOString(),
      payment.receivedAt.toISOString(),
    ]),
  );
  return stringify(lines, { header, columns, escape_formulas: true });
}
