/**
 * Keeps what attempts came to. What ended while the last record was under way is recorded in one statement, so that a
 * thousand acknowledgements a second cost tens of commits and not a thousand. The same transaction opens, prolongs and
 * closes breakers and raises the alarm of what is parked.
 */
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { isOutage } from '../platform/database/outage';
import { MicroBatch } from '../platform/jobs/micro-batch';
import { Log } from '../platform/logging/logger';
import { BreakerStore } from './breaker.store';
import { type EndedAttempt, DeliveryStore, type LeasedDelivery } from './delivery.store';

/** What an attempt means for its recipient's breaker. */
export type BreakerChange =
  { readonly kind: 'open' | 'prolong'; readonly pauseMs: number } | { readonly kind: 'close' };

export interface AttemptRecord extends EndedAttempt {
  readonly breaker?: BreakerChange;
}

interface Encoded {
  readonly lease: LeasedDelivery;
  readonly body: Buffer;
}

/** One lane each: the next batch gathers while the last commits. */
const limits = { maxBatch: 256, maxWaiting: 4_096, lanes: 1 };

@Injectable()
export class RecordAttempts {
  private readonly records: MicroBatch<AttemptRecord, boolean>;
  private readonly bodies: MicroBatch<Encoded, boolean>;

  constructor(
    private readonly database: Database,
    private readonly store: DeliveryStore,
    private readonly breakers: BreakerStore,
    private readonly audit: AuditTrail,
    private readonly log: Log,
  ) {
    this.records = new MicroBatch((batch) => this.record(batch), limits, isOutage);
    this.bodies = new MicroBatch((batch) => this.keep(batch), limits, isOutage);
  }

  /** False when the lease was lost meanwhile: another worker has the delivery, and its record counts. */
  async execute(attempt: AttemptRecord): Promise<boolean> {
    return this.records.submit(attempt);
  }

  /** False when the lease was lost and other bytes are kept; then these may not be sent. */
  async keepBody(lease: LeasedDelivery, body: Buffer): Promise<boolean> {
    return this.bodies.submit({ lease, body });
  }

  private async keep(batch: readonly Encoded[]): Promise<readonly boolean[]> {
    const kept = await this.database.transaction((tx) => this.store.keepBodies(tx, batch));
    return batch.map(({ lease }) => kept.has(lease.id));
  }

  private async record(batch: readonly AttemptRecord[]): Promise<readonly boolean[]> {
    const held = await this.database.transaction(async (tx) => {
      const ids = await this.store.recordAttempts(tx, batch);
      for (const each of batch) {
        if (each.breaker !== undefined) await this.changeBreaker(tx, each, each.breaker);
        if (ids.has(each.lease.id) && each.next.state === 'parked') await this.alarm(tx, each);
      }
      return ids;
    });
    return batch.map(({ lease }) => held.has(lease.id));
  }

  private async changeBreaker(
    tx: Tx,
    { lease, outcome }: AttemptRecord,
    change: BreakerChange,
  ): Promise<void> {
    const party = lease.recipient_code;
    if (change.kind === 'close') {
      await this.breakers.close(tx, lease.recipient_id);
      this.log.info('breaker-closed', { party });
      return;
    }
    if (change.kind === 'open') {
      if (await this.breakers.open(tx, lease.recipient_id, change.pauseMs, outcome))
        this.log.warn('breaker-opened', { party, outcome, ms: change.pauseMs });
      return;
    }
    if (await this.breakers.prolong(tx, lease.recipient_id, change.pauseMs, outcome)) {
      await this.audit.raiseAlarm(tx, {
        kind: 'recipient-down',
        subject: party,
        detail: `the endpoint of ${party} has been down for more than an hour (${outcome})`,
      });
    }
  }

  private async alarm(tx: Tx, { lease }: AttemptRecord): Promise<void> {
    await this.audit.raiseAlarm(tx, {
      kind: 'delivery-parked',
      subject: String(lease.id),
      detail: `${lease.kind} to ${lease.recipient_code} was not acknowledged in seven days`,
    });
  }
}
