/** Bills as institutions send them in JSON, and how they become the drafts that every edge submits. */
import { type BillDraft, type ItemDraft, optionCodeOf } from '../bills/bill-content.rules';
import type { PaymentOption } from '../bills/bill.rules';
import { defaultsOf } from '../bills/submit-bills';
import { currencies } from '../kernel/money';
import type { ServiceProvider } from '../parties/party-directory';
import { paymentOptions } from './bill.schema';
import {
  AmountField,
  ControlNumberField,
  IdentifierField,
  InstantField,
  ListField,
  ObjectField,
  TextField,
  WordField,
} from './fields';

export class PayerInput {
  @IdentifierField({ description: 'Whoever the institution means.', example: 'STD-0042' })
  id!: string;

  @TextField({
    description: 'Shown to whoever takes the money.',
    example: 'Asha Juma',
    longest: 200,
  })
  name!: string;

  @TextField({
    description: 'A Tanzanian number; it or the e-mail address is needed.',
    example: '0712345678',
    longest: 20,
    optional: true,
  })
  phone?: string;

  @TextField({
    description: 'An e-mail address.',
    example: 'asha@example.org',
    longest: 150,
    optional: true,
  })
  email?: string;
}

export class BillItemInput {
  @TextField({ description: 'A GFS code of the institution.', example: '140206', longest: 12 })
  gfsCode!: string;

  @AmountField({ description: 'The items sum to the bill.', example: '150000.00' })
  amount!: string;

  @TextField({
    description: "The institution's own words.",
    example: 'tuition',
    longest: 100,
    optional: true,
  })
  reference?: string;

  @IdentifierField({
    description: "A sub-code of the institution; the bill's, where absent.",
    optional: true,
  })
  subSpCode?: string;
}

export class BillInput {
  @IdentifierField({
    description: "The institution's own id, used once.",
    example: 'INV-2026-0001',
  })
  billId!: string;

  @AmountField({ description: 'Of the whole bill.', example: '150000.00' })
  amount!: string;

  @WordField({ description: 'ISO 4217.', example: 'TZS', words: currencies, name: 'Currency' })
  currency!: string;

  @WordField({
    description: 'What payments it takes.',
    example: 'exact',
    words: paymentOptions,
    name: 'PaymentOption',
  })
  paymentOption!: PaymentOption;

  @AmountField({ description: 'Smallest instalment; 0.01 where absent.', optional: true })
  minimumAmount?: string;

  @AmountField({ description: 'Of option limited: what it takes in all.', optional: true })
  limitAmount?: string;

  @TextField({ description: 'Shown to the payer.', example: 'School fees, term 1', longest: 500 })
  description!: string;

  @InstantField({
    description: 'A payment at this instant is still in time.',
    example: '2027-12-31T23:59:59+03:00',
  })
  expiresAt!: string;

  @InstantField({
    description: 'When the institution made the bill.',
    example: '2026-11-24T10:00:00+03:00',
  })
  generatedAt!: string;

  @ObjectField({ description: 'Who owes it.' }, () => PayerInput)
  payer!: PayerInput;

  @ListField({ description: 'What the money is for.', most: 100 }, () => BillItemInput)
  items!: BillItemInput[];

  @TextField({
    description: "Who made it; the institution's code, where absent.",
    longest: 100,
    optional: true,
  })
  generatedBy?: string;

  @TextField({
    description: "Who approved it; the institution's code, where absent.",
    longest: 100,
    optional: true,
  })
  approvedBy?: string;

  @IdentifierField({
    description: 'A sub-code of the institution; its only one, where absent.',
    optional: true,
  })
  subSpCode?: string;

  @IdentifierField({
    description: 'The system it comes from; the only one enrolled, where absent.',
    optional: true,
  })
  systemId?: string;

  @ControlNumberField({
    description: 'A number of a bill that is done with, to use it again; a new one, where absent.',
    optional: true,
  })
  controlNumber?: string;
}

export class BillsInput {
  @ListField({ description: 'Each is taken or refused for itself.', most: 100 }, () => BillInput)
  bills!: BillInput[];
}

export class BillChangeInput {
  @AmountField({
    description: 'The new amount; where the bill has several items, they must come too.',
    example: '120000.00',
    optional: true,
  })
  amount?: string;

  @ListField(
    { description: 'All items again, where their amounts change.', most: 100, optional: true },
    () => BillItemInput,
  )
  items?: BillItemInput[];

  @InstantField({
    description: 'The new expiry, an instant to come.',
    example: '2028-06-30T23:59:59+03:00',
    optional: true,
  })
  expiresAt?: string;
}

export class CancellationInput {
  @TextField({ description: 'Kept with the bill.', example: 'paid in another way', longest: 200 })
  reason!: string;
}

export function draftOf(input: BillInput, sp: ServiceProvider): BillDraft {
  const { payer } = input;
  const defaults = defaultsOf(sp);
  return {
    billId: input.billId,
    spCode: '',
    subSpCode: input.subSpCode ?? defaults.subSpCode,
    systemId: input.systemId ?? defaults.systemId,
    amount: input.amount,
    miscAmount: '',
    expiresAt: input.expiresAt,
    payerId: payer.id,
    payerName: payer.name,
    description: input.description,
    generatedAt: input.generatedAt,
    generatedBy: input.generatedBy ?? defaults.maker,
    approvedBy: input.approvedBy ?? defaults.maker,
    payerPhone: payer.phone ?? '',
    payerEmail: payer.email ?? '',
    currency: input.currency,
    equivalentAmount: '',
    remind: '',
    paymentOption: optionCodeOf(input.paymentOption),
    minimumAmount: input.minimumAmount ?? '',
    limitAmount: input.limitAmount ?? '',
    reusedNumber: input.controlNumber ?? '',
    extras: {},
    items: itemsOf(input.items),
  };
}

export function itemsOf(items: readonly BillItemInput[]): ItemDraft[] {
  return items.map((item) => ({
    reference: item.reference ?? '',
    payByReference: 'N',
    amount: item.amount,
    equivalentAmount: '',
    miscAmount: '',
    gfsCode: item.gfsCode,
    subSpCode: item.subSpCode ?? '',
  }));
}
