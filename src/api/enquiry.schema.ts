/** What a PSP is told of a control number. */
import { ApiProperty } from '@nestjs/swagger';
import type { Enquiry } from '../bills/find-payable-bill';
import type { PaymentOption } from '../bills/bill.rules';
import { currencies, type Currency, formatAmount } from '../kernel/money';
import type { PaymentServiceProvider } from '../parties/party-directory';
import { paymentOptions } from './bill.schema';
import { ControlNumberField } from './fields';

export class EnquiryPath {
  @ControlNumberField({ description: 'What the payer quotes.', example: '997010000008' })
  controlNumber!: string;
}

class EnquiryPayerBody {
  @ApiProperty({ example: 'Asha Juma' })
  name!: string;

  @ApiProperty({
    description: 'Only where the PSP may see it.',
    type: 'string',
    nullable: true,
    example: null,
  })
  phone!: string | null;

  @ApiProperty({
    description: 'Only where the PSP may see it.',
    type: 'string',
    nullable: true,
    example: null,
  })
  email!: string | null;
}

class EnquiryBillBody {
  @ApiProperty({ example: 'SP70101' })
  institutionCode!: string;

  @ApiProperty({ example: 'An institution' })
  institutionName!: string;

  @ApiProperty({ example: 'School fees, term 1' })
  description!: string;

  @ApiProperty({ example: '150000.00' })
  amount!: string;
}

export class EnquiryBody {
  @ApiProperty({ example: '997010000008' })
  controlNumber!: string;

  @ApiProperty({ description: 'What is due now.', example: '150000.00' })
  dueAmount!: string;

  @ApiProperty({ description: 'The smallest payment that is taken now.', example: '150000.00' })
  minimumAmount!: string;

  @ApiProperty({ enum: currencies, enumName: 'Currency', example: 'TZS' })
  currency!: Currency;

  @ApiProperty({ enum: paymentOptions, enumName: 'PaymentOption', example: 'exact' })
  paymentOption!: PaymentOption;

  @ApiProperty({ format: 'date-time', example: '2026-12-31T20:59:59.000Z' })
  expiresAt!: string;

  @ApiProperty({ type: () => EnquiryPayerBody })
  payer!: EnquiryPayerBody;

  @ApiProperty({
    description: 'More than one in a combined bill.',
    type: () => EnquiryBillBody,
    isArray: true,
  })
  bills!: EnquiryBillBody[];
}

export function showEnquiry(
  controlNumber: string,
  enquiry: Extract<Enquiry, { fault?: undefined }>,
  psp: PaymentServiceProvider,
): EnquiryBody {
  const { bills } = enquiry.stored;
  const [first] = bills;
  const contact = (text: string): string | null =>
    psp.profile.showsPayerContact && text !== '' ? text : null;
  return {
    controlNumber,
    dueAmount: formatAmount(enquiry.dueMinor),
    minimumAmount: formatAmount(enquiry.minimumMinor),
    currency: first.currency,
    paymentOption: first.option,
    expiresAt: enquiry.expiresAt.toISOString(),
    payer: {
      name: first.payerName,
      phone: contact(first.payerPhone),
      email: contact(first.payerEmail),
    },
    bills: bills.map((bill) => ({
      institutionCode: bill.spCode,
      institutionName: bill.spName,
      description: bill.description,
      amount: formatAmount(bill.amountMinor),
    })),
  };
}
