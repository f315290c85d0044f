/** Statements on webhook endpoints: one method each, no decision. Every one of a party's takes the party. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  /** Empty: all. */
  readonly eventTypes: readonly string[];
  readonly createdAt: Date;
  /** Off: it gets nothing until it is switched on. */
  readonly switchedOffAt: Date | null;
}

const columns = `id, url, event_types as "eventTypes", created_at as "createdAt", switched_off_at as "switchedOffAt"`;

@Injectable()
export class WebhookStore {
  /** One change of a party's endpoints at a time. */
  async lock(tx: Tx, partyId: number): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(7421, $1)`, [partyId]);
  }

  async list(reader: Reader, partyId: number): Promise<readonly WebhookEndpoint[]> {
    return reader.query(
      `select ${columns} from webhook_endpoint where party_id = $1 and removed_at is null order by created_at, id`,
      [partyId],
    );
  }

  async find(reader: Reader, partyId: number, id: string): Promise<WebhookEndpoint | undefined> {
    const [row] = await reader.query<WebhookEndpoint>(
      `select ${columns} from webhook_endpoint where party_id = $1 and id = $2 and removed_at is null`,
      [partyId, id],
    );
    return row;
  }

  /** Those that get events. */
  async ofParties(
    tx: Tx,
    partyIds: readonly number[],
  ): Promise<readonly (WebhookEndpoint & { readonly partyId: number })[]> {
    return tx.query(
      `select ${columns}, party_id as "partyId" from webhook_endpoint
        where party_id = any ($1) and removed_at is null and switched_off_at is null order by created_at, id`,
      [partyIds],
    );
  }

  async add(
    tx: Tx,
    partyId: number,
    endpoint: { id: string; url: string; eventTypes: readonly string[] },
  ): Promise<void> {
    await tx.query(
      `insert into webhook_endpoint (id, party_id, url, event_types) values ($1, $2, $3, $4)`,
      [endpoint.id, partyId, endpoint.url, endpoint.eventTypes],
    );
  }

  async change(
    tx: Tx,
    partyId: number,
    { id, url, eventTypes }: { id: string; url: string; eventTypes: readonly string[] },
  ): Promise<void> {
    await tx.query(
      `update webhook_endpoint set url = $3, event_types = $4 where party_id = $1 and id = $2`,
      [partyId, id, url, eventTypes],
    );
  }

  /** What waits goes to the new address, at once: the old one may be why it waits. */
  async redirect(tx: Tx, partyId: number, id: string, url: string): Promise<void> {
    await tx.query(
      `update delivery set url = $3, next_attempt_at = least(next_attempt_at, gateway_now())
        where recipient_id = $1 and endpoint = $2 and settled_at is null`,
      [partyId, id, url],
    );
  }

  async switchOn(tx: Tx, partyId: number, id: string): Promise<void> {
    await tx.query(
      `update webhook_endpoint set switched_off_at = null where party_id = $1 and id = $2`,
      [partyId, id],
    );
  }

  /**
   * What waits is settled; what is under way ends by itself. With `url` only while that is its address. False when
   * nothing came of it, or it was off before.
   */
  async switchOff(tx: Tx, partyId: number, id: string, url: string | null): Promise<boolean> {
    const rows = await tx.query(
      `update webhook_endpoint set switched_off_at = gateway_now()
        where party_id = $1 and id = $2 and switched_off_at is null and removed_at is null
          and ($3::text is null or url = $3)
        returning id`,
      [partyId, id, url],
    );
    await tx.query(
      `update delivery set state = 'parked', last_outcome = 'endpoint-off', settled_at = gateway_now()
        where recipient_id = $1 and endpoint = $2 and settled_at is null and state = 'ready'
          and exists (select from webhook_endpoint where id = $2::uuid and switched_off_at is not null)`,
      [partyId, id],
    );
    return rows.length === 1;
  }

  /** The endpoint gets nothing any more, and what waits for it is settled; in the feed it stays. */
  async remove(tx: Tx, partyId: number, id: string): Promise<void> {
    await tx.query(
      `update webhook_endpoint set removed_at = gateway_now() where party_id = $1 and id = $2`,
      [partyId, id],
    );
    await tx.query(
      `update delivery set state = 'parked', last_outcome = 'endpoint-removed', settled_at = gateway_now()
        where recipient_id = $1 and endpoint = $2 and settled_at is null`,
      [partyId, id],
    );
  }

  async addSecret(tx: Tx, endpointId: string, sealed: Buffer): Promise<void> {
    await tx.query(`insert into webhook_secret (endpoint_id, sealed_secret) values ($1, $2)`, [
      endpointId,
      sealed,
    ]);
  }

  /** Those in use end after `hours`; one that ends already does not end later. */
  async endSecrets(tx: Tx, endpointId: string, hours: number): Promise<void> {
    await tx.query(
      `update webhook_secret set ends_at = gateway_now() + make_interval(hours => $2)
        where endpoint_id = $1 and ends_at is null`,
      [endpointId, hours],
    );
  }

  /** Sealed, newest first. */
  async secretsInUse(reader: Reader, endpointId: string): Promise<readonly Buffer[]> {
    const rows = await reader.query<{ sealed: Buffer }>(
      `select sealed_secret as sealed from webhook_secret
        where endpoint_id = $1 and (ends_at is null or ends_at > gateway_now()) order by id desc`,
      [endpointId],
    );
    return rows.map(({ sealed }) => sealed);
  }
}
