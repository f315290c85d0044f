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

@Injectable()
export class StoredAnswerStore {
  /** Until the transaction ends; false when another request of the same place is under way, in whatever process. */
  async lock(tx: Tx, { partyId, operation, key }: AnswerPlace): Promise<boolean> {
    const [row] = await tx.query<{ isTaken: boolean }>(
      `select pg_try_advisory_xact_lock(hashtextextended($1, 50)) as "isTaken"`,
      [JSON.stringify([partyId, operation, key])],
    );
    return row?.isTaken === true;
  }

  async find(tx: Tx, { partyId, operation, key }: AnswerPlace): Promise<StoredAnswer | undefined> {
    const [row] = await tx.query<StoredAnswer>(
      `select request_digest as "requestDigest", status, answer, sealed_answer as sealed
         from stored_answer where party_id = $1 and operation = $2 and key = $3`,
      [partyId, operation, key],
    );
    return row;
  }

  async add(
    tx: Tx,
    { partyId, operation, key }: AnswerPlace,
    { requestDigest, status, answer, sealed }: StoredAnswer,
  ): Promise<void> {
    await tx.query(
      `insert into stored_answer (party_id, operation, key, request_digest, status, answer, sealed_answer)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        partyId,
        operation,
        key,
        requestDigest,
        status,
        answer === null ? null : JSON.stringify(answer),
        sealed,
      ],
    );
  }
}
