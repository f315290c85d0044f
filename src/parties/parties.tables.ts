/** The tables of the parties folder that are read and written row by row. */
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('party')
export class PartyRow {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id!: number;

  @Column('text')
  code!: string;

  @Column('text')
  kind!: 'service-provider' | 'payment-service-provider';

  @Column('text')
  name!: string;

  @Column('text')
  status!: 'active' | 'suspended';

  @Column('jsonb')
  profile!: object;
}

@Entity('service_provider')
export class ServiceProviderRow {
  @PrimaryColumn('integer', { name: 'party_id' })
  partyId!: number;

  @Column('text', { name: 'system_ids', array: true })
  systemIds!: string[];

  @Column('text', { name: 'sub_sp_codes', array: true })
  subSpCodes!: string[];

  @Column('text', { name: 'gfs_codes', array: true })
  gfsCodes!: string[];

  @Column('text', { name: 'control_number_url', nullable: true })
  controlNumberUrl!: string | null;

  @Column('text', { name: 'payment_url', nullable: true })
  paymentUrl!: string | null;

  @Column('text', { name: 'reconciliation_url', nullable: true })
  reconciliationUrl!: string | null;

  @Column('text', { name: 'cancellation_url', nullable: true })
  cancellationUrl!: string | null;

  @Column('text', { name: 'delivery_form' })
  deliveryForm!: 'gepg-v4' | 'gepg-v5' | 'webhook';
}

@Entity('payment_service_provider')
export class PaymentServiceProviderRow {
  @PrimaryColumn('integer', { name: 'party_id' })
  partyId!: number;

  @Column('text', { array: true })
  channels!: string[];

  @Column('text')
  policy!: 'refuse' | 'irrevocable';

  @Column('text', { name: 'result_url', nullable: true })
  resultUrl!: string | null;

  @Column('text', { name: 'result_url_prefix', nullable: true })
  resultUrlPrefix!: string | null;

  @Column('text', { name: 'query_layout' })
  queryLayout!: 'A' | 'B';

  @Column('text', { nullable: true })
  bank!: string | null;

  @Column('jsonb', { name: 'statement_mapping', nullable: true })
  statementMapping!: object | null;
}
