/**
 * The way of payment notifications into the database: one transaction for all that arrived meanwhile, with the message
 * of each kept beside what it did. An outcome is told only after the commit (security-reliability R1). A payment whose bill
 * somebody holds for longer than a lock may be waited for costs its neighbours a second, not their answer: the batch is
 * halved until that payment stands alone, which alone is told to come again (503). What is halved was rolled back.
 */
import { Injectable } from '@nestjs/common';
import { type JournalledMessage, JournalMessage } from '../messages/journal-message';
import { Database } from '../platform/database/database';
import { isLockTimeout, isOutage } from '../platform/database/outage';
import { MicroBatch } from '../platform/jobs/micro-batch';
import { type PaymentOutcome, type ReceivedPayment, ReceivePayments } from './receive-payments';

export interface ArrivedPayment extends ReceivedPayment {
  /** The message to keep, which knows its status code only with the outcome. */
  readonly journal: (outcome: PaymentOutcome) => JournalledMessage;
}

/** Measured on two cores: a third batch is read while two are written, 8 % more than two lanes; PostgreSQL has no more to give. */
const limits = { maxBatch: 128, maxWaiting: 4_096, lanes: 3 };
/** One payment of the largest batch is found in eight; with these a batch has its answers in two seconds. */
const mostLockWaits = 10;
/** Of the tries after the first: whoever held the lock through that one is in no hurry. */
const briefLockWait = `set local lock_timeout = '100ms'`;

@Injectable()
export class PaymentLane {
  private readonly lane: MicroBatch<ArrivedPayment, PaymentOutcome>;

  constructor(database: Database, receive: ReceivePayments, journal: JournalMessage) {
    this.lane = new MicroBatch(
      (arrived, failures) =>
        database.intake(async (tx) => {
          if (failures > 0) await tx.query(briefLockWait);
          return receive.execute(tx, arrived, async (outcomes) => {
            const messages = arrived.flatMap((each, i) => {
              const outcome = outcomes[i];
              return outcome === undefined ? [] : [each.journal(outcome)];
            });
            await journal.execute(tx, ...messages);
          });
        }),
      limits,
      (fault, failures) => isOutage(fault) && !(isLockTimeout(fault) && failures < mostLockWaits),
    );
  }

  /** Throws Overload when more wait than may; the PSP tries again. */
  async submit(arrived: ArrivedPayment): Promise<PaymentOutcome> {
    return this.lane.submit(arrived);
  }
}
