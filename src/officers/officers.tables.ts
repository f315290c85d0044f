/** The tables of the officers folder. Statements on them are in the stores. */
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('officer')
export class OfficerRow {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id!: number;

  @Column('text')
  name!: string;

  @Column('text')
  role!: string;

  @Column('integer', { name: 'party_id', nullable: true })
  partyId!: number | null;

  @Column('text')
  status!: string;
}

@Entity('officer_session')
export class OfficerSessionRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('integer', { name: 'officer_id' })
  officerId!: number;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}

@Entity('approval_request')
export class ApprovalRequestRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  action!: string;

  @Column('text')
  state!: string;
}
