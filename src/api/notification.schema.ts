/** What a PSP tells us of a payment over JSON, and what it is answered. */
import { ApiProperty } from '@nestjs/swagger';
import { currencies, type Currency, formatAmount } from '../kernel/money';
import type { MessageId } from '../kernel/ids';
import type { FoundPayment } from '../payments/find-payment';
import type { PaymentNotification } from '../payments/payment-notification';
import {
  AmountField,
  IdentifierField,
  InstantField,
  ObjectField,
  TextField,
  WordField,
} from './fields';

class NotifiedPayerInput {
  @TextField({ description: 'As the PSP knows it.', longest: 200, optional: true, example: 'Asha' })
  name?: string;

  @TextField({ description: 'With or without +.', longest: 30, optional: true })
  phone?: string;

  @TextField({ description: 'An address.', longest: 200, optional: true })
  email?: string;
}

export class NotificationInput {
  @IdentifierField({
    description: 'Yours, one for each payment, for ever; without < > & " and single quotes.',
    example: 'TX-0001',
  })
  transactionId!: string;

  @IdentifierField({
    description: 'What the payer quoted, as it is: whether it is a number is ours to say.',
    example: '997010000008',
  })
  controlNumber!: string;

  @AmountField({ description: 'What the payer paid.', example: '150000.00' })
  amount!: string;

  @WordField({ description: 'Of the amount.', words: currencies, name: 'Currency', example: 'TZS' })
  currency!: Currency;

  @InstantField({ description: 'When the payer paid.', example: '2026-11-24T10:00:00+03:00' })
  paidAt!: string;

  @TextField({
    description: 'How it was paid, in one of your channel words.',
    longest: 50,
    optional: true,
    example: 'MOBILE',
  })
  channel?: string;

  @IdentifierField({ description: 'Your reference for your own books.', optional: true })
  reference?: string;

  @IdentifierField({ description: 'The reference of a third party.', optional: true })
  thirdPartyId?: string;

  @IdentifierField({
    description: 'The account of the institution that was credited.',
    optional: true,
  })
  collectionAccount?: string;

  @ObjectField({ description: 'Who paid.', optional: true }, () => NotifiedPayerInput)
  payer?: NotifiedPayerInput;
}

export class TransactionPath {
  @IdentifierField({ description: 'Yours.', example: 'TX-0001' })
  transactionId!: string;
}

export class NotifiedBody {
  @ApiProperty({ example: 'TX-0001' })
  transactionId!: string;

  @ApiProperty({ description: 'Of the field: 7101 for money taken.', example: '7101' })
  statusCode!: string;

  @ApiProperty({ example: 'R2611240000017' })
  receiptNumber!: string;

  @ApiProperty({
    description: 'SHA-256 of the body that is answered, in hexadecimal.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  requestDigest!: string;
}

const paymentOutcomes = ['accepted', 'refused'] as const;

export class PaymentStatusBody {
  @ApiProperty({ example: 'TX-0001' })
  transactionId!: string;

  @ApiProperty({ example: '997010000008' })
  controlNumber!: string;

  @ApiProperty({ example: '150000.00' })
  amount!: string;

  @ApiProperty({ enum: currencies, enumName: 'Currency', example: 'TZS' })
  currency!: string;

  @ApiProperty({
    description: '`accepted`: the money is taken. `refused`: it is not, for ever.',
    enum: paymentOutcomes,
    enumName: 'PaymentOutcome',
    example: 'accepted',
  })
  outcome!: (typeof paymentOutcomes)[number];

  @ApiProperty({ description: 'Of the field.', example: '7101' })
  statusCode!: string;

  @ApiProperty({
    description: 'Null where it is refused.',
    type: 'string',
    nullable: true,
    example: 'R2611240000017',
  })
  receiptNumber!: string | null;

  @ApiProperty({
    description: 'Why it is refused; null where it is not.',
    type: 'string',
    nullable: true,
    example: null,
  })
  refusal!: string | null;
}

/** `resultUrl`: over JSON the final result is an event of the PSP's feed, whatever address is registered. */
export function notificationOf(
  input: NotificationInput,
  messageId: MessageId,
  resultUrl: string | null,
): PaymentNotification {
  const { payer = {} } = input;
  return {
    transactionId: input.transactionId,
    controlNumber: input.controlNumber,
    amount: input.amount,
    currency: input.currency,
    paidAt: input.paidAt,
    messageId,
    form: 'webhook',
    pspReference: input.reference ?? '',
    collectionAccount: input.collectionAccount ?? '',
    channel: input.channel ?? '',
    payerName: payer.name ?? '',
    payerPhone: payer.phone ?? '',
    payerEmail: payer.email ?? '',
    thirdPartyId: input.thirdPartyId ?? '',
    resultUrl: resultUrl ?? '',
  };
}

export function showStatus(
  payment: FoundPayment,
  refusal: string | undefined,
  statusCode: string,
): PaymentStatusBody {
  return {
    transactionId: payment.transactionId,
    controlNumber: payment.controlNumber,
    amount: formatAmount(payment.amountMinor),
    currency: payment.currency,
    outcome: refusal === undefined ? 'accepted' : 'refused',
    statusCode,
    receiptNumber: payment.receiptNumber,
    refusal: refusal ?? null,
  };
}
