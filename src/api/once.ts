/**
 * Idempotency-Key: a POST is done once, and its answer given again for ever. The answer is stored in the transaction of
 * the work, so that a crash leaves both or neither. A refused request leaves nothing, not even its key: the corrected
 * one may use it. Scope: party, operation, key (security-reliability I6).
 */
import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Refusal } from '../kernel/refusal';
import { Secrets } from '../platform/config/secrets';
import { openSealed, sealBytes } from '../platform/crypto/sealed-bytes';
import { Database, type Tx } from '../platform/database/database';
import { holderOf, rawBodyOf, requestOf } from './request-context';
import { type AnswerPlace, type StoredAnswer, StoredAnswerStore } from './stored-answer.store';

/** What `@Attempt()` gives an operation: the place of its answer, and the digest of what was asked. */
export interface AttemptAt {
  readonly partyId: number;
  readonly operation: string;
  readonly key: string;
  readonly requestDigest: Buffer;
  readonly reply: FastifyReply;
}

/** Refuses: idempotency.key-missing. */
export const Attempt = createParamDecorator(
  (_data: unknown, context: ExecutionContext): AttemptAt => {
    const request = requestOf(context);
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new Refusal(
        'idempotency.key-missing',
        'send a header Idempotency-Key of 1 to 255 printable characters, another for each thing that you want',
      );
    }
    return {
      partyId: holderOf(request).party.id,
      operation: `${context.getClass().name}.${context.getHandler().name}`,
      key,
      // The path holds ids: the same key at another bill is another request.
      requestDigest: createHash('sha256')
        .update(`${request.url}\n`)
        .update(rawBodyOf(request))
        .digest(),
      reply: context.switchToHttp().getResponse<FastifyReply>(),
    };
  },
);

export interface Answer<T extends object> {
  readonly status: 200 | 201 | 202;
  readonly body: T;
  /** It tells a secret: it is stored encrypted. */
  readonly isSecret?: true;
}

interface Done<T extends object> {
  readonly answer: { readonly status: number; readonly body: T };
  readonly isRepeat: boolean;
}

@Injectable()
export class Once {
  private readonly key: Buffer;

  constructor(
    private readonly database: Database,
    private readonly answers: StoredAnswerStore,
    secrets: Secrets,
  ) {
    this.key = secrets.keyFor('stored answers');
  }

  /**
   * Runs `work` in a transaction of the party, under row-level security, unless it was done before. Refuses: idempotency.in-flight, idempotency.body-different,
   * and whatever `work` refuses.
   */
  async execute<T extends object>(
    attempt: AttemptAt,
    work: (tx: Tx) => Promise<Answer<T>>,
  ): Promise<T> {
    return this.run(attempt, work, (steps) =>
      this.database.forParty(attempt.partyId).transaction(steps),
    );
  }

  /** As `execute`, for work over a whole file, which the limits of statements would cut short. */
  async executeLong<T extends object>(
    attempt: AttemptAt,
    work: (tx: Tx) => Promise<Answer<T>>,
  ): Promise<T> {
    return this.run(attempt, work, (steps) =>
      this.database.forParty(attempt.partyId).longTransaction(steps),
    );
  }

  private async run<T extends object>(
    attempt: AttemptAt,
    work: (tx: Tx) => Promise<Answer<T>>,
    transaction: (steps: (tx: Tx) => Promise<Done<T>>) => Promise<Done<T>>,
  ): Promise<T> {
    const { requestDigest, reply } = attempt;
    const { answer, isRepeat } = await transaction(async (tx): Promise<Done<T>> => {
      if (!(await this.answers.lock(tx, attempt))) {
        throw new Refusal(
          'idempotency.in-flight',
          'the first request with this Idempotency-Key is still under way',
          'conflict',
          { retryAfterSeconds: 1 },
        );
      }
      const stored = await this.answers.find(tx, attempt);
      if (stored !== undefined) {
        if (stored.requestDigest.equals(requestDigest)) {
          const body = this.open(attempt, stored) as T;
          return { answer: { status: stored.status, body }, isRepeat: true };
        }
        throw new Refusal(
          'idempotency.body-different',
          'this Idempotency-Key was used for another request',
          'unprocessable',
        );
      }
      const done = await work(tx);
      await this.answers.add(tx, attempt, {
        requestDigest,
        status: done.status,
        ...this.keep(attempt, done),
      });
      return { answer: done, isRepeat: false };
    });
    void reply.code(answer.status);
    if (isRepeat) void reply.header('idempotency-replayed', 'true');
    return answer.body;
  }

  private keep(
    place: AnswerPlace,
    { body, isSecret }: Answer<object>,
  ): Pick<StoredAnswer, 'answer' | 'sealed'> {
    if (isSecret !== true) return { answer: body, sealed: null };
    const text = Buffer.from(JSON.stringify(body));
    return { answer: null, sealed: sealBytes(this.key, text, nameOf(place)) };
  }

  private open(place: AnswerPlace, { answer, sealed }: StoredAnswer): object | null {
    if (sealed === null) return answer;
    return JSON.parse(openSealed(this.key, sealed, nameOf(place)).toString()) as object;
  }
}

function nameOf({ partyId, operation, key }: AnswerPlace): string {
  return JSON.stringify([partyId, operation, key]);
}
