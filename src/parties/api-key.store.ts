/** Statements on API keys: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import type { Scope } from './api-key.rules';

export interface StoredApiKey {
  readonly id: string;
  readonly partyCode: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  /** When it was looked up, by the database. */
  readonly at: Date;
}

const columns = `k.id, p.code as "partyCode", k.scopes, k.created_at as "createdAt", k.expires_at as "expiresAt",
  k.revoked_at as "revokedAt", k.last_used_at as "lastUsedAt", gateway_now() as at`;

@Injectable()
export class ApiKeyStore {
  async findByDigest(reader: Reader, digest: Buffer): Promise<StoredApiKey | undefined> {
    const [row] = await reader.query<StoredApiKey>(
      `select ${columns} from api_key k join party p on p.id = k.party_id where k.key_digest = $1`,
      [digest],
    );
    return row;
  }

  async ofParty(reader: Reader, partyId: number): Promise<readonly StoredApiKey[]> {
    return reader.query<StoredApiKey>(
      `select ${columns} from api_key k join party p on p.id = k.party_id where p.id = $1 order by k.id`,
      [partyId],
    );
  }

  async add(
    tx: Tx,
    key: {
      readonly id: string;
      readonly partyId: number;
      readonly digest: Buffer;
      readonly scopes: readonly Scope[];
      readonly days: number;
    },
  ): Promise<Date> {
    const [row] = await tx.query<{ expiresAt: Date }>(
      `insert into api_key (id, party_id, key_digest, scopes, expires_at)
       values ($1, $2, $3, $4, gateway_now() + make_interval(days => $5)) returning expires_at as "expiresAt"`,
      [key.id, key.partyId, key.digest, key.scopes, key.days],
    );
    return (row as { expiresAt: Date }).expiresAt;
  }

  /** The party of the key; undefined for a key that does not exist. A key that was revoked keeps its instant. */
  async revoke(tx: Tx, id: string): Promise<{ partyCode: string; isNew: boolean } | undefined> {
    const [row] = await tx.query<{ partyCode: string; isNew: boolean }>(
      `with old as (select id, revoked_at from api_key where id = $1 for update)
       update api_key k set revoked_at = coalesce(k.revoked_at, gateway_now())
         from old, party p where k.id = old.id and p.id = k.party_id
       returning p.code as "partyCode", old.revoked_at is null as "isNew"`,
      [id],
    );
    return row;
  }

  async touch(tx: Tx, id: string): Promise<void> {
    await tx.query(
      `update api_key set last_used_at = gateway_now()
        where id = $1 and (last_used_at is null or last_used_at < gateway_now() - interval '1 minute')`,
      [id],
    );
  }
}
