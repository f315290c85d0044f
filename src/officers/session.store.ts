/** Statements on sessions: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import { officerColumns, type StoredOfficer } from './officer.store';

export interface StoredSession extends StoredOfficer {
  readonly sessionId: string;
  readonly sessionCreatedAt: Date;
  readonly lastSeenAt: Date;
  readonly endedAt: Date | null;
  readonly hasGivenCode: boolean;
  readonly address: string;
  readonly at: Date;
}

const columns = `${officerColumns}, s.id as "sessionId", s.created_at as "sessionCreatedAt",
  s.last_seen_at as "lastSeenAt", s.ended_at as "endedAt", s.has_given_code as "hasGivenCode", s.address,
  gateway_now() as at`;

@Injectable()
export class SessionStore {
  async find(reader: Reader, digest: Buffer): Promise<StoredSession | undefined> {
    const [row] = await reader.prepared<StoredSession>(
      'find-officer-session',
      `select ${columns} from officer_session s join officer o on o.id = s.officer_id
         left join party p on p.id = o.party_id where s.token_digest = $1`,
      [digest],
    );
    return row;
  }

  /** Those that nobody ended, the latest first; idle ones are among them. */
  async openOf(reader: Reader, officerId: number): Promise<readonly StoredSession[]> {
    return reader.query<StoredSession>(
      `select ${columns} from officer_session s join officer o on o.id = s.officer_id
         left join party p on p.id = o.party_id
        where s.officer_id = $1 and s.ended_at is null order by s.created_at desc, s.id limit 50`,
      [officerId],
    );
  }

  async add(
    tx: Tx,
    session: {
      readonly id: string;
      readonly digest: Buffer;
      readonly officerId: number;
      readonly address: string;
      readonly hasGivenCode: boolean;
    },
  ): Promise<void> {
    await tx.query(
      `insert into officer_session (id, token_digest, officer_id, address, has_given_code)
       values ($1, $2, $3, $4, $5)`,
      [session.id, session.digest, session.officerId, session.address, session.hasGivenCode],
    );
  }

  /** The same session under another token: what was known of it before is worth nothing now. */
  async renew(tx: Tx, id: string, digest: Buffer, hasGivenCode: boolean): Promise<void> {
    await tx.query(
      `update officer_session set token_digest = $2, has_given_code = $3, last_seen_at = gateway_now() where id = $1`,
      [id, digest, hasGivenCode],
    );
  }

  /** At most one write a minute. */
  async touch(tx: Tx, id: string): Promise<void> {
    await tx.query(
      `update officer_session set last_seen_at = gateway_now()
        where id = $1 and last_seen_at < gateway_now() - interval '1 minute'`,
      [id],
    );
  }

  async end(tx: Tx, id: string, by: string): Promise<void> {
    await tx.query(
      `update officer_session set ended_at = gateway_now(), ended_by = $2 where id = $1 and ended_at is null`,
      [id, by],
    );
  }

  async endAll(tx: Tx, officerId: number, by: string): Promise<number> {
    const rows = await tx.query(
      `update officer_session set ended_at = gateway_now(), ended_by = $2
        where officer_id = $1 and ended_at is null returning id`,
      [officerId, by],
    );
    return rows.length;
  }
}
