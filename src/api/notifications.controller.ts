/**
 * Payment notifications of PSPs in JSON, and what became of them. They go the way of the XML ones: one lane, one gate,
 * one journal, with the body and its signature as they came. The transaction id is the Idempotency-Key, since the gate
 * knows it already: a second store of answers on this path would cost a write for each payment and could disagree.
 */
import { createHash } from 'node:crypto';
import { Get, Param, Post, Res } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type MessageId, newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { JournalMessage, type JournalledMessage } from '../messages/journal-message';
import type { PaymentServiceProvider } from '../parties/party-directory';
import { FindPayment } from '../payments/find-payment';
import { paymentCodeOf, paymentCodes, successCode } from '../payments/payment-codes';
import { PaymentLane } from '../payments/payment-lane';
import type { PaymentOutcome } from '../payments/receive-payments';
import { jwsCandidate, jwsHeader } from '../platform/crypto/detached-jws';
import { Database } from '../platform/database/database';
import { Metrics } from '../platform/http/metrics';
import { Log } from '../platform/logging/logger';
import {
  NotificationInput,
  notificationOf,
  NotifiedBody,
  PaymentStatusBody,
  showStatus,
  TransactionPath,
} from './notification.schema';
import { Attempt, type AttemptAt } from './once';
import { Operation, Resource } from './operation';
import { readBody } from './read-input';
import { Psp, Signed, type SignedBody } from './request-context';

const path = '/v1/payments';
/** A message that cannot be read, in the words of the field. */
const unreadableCode = paymentCodes['payment.transaction-id-malformed'];

@Resource('payments', 'PSPs')
export class NotificationsController {
  constructor(
    private readonly lane: PaymentLane,
    private readonly findPayment: FindPayment,
    private readonly journal: JournalMessage,
    private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  @Post()
  @ApiBody({ type: NotificationInput })
  @Operation({
    id: 'notifyPayment',
    scope: 'payments:notify',
    summary: 'Tell us of a payment',
    description: `201 means that the money is taken and has its receipt; 422 with a \`statusCode\`, that it is not and never
will be. Without an answer nothing is known: send the same again. The \`Idempotency-Key\` is the \`transactionId\`. The
same transaction with the same number, amount and currency gets the same answer, in JSON as in XML; with others it is
\`payment.id-reused\`. The final result is an event of your feed, \`payment.result\`.`,
    answer: { status: 201, description: 'The money is taken.', type: NotifiedBody },
    refusals: {
      400: ['idempotency.key-different'],
      422: Object.keys(paymentCodes),
    },
    once: true,
    hasBody: true,
    isSigned: true,
  })
  async notify(
    @Psp() psp: PaymentServiceProvider,
    @Attempt() { key }: AttemptAt,
    @Signed() signed: SignedBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NotifiedBody> {
    const messageId = newId<MessageId>();
    const requestDigest = createHash('sha256').update(signed.bytes).digest('hex');
    const message = journalled(psp, messageId, signed);
    const input = await this.read(signed, key, message);
    const outcome = await this.lane.submit({
      psp,
      notification: notificationOf(input, messageId, psp.resultUrl),
      journal: (told) => message(paymentCodeOf(told), told.isRepeat ? ['repeat'] : []),
    });
    const statusCode = paymentCodeOf(outcome);
    this.tell(psp, outcome, statusCode, signed);
    if (outcome.isRepeat) void reply.header('idempotency-replayed', 'true');
    if (!outcome.isAccepted) throw refusalOf(outcome.refusal, statusCode, requestDigest);
    const { transactionId } = input;
    return { transactionId, statusCode, receiptNumber: outcome.receiptNumber, requestDigest };
  }

  @Get('by-transaction/:transactionId')
  @Operation({
    id: 'getPaymentStatus',
    scope: 'payments:notify',
    summary: 'Ask what became of a payment',
    description: 'Once in 10 seconds and 20 times an hour for each transaction, XML included.',
    answer: { status: 200, description: 'What became of it.', type: PaymentStatusBody },
    refusals: { 404: ['payment.unknown'], 429: ['payment.asked-too-often'] },
  })
  async status(
    @Psp() psp: PaymentServiceProvider,
    @Param() { transactionId }: TransactionPath,
  ): Promise<PaymentStatusBody> {
    const found = await this.database.transaction((tx) =>
      this.findPayment.execute(tx, psp, transactionId),
    );
    if (found.payment === undefined) {
      throw found.refusal === 'payment.unknown'
        ? new Refusal(found.refusal, 'there is no such payment', 'not-found')
        : new Refusal(found.refusal, 'this payment was asked about too often', 'limited', {
            retryAfterSeconds: 10,
          });
    }
    const { payment, refusal } = found;
    const statusCode = refusal === undefined ? successCode : paymentCodes[refusal];
    return showStatus(payment, refusal, statusCode);
  }

  /** What a known party signed is kept, whatever comes of it (rulings.md §2). */
  private async read(
    { bytes }: SignedBody,
    key: string,
    message: ReturnType<typeof journalled>,
  ): Promise<NotificationInput> {
    try {
      const input = readBody(NotificationInput, bytes);
      if (input.transactionId === key) return input;
      throw new Refusal(
        'idempotency.key-different',
        'the Idempotency-Key of a payment is its transactionId',
      );
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      await this.database.transaction((tx) => this.journal.execute(tx, message(unreadableCode)));
      this.metrics.messages.inc({ path, code: unreadableCode });
      throw fault;
    }
  }

  private tell(
    { code: party }: PaymentServiceProvider,
    outcome: PaymentOutcome,
    code: string,
    { bytes }: SignedBody,
  ): void {
    this.metrics.messages.inc({ path, code });
    if (outcome.isAccepted || !outcome.refusal.startsWith('payment.')) return;
    this.log.security('message-suspicious', { path, party, code, bytes: bytes.length });
  }
}

function journalled(
  psp: PaymentServiceProvider,
  id: MessageId,
  { bytes, jws, certificateFingerprint }: SignedBody,
) {
  return (statusCode: string, flags: readonly string[] = []): JournalledMessage => ({
    id,
    partyId: psp.id,
    path,
    messageName: 'payment',
    headers: { [jwsHeader]: jws },
    body: bytes,
    signatureDigest: 'sha256',
    signatureCandidate: jwsCandidate,
    certificateFingerprint,
    statusCode,
    flags,
  });
}

function refusalOf(refusal: string, statusCode: string, requestDigest: string): Refusal {
  const detail =
    refusal === 'payment.id-reused'
      ? 'this transactionId was used for another payment'
      : `no money was taken: ${refusal}`;
  return new Refusal(refusal, detail, 'unprocessable', { members: { statusCode, requestDigest } });
}
