/** The feed as tables; statements are in feed.store. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event that waits for its number. */
@Entity('unsealed_event')
export class UnsealedEventRow {
  @PrimaryColumn('bigint')
  id!: bigint;

  @Column('integer', { name: 'party_id' })
  partyId!: number;

  @Column('text', { name: 'event_id' })
  eventId!: string;
}

@Entity('feed_event')
export class FeedEventRow {
  @PrimaryColumn('integer', { name: 'party_id' })
  partyId!: number;

  @PrimaryColumn('bigint')
  sequence!: bigint;

  @Column('text', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  content!: string;

  @Column('bytea')
  digest!: Buffer;
}

@Entity('feed_head')
export class FeedHeadRow {
  @PrimaryColumn('integer', { name: 'party_id' })
  partyId!: number;

  @Column('bigint', { name: 'last_sequence' })
  lastSequence!: bigint;

  @Column('bigint', { name: 'acknowledged_sequence' })
  acknowledgedSequence!: bigint;
}
