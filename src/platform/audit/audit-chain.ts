/** The audit chain in the database. What an event says is put together here once, for who seals, verifies and proves it. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../database/database';
import type { BlockContent, ChainedRow } from './audit-chain.rules';

export interface SealedBlock extends BlockContent {
  readonly hash: Buffer;
  readonly signature: Buffer;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Buffer;
}

type Statements = Pick<Reader, 'query'>;

interface End {
  readonly lastPlace: bigint;
  readonly lastId: bigint;
}

/**
 * RFC 8785 JSON of an event: texts only, in the order of their names, and an instant in UTC to the microsecond. `detail`
 * is the text that PostgreSQL prints for it: numbers in it keep every digit.
 */
const content = `'{"action":' || to_json(e.action) || ',"actor":' || to_json(e.actor) || ',"detail":'
  || to_json(e.detail::text) || ',"id":"' || e.id || '","occurredAt":"'
  || to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","subject":'
  || to_json(e.subject) || '}'`;

const row = `e.place, e.id, sha256(convert_to(${content}, 'UTF8')) as hash`;

const columns = `sequence, previous_hash as "previousHash", root, event_count as "eventCount",
  last_place as "lastPlace", last_id as "lastId", sealed_at as "sealedAt", hash, signature, public_key as "publicKey"`;

/** Before the first event of all. */
export const beginning: End = { lastPlace: -1n, lastId: 0n };

@Injectable()
export class AuditChain {
  /** Held by the very transaction that writes the blocks: who lost it has lost its transaction with it. */
  async lockSealer(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('malipo.audit-sealer'))`);
  }

  async now(tx: Tx): Promise<Date> {
    const [found] = await tx.query<{ now: Date }>(
      `select date_trunc('milliseconds', gateway_now()) as now`,
    );
    if (found === undefined) throw new Error('the clock has one row');
    return found.now;
  }

  async head(reader: Statements): Promise<SealedBlock | undefined> {
    const [block] = await reader.query<SealedBlock>(
      `select ${columns} from audit_block order by sequence desc limit 1`,
    );
    return block;
  }

  /**
   * Final events after `end`, in order. Those of a transaction that still runs are not final, nor is what came after its
   * begin: all of it is taken once it has ended, so that no event ever joins before a sealed one.
   */
  async unsealed(tx: Tx, { lastPlace, lastId }: End, limit: number): Promise<ChainedRow[]> {
    return tx.query<ChainedRow>(
      `select ${row} from audit_event e
        where e.place >= $1 and e.place < audit_horizon() and (e.place > $1 or e.id > $2)
        order by e.place, e.id limit $3`,
      [lastPlace, lastId, limit],
    );
  }

  async add(tx: Tx, blocks: readonly SealedBlock[]): Promise<void> {
    await tx.query(
      `insert into audit_block (sequence, previous_hash, root, event_count, last_place, last_id, sealed_at, hash,
                                signature, public_key)
       select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::integer[], $5::bigint[], $6::bigint[],
                            $7::timestamptz[], $8::bytea[], $9::bytea[], $10::bytea[])`,
      [
        blocks.map((block) => block.sequence),
        blocks.map((block) => block.previousHash),
        blocks.map((block) => block.root),
        blocks.map((block) => block.eventCount),
        blocks.map((block) => block.lastPlace),
        blocks.map((block) => block.lastId),
        blocks.map((block) => block.sealedAt),
        blocks.map((block) => block.hash),
        blocks.map((block) => block.signature),
        blocks.map((block) => block.publicKey),
      ],
    );
  }

  /** In order, from `from` on. */
  async blocks(reader: Statements, from: bigint, limit: number): Promise<readonly SealedBlock[]> {
    return reader.query<SealedBlock>(
      `select ${columns} from audit_block where sequence >= $1 order by sequence limit $2`,
      [from, limit],
    );
  }

  /** The first block sealed on or after a business day; undefined where there is none. */
  async firstSince(reader: Statements, day: string): Promise<bigint | undefined> {
    const [found] = await reader.query<{ sequence: bigint | null }>(
      `select min(sequence) as sequence from audit_block
        where sealed_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'`,
      [day],
    );
    return found?.sequence ?? undefined;
  }

  /** Events after `from` and up to `to`, in order. */
  async rowsBetween(reader: Statements, from: End, to: End): Promise<readonly ChainedRow[]> {
    return reader.query<ChainedRow>(
      `select ${row} from audit_event e
        where e.place >= $1 and e.place <= $3 and (e.place > $1 or e.id > $2) and (e.place < $3 or e.id <= $4)
        order by e.place, e.id`,
      [from.lastPlace, from.lastId, to.lastPlace, to.lastId],
    );
  }

  async event(
    reader: Statements,
    id: bigint,
  ): Promise<{ readonly place: bigint; readonly content: string } | undefined> {
    const [found] = await reader.query<{ place: bigint; content: string }>(
      `select e.place, ${content} as content from audit_event e where e.id = $1`,
      [id],
    );
    return found;
  }

  /** The block that an event is in, if it is sealed, with the one before. */
  async blockOf(reader: Statements, place: bigint, id: bigint): Promise<readonly SealedBlock[]> {
    return reader.query<SealedBlock>(
      `select ${columns} from audit_block
        where sequence between -1 + (select min(sequence) from audit_block where (last_place, last_id) >= ($1, $2))
                           and (select min(sequence) from audit_block where (last_place, last_id) >= ($1, $2))
        order by sequence`,
      [place, id],
    );
  }
}
