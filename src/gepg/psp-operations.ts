/**
 * The PSPs' side of the wire: enquiries, payment notifications, their status, and early notices of online payments.
 * An enquiry writes nothing, not even a journal line (rulings.md §4).
 */
import { Injectable } from '@nestjs/common';
import { EnquiryLane } from '../bills/enquiry-lane';
import type { PaymentServiceProvider } from '../parties/party-directory';
import { AnnouncePayment } from '../payments/announce-payment';
import { FindPayment } from '../payments/find-payment';
import { paymentCodeOf } from '../payments/payment-codes';
import { PaymentLane } from '../payments/payment-lane';
import { Database } from '../platform/database/database';
import type { Command, CommandOf } from './commands';
import { EnquiryLimits } from '../bills/enquiry-limits';
import { codecs } from './protocol';
import type { MessageContext, OperationAnswer } from './message-context';
import { statusCodes, successCode } from './status-codes';
import { encodePaymentAnswer, encodePaymentStatus } from './v5/encode';
import { isWireId } from './wire-id';

@Injectable()
export class PspOperations {
  constructor(
    private readonly database: Database,
    private readonly enquiries: EnquiryLane,
    private readonly limits: EnquiryLimits,
    private readonly payments: PaymentLane,
    private readonly findPayment: FindPayment,
    private readonly announcePayment: AnnouncePayment,
  ) {}

  async execute(
    psp: PaymentServiceProvider,
    command: Command,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    const hasOwnId = context.kind.generation === 'v5' || command.kind === 'enquire';
    if (hasOwnId && !isWireId(command.requestId)) return this.malformed(context);
    switch (command.kind) {
      case 'enquire':
        return this.enquire(psp, command, context);
      case 'receive-payment':
        return this.receive(psp, command, context);
      case 'find-payment':
        return this.find(psp, command, context);
      case 'announce-payment':
        return this.announce(psp, command, context);
      default:
        throw new Error(`${command.kind} is not a PSP's`);
    }
  }

  private async enquire(
    psp: PaymentServiceProvider,
    { requestId, controlNumber }: CommandOf<'enquire'>,
    { kind, facts }: MessageContext,
  ): Promise<OperationAnswer> {
    if (!this.limits.allows(psp.code, controlNumber)) {
      return { code: statusCodes['enquiry.asked-too-often'], requestId, isSuspicious: true };
    }
    const enquiry = await this.enquiries.submit(controlNumber);
    if (enquiry.stored === undefined) this.limits.miss(psp.code);
    const code = enquiry.fault === undefined ? successCode : statusCodes[enquiry.fault];
    return {
      code,
      element: codecs[kind.generation].encodeEnquiry(
        { ...facts, requestId, code },
        controlNumber,
        enquiry,
        { showsContact: psp.profile.showsPayerContact, layout: psp.queryLayout },
      ),
      isSuspicious: false,
    };
  }

  private async receive(
    psp: PaymentServiceProvider,
    { notification, requestId }: CommandOf<'receive-payment'>,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    const { kind, facts, messageId, messageOf } = context;
    // What could not be repeated exactly in the final result is no id (rulings.md §3).
    if (notification.transactionId !== '' && !isWireId(notification.transactionId))
      return this.malformed(context);
    const outcome = await this.payments.submit({
      psp,
      notification: { ...notification, messageId },
      journal: (told) => messageOf(paymentCodeOf(told), told.isRepeat ? ['repeat'] : []),
    });
    const code = paymentCodeOf(outcome);
    const receiptNumber = outcome.isAccepted ? outcome.receiptNumber : '';
    return {
      code,
      requestId,
      isSuspicious: !outcome.isAccepted && outcome.refusal.startsWith('payment.'),
      ...(kind.generation === 'v5'
        ? {
            element: encodePaymentAnswer(
              { ...facts, requestId, code },
              notification.transactionId,
              receiptNumber,
            ),
          }
        : {}),
    };
  }

  private async find(
    psp: PaymentServiceProvider,
    { transactionId, requestId }: CommandOf<'find-payment'>,
    { facts, journal }: MessageContext,
  ): Promise<OperationAnswer> {
    const { payment, code } = await this.database.transaction(async (tx) => {
      const found = await this.findPayment.execute(tx, psp, transactionId);
      const answered = found.refusal === undefined ? successCode : statusCodes[found.refusal];
      await journal(tx, answered);
      return { payment: found.payment, code: answered };
    });
    return {
      code,
      element: encodePaymentStatus({ ...facts, requestId, code }, payment),
      isSuspicious: false,
    };
  }

  private async announce(
    psp: PaymentServiceProvider,
    { announcement, requestId }: CommandOf<'announce-payment'>,
    { journal }: MessageContext,
  ): Promise<OperationAnswer> {
    const enquiry = await this.enquiries.submit(announcement.controlNumber);
    const code = await this.database.transaction(async (tx) => {
      const refusal = await this.announcePayment.execute(tx, psp, announcement, enquiry);
      const answered = refusal === undefined ? successCode : statusCodes[refusal];
      await journal(tx, answered);
      return answered;
    });
    return { code, requestId, isSuspicious: false };
  }

  private async malformed({ journal }: MessageContext): Promise<OperationAnswer> {
    const code = statusCodes['gepg.envelope-malformed'];
    await this.database.transaction((tx) => journal(tx, code));
    return { code, isSuspicious: true };
  }
}
