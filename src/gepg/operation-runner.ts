/**
 * Runs the operation of a verified message: decodes its fields, opens the one transaction, calls the use case, keeps
 * the message with the code it is answered with, and hands back the answer to be signed after the commit.
 */
import { Injectable } from '@nestjs/common';
import { CancelBills } from '../bills/cancel-bills';
import { FindPayableBill } from '../bills/find-payable-bill';
import { SubmitBills } from '../bills/submit-bills';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { type MessageId, newId } from '../kernel/ids';
import type { PaymentServiceProvider, ServiceProvider, Party } from '../parties/party-directory';
import { Database, type Tx } from '../platform/database/database';
import { ReceivePayments } from '../payments/receive-payments';
import type { Operation } from './operations';
import { statusCodes, successCode } from './status-codes';
import {
  decodeBillSubmission,
  decodeCancellation,
  decodeEnquiry,
  decodePayment,
  encodeCancellation,
  encodeEnquiry,
} from './v4/codec';
import { v4MessageNames } from './v4/messages';
import type { XmlElement } from './xml';

/** Without an element the answer is the operation's acknowledgement with the code. */
export interface OperationAnswer {
  readonly code: string;
  readonly element?: Buffer;
  /** Leaves a security log line: odd fields and reused ids, not ordinary refusals. */
  readonly isSuspicious: boolean;
}

type Journal = (tx: Tx, statusCode: string, flags?: readonly string[]) => Promise<void>;

const reservedNames: ReadonlySet<string> = new Set([...v4MessageNames, 'gepgSignature']);

@Injectable()
export class OperationRunner {
  constructor(
    private readonly database: Database,
    private readonly submitBills: SubmitBills,
    private readonly cancelBills: CancelBills,
    private readonly findPayableBill: FindPayableBill,
    private readonly receivePayments: ReceivePayments,
    private readonly deliveries: EnqueueDelivery,
  ) {}

  async execute(
    operation: Operation,
    party: Party,
    root: XmlElement,
    messageId: MessageId,
    journal: Journal,
  ): Promise<OperationAnswer> {
    switch (operation.name) {
      case 'submit-bills':
        return this.submit(party as ServiceProvider, root, journal);
      case 'cancel-bills':
        return this.cancel(party as ServiceProvider, root, journal);
      case 'enquire':
        return this.enquire(party as PaymentServiceProvider, root);
      case 'receive-payment':
        return this.receive(party as PaymentServiceProvider, root, messageId, journal);
      case 'unavailable': {
        const code = statusCodes['gepg.operation-unavailable'];
        await this.database.transaction((tx) => journal(tx, code));
        return { code, isSuspicious: false };
      }
    }
  }

  /** The acknowledgement says that the message is taken; the numbers or the faults follow as a delivery. */
  private async submit(
    sp: ServiceProvider,
    root: XmlElement,
    journal: Journal,
  ): Promise<OperationAnswer> {
    const drafts = decodeBillSubmission(root);
    if (drafts.length === 0) return this.malformed(journal);
    await this.database.transaction(async (tx) => {
      const answers = await this.submitBills.execute(
        tx,
        sp,
        { form: 'gepg-v4', drafts },
        reservedNames,
      );
      const groups = sp.profile.isBulk ? [answers] : answers.map((answer) => [answer]);
      await this.deliveries.execute(
        tx,
        groups.map((bills) => ({
          recipientId: sp.id,
          subject: bills[0]?.controlNumber ?? `${sp.code}/${bills[0]?.billId ?? ''}`,
          url: sp.endpoints.controlNumber,
          message: {
            kind: 'bills-answered' as const,
            form: 'gepg-v4' as const,
            answerId: newId<MessageId>(),
            requestId: '',
            isChange: false,
            bills,
          },
        })),
      );
      await journal(tx, successCode);
    });
    return { code: successCode, isSuspicious: false };
  }

  private async cancel(
    sp: ServiceProvider,
    root: XmlElement,
    journal: Journal,
  ): Promise<OperationAnswer> {
    const { billIds, reason } = decodeCancellation(root);
    if (billIds.length === 0) return this.malformed(journal);
    const answers = await this.database.transaction(async (tx) => {
      const cancelled = await this.cancelBills.execute(tx, sp, billIds, reason);
      await journal(tx, successCode);
      return cancelled;
    });
    return { code: successCode, element: encodeCancellation(answers), isSuspicious: false };
  }

  /** Writes nothing, not even a journal line (rulings.md §4). */
  private async enquire(psp: PaymentServiceProvider, root: XmlElement): Promise<OperationAnswer> {
    const { requestId, controlNumber } = decodeEnquiry(root);
    const enquiry = await this.findPayableBill.execute(controlNumber);
    return {
      code: enquiry.fault === undefined ? successCode : statusCodes[enquiry.fault],
      element: encodeEnquiry(requestId, controlNumber, enquiry, psp.profile.showsPayerContact),
      isSuspicious: false,
    };
  }

  private async receive(
    psp: PaymentServiceProvider,
    root: XmlElement,
    messageId: MessageId,
    journal: Journal,
  ): Promise<OperationAnswer> {
    const notification = { ...decodePayment(root), messageId };
    return this.database.transaction(async (tx) => {
      const [outcome] = await this.receivePayments.execute(tx, [{ psp, notification }]);
      if (outcome === undefined) throw new Error('a batch of one has one outcome');
      const code = outcome.isAccepted ? successCode : statusCodes[outcome.refusal];
      await journal(tx, code, outcome.isRepeat ? ['repeat'] : []);
      return {
        code,
        isSuspicious: !outcome.isAccepted && outcome.refusal.startsWith('payment.'),
      };
    });
  }

  private async malformed(journal: Journal): Promise<OperationAnswer> {
    const code = statusCodes['gepg.envelope-malformed'];
    await this.database.transaction((tx) => journal(tx, code));
    return { code, isSuspicious: true };
  }
}
