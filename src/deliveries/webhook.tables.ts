/** Webhook endpoints and their secrets as tables; statements are in webhook.store. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('webhook_endpoint')
export class WebhookEndpointRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('integer', { name: 'party_id' })
  partyId!: number;

  @Column('text')
  url!: string;

  @Column('text', { name: 'event_types', array: true })
  eventTypes!: string[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'switched_off_at', nullable: true })
  switchedOffAt!: Date | null;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;
}

@Entity('webhook_secret')
export class WebhookSecretRow {
  @PrimaryColumn('bigint')
  id!: bigint;

  @Column('uuid', { name: 'endpoint_id' })
  endpointId!: string;

  @Column('bytea', { name: 'sealed_secret' })
  sealedSecret!: Buffer;

  @Column('timestamptz', { name: 'ends_at', nullable: true })
  endsAt!: Date | null;
}
