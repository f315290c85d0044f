/** The outbox and the tries at it, as tables; statements are in delivery.store. */
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
  kind!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  state!: 'ready' | 'leased' | 'delivered' | 'parked';

  @Column('integer', { name: 'attempt_count' })
  attemptCount!: number;

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
