/**
 * Claims due deliveries, sends each with no transaction open, and records every try. A recipient gets its next batch
 * when its last has ended, so that a silent one makes only itself wait. A crash between the claim and the record only
 * costs the lease: the delivery is due again when it ends.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { Metrics } from '../platform/http/metrics';
import { Log } from '../platform/logging/logger';
import { type Party, PartyDirectory } from '../parties/party-directory';
import { DeliveryEncoder } from './delivery-encoder';
import { type AttemptRecord, DeliveryStore, type LeasedDelivery } from './delivery.store';
import { nextAttemptDelayMs } from './retry.rules';

const batch = 64;
const perRecipient = 8;
/** Twice the longest attempt (15 s): a shorter lease would send twice to a slow endpoint. */
const leaseSeconds = 30;
const answerTimeoutMs = 15_000;
const connectTimeoutMs = 3_000;
/** How long a turn waits for the first recipient to be through before others are looked after. */
const turnMs = 200;
/** An acknowledgement is a few hundred bytes; more is a login page or an attack (security-reliability O4). */
const answerLimit = 65_536;

@Injectable()
export class DeliverDue implements OnApplicationShutdown {
  private readonly agent = new Agent({ connect: { timeout: connectTimeoutMs }, connections: 8 });
  /** Batches under way, by recipient; each resolves, whatever became of it. */
  private readonly busy = new Map<number, Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly store: DeliveryStore,
    private readonly directory: PartyDirectory,
    private readonly encoder: DeliveryEncoder,
    private readonly audit: AuditTrail,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** One turn; returns how many deliveries were begun. Slow ones go on after it. */
  async execute(): Promise<number> {
    const leases = await this.database.transaction((tx) =>
      this.store.claim(tx, { batch, perRecipient, leaseSeconds, busy: [...this.busy.keys()] }),
    );
    if (leases.length === 0) return 0;
    for (const recipientId of new Set(leases.map((lease) => lease.recipient_id))) {
      this.begin(
        recipientId,
        leases.filter((lease) => lease.recipient_id === recipientId),
      );
    }
    await Promise.race([...this.busy.values(), pause(turnMs, undefined, { ref: false })]);
    // Once the stop has come, the program waits for this turn alone.
    if (this.isStopping) await this.drain();
    return leases.length;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.drain();
  }

  private async drain(): Promise<void> {
    await Promise.all(this.busy.values());
  }

  private begin(recipientId: number, leases: readonly LeasedDelivery[]): void {
    const deliveries = leases.map((lease) =>
      this.deliver(lease).catch((fault: unknown) => {
        this.log.error('delivery-failed', { deliveryId: String(lease.id), fault });
      }),
    );
    const ended = Promise.all(deliveries).then(() => {
      this.busy.delete(recipientId);
    });
    this.busy.set(recipientId, ended);
  }

  private async deliver(lease: LeasedDelivery): Promise<void> {
    const recipient = await this.directory.findById(lease.recipient_id);
    if (recipient === undefined) throw new Error(`delivery ${String(lease.id)} has no recipient`);
    const attempt = await this.attempt(lease, recipient);
    const isAcknowledged = attempt.outcome === 'acknowledged';
    const delay = nextAttemptDelayMs(lease.attempt_count, Math.random());
    const next = isAcknowledged
      ? ({ state: 'delivered' } as const)
      : delay === undefined
        ? ({ state: 'parked' } as const)
        : ({ state: 'ready', afterMs: delay } as const);
    await this.database.transaction(async (tx) => {
      await this.store.recordAttempt(tx, lease, attempt);
      const isOurs = await this.store.settle(tx, lease, next, attempt);
      if (isOurs && next.state === 'parked') {
        await this.audit.raiseAlarm(tx, {
          kind: 'delivery-parked',
          subject: String(lease.id),
          detail: `${lease.kind} to ${recipient.code} was not acknowledged in seven days`,
        });
      }
    });
    this.metrics.deliveries.inc({ kind: lease.kind, outcome: attempt.outcome });
    this.log.info('delivery-attempted', {
      deliveryId: String(lease.id),
      party: recipient.code,
      kind: lease.kind,
      attempt: lease.attempt_count,
      outcome: attempt.outcome,
      ms: attempt.durationMs,
    });
  }

  private async attempt(lease: LeasedDelivery, recipient: Party): Promise<AttemptRecord> {
    const startedAt = performance.now();
    const record = (outcome: string, rest: Partial<AttemptRecord> = {}): AttemptRecord => ({
      outcome,
      httpStatus: null,
      answer: null,
      flags: [],
      durationMs: Math.round(performance.now() - startedAt),
      ...rest,
    });
    if (lease.url === null) return record('no-endpoint');
    const body = await this.bodyOf(lease, recipient);
    try {
      const answer = await request(lease.url, {
        method: 'POST',
        headers: this.encoder.headers(lease.message, recipient),
        body,
        dispatcher: this.agent,
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      const bytes = await readLimited(answer.body);
      if (bytes === undefined) return record('answer-too-long', { httpStatus: answer.statusCode });
      const ack = this.encoder.readAcknowledgement(recipient, answer.statusCode, bytes);
      return record(ack.outcome, {
        httpStatus: answer.statusCode,
        answer: bytes,
        flags: ack.flags,
      });
    } catch (fault) {
      return record(failureOf(fault));
    }
  }

  private async bodyOf(lease: LeasedDelivery, recipient: Party): Promise<Buffer> {
    if (lease.body !== null) return lease.body;
    const body = await this.encoder.encode(lease.message, recipient);
    await this.database.transaction((tx) => this.store.keepBody(tx, lease, body));
    return body;
  }
}

export async function readLimited(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > answerLimit) {
      body.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function failureOf(fault: unknown): string {
  const { name, code } = (fault ?? {}) as { name?: string; code?: string };
  if (name === 'TimeoutError') return 'timed-out';
  return code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT'
    ? 'not-reachable'
    : 'connection-failed';
}
