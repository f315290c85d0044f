/** Statements on stored answers: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';

export interface StoredAnswer {
  readonly requestDigest: Buffer;
  readonly status: number;
  /** Null where it tells a secret; then `sealed` has it. */
  readonly answer: object | null;
  readonly sealed: Buffer | null;
}

export interface AnswerPlace {
  readonly partyId: number;
  readonly operation: string;
  readonly key: string;
}

/** Where answers of one party to one operation lie. */
export type AnswerShelf = Pick<AnswerPlace, 'partyId' | 'operation'>;

@Injectable()
export class StoredAnswerStore {
  /** Until the transaction ends; false for a key that another request has under way, in whatever process. */
  async lock(
    tx: Tx,
    { partyId, operation }: AnswerShelf,
    keys: readonly string[],
  ): Promise<readonly boolean[]> {
    const rows = await tx.query<{ isTaken: boolean }>(
      `select pg_try_advisory_xact_lock(hashtextextended(t.place, 50)) as "isTaken"
         from unnest($1::text[]) with ordinality as t (place, n) order by n`,
      [keys.map((key) => JSON.stringify([partyId, operation, key]))],
    );
    return rows.map(({ isTaken }) => isTaken);
  }

  /** By key. */
  async find(
    tx: Tx,
    { partyId, operation }: AnswerShelf,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, StoredAnswer>> {
    const rows = await tx.query<StoredAnswer & { readonly key: string }>(
      `select key, request_digest as "requestDigest", status, answer, sealed_answer as sealed
         from stored_answer where party_id = $1 and operation = $2 and key = any ($3)`,
      [partyId, operation, keys],
    );
    return new Map(rows.map((row) => [row.key, row]));
  }

  async add(
    tx: Tx,
    { partyId, operation }: AnswerShelf,
    answers: ReadonlyMap<string, StoredAnswer>,
  ): Promise<void> {
    if (answers.size === 0) return;
    const rows = [...answers.values()];
    await tx.query(
      `insert into stored_answer (party_id, operation, key, request_digest, status, answer, sealed_answer)
       select $1, $2, t.key, t.digest, t.status, t.answer::json, t.sealed
         from unnest($3::text[], $4::bytea[], $5::smallint[], $6::text[], $7::bytea[])
           as t (key, digest, status, answer, sealed)`,
      [
        partyId,
        operation,
        [...answers.keys()],
        rows.map(({ requestDigest }) => requestDigest),
        rows.map(({ status }) => status),
        rows.map(({ answer }) => (answer === null ? null : JSON.stringify(answer))),
        rows.map(({ sealed }) => sealed),
      ],
    );
  }
}
