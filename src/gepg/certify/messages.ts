/**
 * Invented messages for a certification: ids begin with `CERTIFY-` and the control numbers are of prefix 000, which no
 * institution has, so that nothing here can be taken for a bill or a payment of the books. Pure.
 */
import { dammDigit } from '../../bills/control-number.rules';
import type {
  BillsAnswered,
  DayBatch,
  MessageForm,
  PaymentConfirmed,
  PaymentResult,
} from '../../deliveries/delivery-message';
import { businessDayOf } from '../../kernel/business-day';
import type { Party } from '../../parties/party-directory';
import type { PaymentOfDay } from '../../payments/payment-of-day';

export type CertifyMessage = BillsAnswered | PaymentConfirmed | PaymentResult | DayBatch;

const firstDigits = '99000000001';
const controlNumber = `${firstDigits}${dammDigit(firstDigits)}`;
/** Letters of Swahili names and their neighbours, markup to be escaped, and the quotes that break naive parsers. */
const oddName = 'Ñandú Mwanaïdi Öztürk & Ndugu <"Dar es Salaam">, ’Àsh‘';
const longest = 200;

export class CertifyMessages {
  constructor(
    private readonly party: Party,
    private readonly form: MessageForm,
    /** Makes the ids of this run its own. */
    private readonly run: string,
    private readonly now: Date,
  ) {}

  private id(name: string): string {
    return `CERTIFY-${this.run}-${name}`;
  }

  billsAnswered(name: string, faults: readonly string[]): BillsAnswered {
    const number = faults.length === 0 ? controlNumber : null;
    const billId = this.id(`${name}-B`);
    return {
      kind: 'bills-answered',
      form: this.form,
      answerId: this.id(`${name}-A`),
      requestId: this.id(`${name}-R`),
      ...(this.form === 'gepg-v5' ? { group: { billId, controlNumber: number, faults } } : {}),
      isChange: false,
      bills: [{ billId, controlNumber: number, faults }],
    };
  }

  /** `bill` is the name of the bill, for instalments of one; the payment's own name by default. */
  confirmation(
    name: string,
    changes: Partial<PaymentConfirmed> = {},
    bill: string = name,
  ): PaymentConfirmed {
    return {
      kind: 'payment-confirmed',
      form: this.form,
      paymentId: this.id(name),
      receiptNumber: this.id(`${name}-N`),
      controlNumber,
      parts: [
        {
          spCode: this.party.code,
          billId: this.id(`${bill}-B`),
          controlNumber,
          billAmount: '90000.00',
          paidAmount: '45000.00',
          paymentOption: 'partial',
          collectionAccount: this.account(),
        },
      ],
      currency: 'TZS',
      paidAt: this.now.toISOString(),
      channel: 'MOB',
      payerName: 'Mlipaji wa Majaribio',
      payerPhone: '255700000000',
      payerEmail: 'majaribio@example.com',
      pspCode: 'CERTIFY',
      pspName: 'CERTIFY',
      pspTransactionId: this.id(`${name}-P`),
      thirdPartyId: '',
      ...changes,
    };
  }

  /** As long and as odd as the gateway lets a payer be, and nothing where nothing need be. */
  oddConfirmation(name: string): PaymentConfirmed {
    return this.confirmation(name, {
      payerName: oddName.padEnd(longest, ' Mwanaïdi'),
      payerPhone: '',
      payerEmail: '',
      pspName: 'Benki ya Majaribio '.repeat(longest).slice(0, 100).trim(),
    });
  }

  result(name: string): PaymentResult {
    return {
      kind: 'payment-result',
      form: this.form,
      resultId: this.id(`${name}-F`),
      pspTransactionId: this.id(`${name}-P`),
      controlNumber,
      receiptNumber: this.id(`${name}-N`),
    };
  }

  dayBatch(name: string): DayBatch {
    return {
      kind: 'day-batch',
      form: this.form,
      answerId: this.id(`${name}-A`),
      requestId: this.id(`${name}-R`),
      groupCode: '',
      systemId: 'CERTIFY',
      day: businessDayOf(this.now),
      option: 'successful',
    };
  }

  paymentsOfDay(name: string, count: number): readonly PaymentOfDay[] {
    return Array.from({ length: count }, (_, i) => ({
      paymentId: this.id(`${name}-${String(i)}`),
      billId: this.id(`${name}-${String(i)}-B`),
      controlNumber,
      customerNumber: controlNumber,
      groupBillId: this.id(`${name}-${String(i)}-B`),
      spCode: this.party.code,
      option: 'partial' as const,
      billMinor: 9_000_000n,
      paidMinor: 4_500_000n,
      currency: 'TZS' as const,
      receiptNumber: this.id(`${name}-${String(i)}-N`),
      pspTransactionId: this.id(`${name}-${String(i)}-P`),
      pspCode: 'CERTIFY',
      pspName: 'CERTIFY',
      paidAt: this.now,
      collectionAccount: this.account(),
      channel: 'MOB',
      payerName: 'Mlipaji wa Majaribio',
      payerPhone: '255700000000',
      payerEmail: '',
      refusal: null,
      takenBackMinor: 0n,
      takenBackOn: null,
    }));
  }

  private account(): string {
    return this.party.accounts.find(({ currency }) => currency === 'TZS')?.account ?? '0';
  }
}
