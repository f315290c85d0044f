/**
 * Claims due deliveries, sends each with no transaction open, and hands every attempt to the record. A turn claims what
 * there is room for and ends as soon as something has been recorded or a moment has passed: nobody waits for the
 * slowest of a batch. A crash between the claim and the record only costs the lease: the delivery is due again when it
 * ends.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Party, PartyDirectory } from '../parties/party-directory';
import { Database } from '../platform/database/database';
import { isOutage } from '../platform/database/outage';
import { Metrics } from '../platform/http/metrics';
import { Log } from '../platform/logging/logger';
import { classOf, rooms } from './breaker.rules';
import { DeliveryEncoder } from './delivery-encoder';
import { DeliveryStore, type EndedAttempt, type LeasedDelivery } from './delivery.store';
import { placeOf, Recipients } from './recipients';
import { RecordAttempts } from './record-attempts';
import { nextAttemptDelayMs, spreadOf } from './retry.rules';
import { SendMessage } from './send-message';
import { WebhookEncoder } from './webhook-encoder';

/** Of all recipients together, in one process: as many dead ones as a machine can have still leave places to others. */
const largestUnderWay = 512;
const batch = 256;
/** 20 s for a place at the host and 15 s for the longest attempt; a shorter lease would send twice to a slow endpoint. */
const leaseSeconds = 45;
/** How long a turn waits for something to end before others are looked after. */
const turnMs = 200;
/**
 * What ends within this time is claimed for together. Measured with 3,000 waiting behind one another, where most claims
 * find little: 5.4 in place of 9.8 ms of PostgreSQL a delivery.
 */
const gatherMs = 20;

/** By which a receiver of webhooks says that it wants no more of them (Standard Webhooks). */
const goneStatus = 410;

/** An attempt as it ended, before it is known what comes next. */
type Ended = Omit<EndedAttempt, 'lease' | 'next'> & {
  readonly isAccepted: boolean;
  readonly askedMs: number;
  /** False where no request was made, so that nothing is known of the endpoint. */
  readonly isOfEndpoint: boolean;
};

@Injectable()
export class DeliverDue implements OnApplicationShutdown {
  private readonly recipients = new Recipients();
  private readonly underWay = new Set<Promise<void>>();
  private isStopping = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly store: DeliveryStore,
    private readonly directory: PartyDirectory,
    private readonly gepg: DeliveryEncoder,
    private readonly webhooks: WebhookEncoder,
    private readonly sending: SendMessage,
    private readonly recording: RecordAttempts,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** One turn; returns whether there may be more to do at once. What it began goes on after it. */
  async execute(): Promise<boolean> {
    const free = Math.min(batch, largestUnderWay - this.recipients.underWay);
    const changed = new Promise<void>((resolve) => (this.wake = resolve));
    const leases = free > 0 && !this.isStopping ? await this.claim(free) : [];
    for (const lease of leases) this.begin(lease);
    // Once the stop has come, the program waits for this turn alone.
    if (this.isStopping) await this.drain();
    if (this.underWay.size === 0) return false;
    await Promise.race([changed, pause(turnMs, undefined, { ref: false })]);
    await pause(gatherMs, undefined, { ref: false });
    return true;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.drain();
    await this.sending.close();
  }

  private async drain(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async claim(free: number): Promise<readonly LeasedDelivery[]> {
    return this.database.transaction((tx) =>
      this.store.claim(tx, {
        batch: free,
        room: rooms.first,
        rooms: this.recipients.rooms(),
        leaseSeconds,
      }),
    );
  }

  private begin(lease: LeasedDelivery): void {
    this.recipients.begin(lease);
    const delivery = this.deliver(lease)
      .catch((fault: unknown) => {
        // The lease ends by itself, and the delivery is due again. Without the stack: an outage fails hundreds at once.
        const fields = { deliveryId: String(lease.id), reason: String(fault) };
        if (isOutage(fault)) this.log.warn('delivery-postponed', fields);
        else this.log.error('delivery-failed', fields);
      })
      .then(() => {
        this.recipients.end(lease);
        this.underWay.delete(delivery);
        this.wake();
      });
    this.underWay.add(delivery);
  }

  private async deliver(lease: LeasedDelivery): Promise<void> {
    const recipient = await this.directory.find(lease.recipient_code);
    if (recipient === undefined) throw new Error(`${lease.recipient_code} is no party`);
    const ended = await this.attempt(lease, recipient);
    if (ended === undefined) return;
    const { outcome, durationMs } = ended;
    const isGone = lease.message.form === 'webhook' && ended.httpStatus === goneStatus;
    const breaker = ended.isOfEndpoint
      ? this.recipients.learn(lease, classOf(ended.isAccepted, outcome), ended.askedMs)
      : undefined;
    const isOurs = await this.recording.execute({
      ...ended,
      lease,
      next: isGone ? { state: 'parked' } : nextOf(lease, ended),
      isGone,
      ...(breaker === undefined ? {} : { breaker }),
    });
    this.metrics.deliveries.inc({ kind: lease.kind, outcome });
    this.log.info(isOurs ? 'delivery-attempted' : 'delivery-attempted-late', {
      deliveryId: String(lease.id),
      party: recipient.code,
      kind: lease.kind,
      attempt: lease.attempt_count,
      outcome,
      ms: durationMs,
    });
  }

  /** undefined when there was none: the lease was lost, or the host had no place. */
  private async attempt(lease: LeasedDelivery, recipient: Party): Promise<Ended | undefined> {
    if (lease.url === null) return noRequest('no-endpoint');
    let body: Buffer | undefined;
    try {
      body = await this.bodyOf(lease, recipient);
    } catch (fault) {
      if (isOutage(fault)) throw fault;
      this.log.error('encoding-failed', { deliveryId: String(lease.id), fault });
      return noRequest('encoding-failed');
    }
    if (body === undefined) return undefined;
    const encoder = this.encoderOf(lease);
    const result = await this.sending.execute({
      endpoint: placeOf(lease),
      url: lease.url,
      headers: await encoder.headers(lease.message, recipient, body),
      body,
      caPem: lease.ca_pem,
    });
    if (result.kind === 'no-place') {
      await this.database.transaction((tx) => this.store.giveBack(tx, [lease]));
      return undefined;
    }
    const base = { durationMs: result.durationMs, isOfEndpoint: true };
    if (result.kind === 'failed') return { ...noRequest(result.outcome), ...base };
    const { httpStatus, answer, askedMs } = result;
    const verdict = result.isCut
      ? { isAccepted: false, outcome: 'answer-too-long', flags: [] }
      : encoder.readAcknowledgement(recipient, httpStatus, answer);
    const { isAccepted, outcome, flags } = verdict;
    return { ...base, isAccepted, outcome, flags, httpStatus, answer, askedMs };
  }

  private encoderOf({ message }: LeasedDelivery): DeliveryEncoder {
    return message.form === 'webhook' ? this.webhooks : this.gepg;
  }

  private async bodyOf(lease: LeasedDelivery, recipient: Party): Promise<Buffer | undefined> {
    if (lease.body !== null) return lease.body;
    const body = await this.encoderOf(lease).encode(lease.message, recipient);
    return (await this.recording.keepBody(lease, body)) ? body : undefined;
  }
}

function noRequest(outcome: string): Ended {
  return {
    outcome,
    isAccepted: false,
    isOfEndpoint: false,
    askedMs: 0,
    httpStatus: null,
    answer: null,
    flags: [],
    durationMs: 0,
  };
}

function nextOf(lease: LeasedDelivery, ended: Ended): EndedAttempt['next'] {
  if (ended.isAccepted) return { state: 'delivered' };
  const spread = spreadOf(lease.id, lease.attempt_count);
  const afterMs = nextAttemptDelayMs(lease.failure_count + 1, spread, ended.askedMs);
  return afterMs === undefined ? { state: 'parked' } : { state: 'ready', afterMs };
}
