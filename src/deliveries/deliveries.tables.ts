/** The outbox, the tries at it, the breakers and pinned authorities, as tables; statements are in the stores. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('delivery')
export class DeliveryRow {
  @PrimaryColumn('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @PrimaryColumn('bigint')
  id!: bigint;

  @Column('integer', { name: 'recipient_id' })
  recipientId!: number;

  @Column('text')
  endpoint!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  state!: 'ready' | 'leased' | 'delivered' | 'parked';

  @Column('integer', { name: 'attempt_count' })
  attemptCount!: number;

  @Column('integer', { name: 'failure_count' })
  failureCount!: number;

  @Column('timestamptz', { name: 'resent_at', nullable: true })
  resentAt!: Date | null;

  @Column('timestamptz', { name: 'next_attempt_at' })
  nextAttemptAt!: Date;

  @Column('text', { name: 'last_outcome', nullable: true })
  lastOutcome!: string | null;
}

@Entity('delivery_attempt')
export class DeliveryAttemptRow {
  @PrimaryColumn('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @PrimaryColumn('bigint')
  id!: bigint;

  @Column('bigint', { name: 'delivery_id' })
  deliveryId!: bigint;

  @Column('integer')
  attempt!: number;

  @Column('text')
  outcome!: string;
}

@Entity('delivery_breaker')
export class DeliveryBreakerRow {
  @PrimaryColumn('integer', { name: 'recipient_id' })
  recipientId!: number;

  @PrimaryColumn('text')
  endpoint!: string;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'open_until' })
  openUntil!: Date;

  @Column('integer', { name: 'pause_ms' })
  pauseMs!: number;

  @Column('text', { name: 'last_outcome' })
  lastOutcome!: string;
}

@Entity('delivery_trust')
export class DeliveryTrustRow {
  @PrimaryColumn('integer', { name: 'recipient_id' })
  recipientId!: number;

  @Column('text', { name: 'ca_pem' })
  caPem!: string;

  @Column('timestamptz', { name: 'pinned_at' })
  pinnedAt!: Date;
}
