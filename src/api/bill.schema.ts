/** Bills as the JSON edge shows them. */
import { ApiProperty } from '@nestjs/swagger';
import type { BillView } from '../bills/bill-view';
import type { BillState, PaymentOption } from '../bills/bill.rules';
import { currencies, type Currency, formatAmount } from '../kernel/money';
import { IdentifierField } from './fields';
import { NextField } from './paging';

export const billStates = [
  'open',
  'partly-paid',
  'paid',
  'cancelled',
  'expired',
] as const satisfies readonly BillState[];
export const paymentOptions = [
  'full',
  'partial',
  'exact',
  'limited',
] as const satisfies readonly PaymentOption[];

/** The path of one bill. */
export class BillPath {
  @IdentifierField({
    description: "The institution's own id of the bill.",
    example: 'INV-2026-0001',
  })
  billId!: string;
}

export class PayerBody {
  @ApiProperty({ example: 'STD-0042' })
  id!: string;

  @ApiProperty({ example: 'Asha Juma' })
  name!: string;

  @ApiProperty({ type: 'string', nullable: true, example: '0712345678' })
  phone!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  email!: string | null;
}

export class BillItemBody {
  @ApiProperty({ example: '140206' })
  gfsCode!: string;

  @ApiProperty({ example: '150000.00' })
  amount!: string;

  @ApiProperty({ example: '0.00' })
  paidAmount!: string;

  @ApiProperty({ example: 'tuition' })
  reference!: string;

  @ApiProperty({ example: '1001' })
  subSpCode!: string;
}

export class BillBody {
  @ApiProperty({ example: 'INV-2026-0001' })
  billId!: string;

  @ApiProperty({ description: 'What the payer quotes.', example: '997010000008' })
  controlNumber!: string;

  @ApiProperty({ enum: billStates, enumName: 'BillState', example: 'open' })
  state!: BillState;

  @ApiProperty({ example: '150000.00' })
  amount!: string;

  @ApiProperty({ enum: currencies, enumName: 'Currency', example: 'TZS' })
  currency!: Currency;

  @ApiProperty({ enum: paymentOptions, enumName: 'PaymentOption', example: 'exact' })
  paymentOption!: PaymentOption;

  @ApiProperty({ description: 'The smallest instalment.', example: '0.01' })
  minimumAmount!: string;

  @ApiProperty({ description: 'Of option limited.', type: 'string', nullable: true, example: null })
  limitAmount!: string | null;

  @ApiProperty({ description: 'Without surplus.', example: '0.00' })
  paidAmount!: string;

  @ApiProperty({ description: 'Paid beyond the amount.', example: '0.00' })
  surplusAmount!: string;

  @ApiProperty({ example: 'School fees, term 1' })
  description!: string;

  @ApiProperty({ type: () => PayerBody })
  payer!: PayerBody;

  @ApiProperty({ type: () => BillItemBody, isArray: true })
  items!: BillItemBody[];

  @ApiProperty({ format: 'date-time', example: '2026-12-31T20:59:59.000Z' })
  expiresAt!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T08:00:00.000Z' })
  generatedAt!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T08:00:00.120Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  cancelledAt!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  cancelReason!: string | null;

  @ApiProperty({ example: 'fees-office' })
  generatedBy!: string;

  @ApiProperty({ example: 'fees-office' })
  approvedBy!: string;

  @ApiProperty({ example: '1001' })
  subSpCode!: string;

  @ApiProperty({ example: 'SYSTT000' })
  systemId!: string;

  @ApiProperty({
    description: 'The combined bill it is part of.',
    type: 'string',
    nullable: true,
    example: null,
  })
  groupBillId!: string | null;

  @ApiProperty({ description: 'Grows with every change.', type: 'integer', example: 1 })
  version!: number;
}

export class BillListBody {
  @ApiProperty({ type: () => BillBody, isArray: true })
  data!: BillBody[];

  @NextField()
  next!: string | null;
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

export function showBill(bill: BillView): BillBody {
  return {
    billId: bill.billId,
    controlNumber: bill.controlNumber,
    state: bill.state,
    amount: formatAmount(bill.amountMinor),
    currency: bill.currency,
    paymentOption: bill.option,
    minimumAmount: formatAmount(bill.minimumMinor),
    limitAmount: bill.limitMinor === null ? null : formatAmount(bill.limitMinor),
    paidAmount: formatAmount(bill.paidMinor),
    surplusAmount: formatAmount(bill.surplusMinor),
    description: bill.description,
    payer: {
      id: bill.payerId,
      name: bill.payerName,
      phone: orNull(bill.payerPhone),
      email: orNull(bill.payerEmail),
    },
    items: bill.items.map((item) => ({
      gfsCode: item.gfsCode,
      amount: formatAmount(BigInt(item.amountMinor)),
      paidAmount: formatAmount(BigInt(item.paidMinor)),
      reference: item.reference,
      subSpCode: item.subSpCode,
    })),
    expiresAt: bill.expiresAt.toISOString(),
    generatedAt: bill.generatedAt.toISOString(),
    createdAt: bill.createdAt.toISOString(),
    cancelledAt: bill.cancelledAt?.toISOString() ?? null,
    cancelReason: bill.cancelReason,
    generatedBy: bill.generatedBy,
    approvedBy: bill.approvedBy,
    subSpCode: bill.subSpCode,
    systemId: bill.systemId,
    groupBillId: bill.groupBillId,
    version: bill.version,
  };
}
