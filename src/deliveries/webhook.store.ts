/** Statements on webhook endpoints: one method each, no decision. Every one of a party's takes the party. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  /** Empty: all. */
  readonly eventTypes: readonly string[];
  readonly createdAt: Date;
}

const columns = `id, url, event_types as "eventTypes", created_at as "createdAt"`;

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

  async ofParties(
    tx: Tx,
    partyIds: readonly number[],
  ): Promise<readonly (WebhookEndpoint & { readonly partyId: number })[]> {
    return tx.query(
      `select ${columns}, party_id as "partyId" from webhook_endpoint
        where party_id = any ($1) and removed_at is null order by created_at, id`,
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
    // What waits goes to the new address: the old one may be why it waits.
    await tx.query(
      `update delivery set url = $3
        where recipient_id = $1 and kind = 'event' and state = 'ready' and message ->> 'endpointId' = $2`,
      [partyId, id, url],
    );
  }

  /** The endpoint gets nothing any more, and what waits for it is settled; in the feed it stays. */
  async remove(tx: Tx, partyId: number, id: string): Promise<void> {
    await tx.query(
      `update webhook_endpoint set removed_at = gateway_now() where party_id = $1 and id = $2`,
      [partyId, id],
    );
    await tx.query(
      `update delivery set state = 'parked', last_outcome = 'endpoint-removed', settled_at = gateway_now()
        where recipient_id = $1 and kind = 'event' and state = 'ready' and message ->> 'endpointId' = $2`,
      [partyId, id],
    );
  }

  async addSecret(tx: Tx, endpointId: string, secret: Buffer): Promise<void> {
    await tx.query(`insert into webhook_secret (endpoint_id, secret) values ($1, $2)`, [
      endpointId,
      secret,
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

  /** Newest first. */
  async secretsInUse(reader: Reader, endpointId: string): Promise<readonly Buffer[]> {
    const rows = await reader.query<{ secret: Buffer }>(
      `select secret from webhook_secret
        where endpoint_id = $1 and (ends_at is null or ends_at > gateway_now()) order by id desc`,
      [endpointId],
    );
    return rows.map(({ secret }) => secret);
  }
}
