/** The journal of verified inbound messages; append-only, in month partitions. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('inbound_message')
export class InboundMessageRow {
  @PrimaryColumn('timestamptz', { name: 'received_at' })
  receivedAt!: Date;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('integer', { name: 'party_id' })
  partyId!: number;

  @Column('text', { name: 'message_name' })
  messageName!: string;

  @Column('text', { name: 'status_code' })
  statusCode!: string;
}
