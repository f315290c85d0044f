/**
 * The way of payment notifications into the database: one transaction for all that arrived meanwhile, with the message
 * of each kept beside what it did. An outcome is told only after the commit (security-reliability R1), and a payment whose
 * bill somebody holds costs its neighbours no answer (lock-patience.ts). What is halved was rolled back.
 */
import { Injectable } from '@nestjs/common';
import { type JournalledMessage, JournalMessage } from '../messages/journal-message';
import { Database } from '../platform/database/database';
import { isOutageForAll, waitBriefly } from '../platform/database/lock-patience';
import { MicroBatch } from '../platform/jobs/micro-batch';
import { type PaymentOutcome, type ReceivedPayment, ReceivePayments } from './receive-payments';

export interface ArrivedPayment extends ReceivedPayment {
  /** The message to keep, which knows its status code only with the outcome. */
  readonly journal: (outcome: PaymentOutcome) => JournalledMessage;
}

/** Measured on two cores: a third batch is read while two are written, 8 % more than two lanes; PostgreSQL has no more to give. */
const limits = { maxBatch: 128, maxWaiting: 4_096, lanes: 3, worthALane: 24 };

@Injectable()
export class PaymentLane {
  private readonly lane: MicroBatch<ArrivedPayment, PaymentOutcome>;

  constructor(database: Database, receive: ReceivePayments, journal: JournalMessage) {
    this.lane = new MicroBatch(
      (arrived, failures) =>
        database.intake(async (tx) => {
          await waitBriefly(tx, failures);
          return receive.execute(tx, arrived, async (outcomes) => {
            const messages = arrived.flatMap((each, i) => {
              const outcome = outcomes[i];
              return outcome === undefined ? [] : [each.journal(outcome)];
            });
            await journal.execute(tx, ...messages);
          });
        }),
      limits,
      isOutageForAll,
    );
  }

  /** Throws Overload when more wait than may; the PSP tries again. */
  async submit(arrived: ArrivedPayment): Promise<PaymentOutcome> {
    return this.lane.submit(arrived);
  }
}
