/** Bills and payments in our own words, for flows that drive use cases where no wire is needed. */
import type { BillDraft } from '../../src/bills/bill-content.rules';
import type { BillAnswer, BillForm } from '../../src/bills/bill-submission';
import { SubmitBills } from '../../src/bills/submit-bills';
import {
  PartyDirectory,
  type PaymentServiceProvider,
  type ServiceProvider,
} from '../../src/parties/party-directory';
import {
  type PaymentOutcome,
  ReceivePayments,
  type ReceivedPayment,
} from '../../src/payments/receive-payments';
import type { PaymentNotification } from '../../src/payments/payment-notification';
import { type MessageId, newId } from '../../src/kernel/ids';
import { Database, type Tx } from '../../src/platform/database/database';
import type { TestGateway } from './gateway';

export const names: ReadonlySet<string> = new Set(['gepgPmtSpInfo']);

export function draft(billId: string, more: Partial<BillDraft> = {}): BillDraft {
  const amount = more.amount ?? '1000.00';
  return {
    billId,
    spCode: '',
    subSpCode: '1001',
    systemId: '',
    amount,
    miscAmount: '',
    expiresAt: '2027-12-31T23:59:59',
    payerId: billId,
    payerName: 'Neema Mollel',
    description: 'Huduma',
    generatedAt: '2026-11-24T10:00:00',
    generatedBy: 'karani',
    approvedBy: 'mhasibu',
    payerPhone: '255700000001',
    payerEmail: '',
    currency: 'TZS',
    equivalentAmount: '',
    remind: '',
    paymentOption: '3',
    minimumAmount: '',
    limitAmount: '',
    reusedNumber: '',
    extras: {},
    items: [item(amount)],
    ...more,
  };
}

export function item(amount: string, gfsCode = '142202'): BillDraft['items'][number] {
  return {
    reference: 'A',
    payByReference: 'N',
    amount,
    equivalentAmount: '',
    miscAmount: '',
    gfsCode,
    subSpCode: '',
  };
}

export function notification(
  transactionId: string,
  controlNumber: string,
  amount: string,
  more: Partial<PaymentNotification> = {},
): PaymentNotification {
  return {
    transactionId,
    controlNumber,
    amount,
    currency: 'TZS',
    paidAt: '2026-11-24T10:00:00',
    messageId: newId<MessageId>(),
    form: 'gepg-v4',
    pspReference: '',
    collectionAccount: '',
    channel: 'MOBILE',
    payerName: '',
    payerPhone: '',
    payerEmail: '',
    thirdPartyId: '',
    resultUrl: 'http://127.0.0.1:1/',
    ...more,
  };
}

/** The use cases of one gateway under their short names. */
export class Books {
  constructor(private readonly gateway: TestGateway) {}

  use<T>(type: new (...needs: never[]) => T): T {
    return this.gateway.app.get<T>(type, { strict: false });
  }

  inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.use(Database).transaction(work);
  }

  async sp(code: string): Promise<ServiceProvider> {
    return (await this.use(PartyDirectory).find(code)) as ServiceProvider;
  }

  async psp(code: string): Promise<PaymentServiceProvider> {
    return (await this.use(PartyDirectory).find(code)) as PaymentServiceProvider;
  }

  async submit(
    spCode: string,
    drafts: readonly BillDraft[],
    form: BillForm = 'gepg-v4',
  ): Promise<readonly BillAnswer[]> {
    const sp = await this.sp(spCode);
    return this.inTransaction((tx) =>
      this.use(SubmitBills).execute(tx, sp, { form, drafts }, names),
    );
  }

  /** The control number of one new bill. */
  async numberOf(spCode: string, bill: BillDraft, form?: BillForm): Promise<string> {
    const [answer] = await this.submit(spCode, [bill], form);
    expect(answer?.faults).toEqual([]);
    return answer?.controlNumber ?? '';
  }

  async receive(batch: readonly ReceivedPayment[]): Promise<readonly PaymentOutcome[]> {
    return this.inTransaction((tx) => this.use(ReceivePayments).execute(tx, batch));
  }

  /** What became of one payment: `taken`, or the refusal. */
  async pay(
    pspCode: string,
    transactionId: string,
    controlNumber: string,
    amount: string,
  ): Promise<string> {
    const psp = await this.psp(pspCode);
    const paid = notification(transactionId, controlNumber, amount);
    const [outcome] = await this.receive([{ psp, notification: paid }]);
    return outcome?.isAccepted ? 'taken' : (outcome?.refusal ?? '');
  }

  /** Empty for a transaction that is no payment. */
  async paymentId(transactionId: string): Promise<string> {
    const { rows } = await this.gateway.db.query<{ id: string }>(
      `select id from payment where psp_transaction_id = $1`,
      [transactionId],
    );
    return rows[0]?.id ?? '';
  }
}
