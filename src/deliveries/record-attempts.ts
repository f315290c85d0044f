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
import { WebhookStore } from './webhook.store';
import { type EndedAttempt, DeliveryStore, type LeasedDelivery } from './delivery.store';

/** What an attempt means for the breaker of its endpoint. */
export type BreakerChange =
  { readonly kind: 'open' | 'prolong'; readonly pauseMs: number } | { readonly kind: 'close' };

export interface AttemptRecord extends EndedAttempt {
  readonly breaker?: BreakerChange;
  /** It said that it is gone for good (410). */
  readonly isGone?: boolean;
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
    private readonly webhooks: WebhookStore,
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
        if (each.isGone === true) await this.switchOff(tx, each);
        else if (ids.has(each.lease.id) && each.next.state === 'parked') await this.alarm(tx, each);
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
    const { recipient_code: party, endpoint } = lease;
    if (change.kind === 'close') {
      await this.breakers.close(tx, lease);
      this.log.info('breaker-closed', { party, endpoint });
      return;
    }
    if (change.kind === 'open') {
      if (await this.breakers.open(tx, lease, change.pauseMs, outcome))
        this.log.warn('breaker-opened', { party, endpoint, outcome, ms: change.pauseMs });
      return;
    }
    if (await this.breakers.prolong(tx, lease, change.pauseMs, outcome)) {
      const subject = endpoint === '' ? party : `${party}/${endpoint}`;
      await this.audit.raiseAlarm(tx, {
        kind: 'recipient-down',
        subject,
        detail: `the endpoint of ${subject} has been down for more than an hour (${outcome})`,
      });
    }
  }

  /** Its owner must look: nothing more is pushed to it. Not when it has another address by now. */
  private async switchOff(tx: Tx, { lease }: AttemptRecord): Promise<void> {
    const { recipient_id: partyId, recipient_code: party, endpoint } = lease;
    if (!(await this.webhooks.switchOff(tx, partyId, endpoint, lease.url))) return;
    const subject = `${party}/${endpoint}`;
    await this.audit.record(tx, { actor: 'gateway', action: 'webhook.switched-off', subject });
    await this.audit.raiseAlarm(tx, {
      kind: 'webhook-gone',
      subject,
      detail: `the endpoint ${endpoint} of ${party} answered 410 and was switched off`,
    });
  }

  private async alarm(tx: Tx, { lease }: AttemptRecord): Promise<void> {
    await this.audit.raiseAlarm(tx, {
      kind: 'delivery-parked',
      subject: String(lease.id),
      detail: `${lease.kind} to ${lease.recipient_code} was not acknowledged in seven days`,
    });
  }
}
