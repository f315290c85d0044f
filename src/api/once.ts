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
import { isOutageForAll, waitBriefly } from '../platform/database/lock-patience';
import { MicroBatch } from '../platform/jobs/micro-batch';
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

/** What `work` says of one of several requests: its answer, or why it is refused. */
export type Outcome<T extends object> = Answer<T> | Refusal;

/** One of several requests that are done together. */
interface Asked<Item> {
  readonly attempt: AttemptAt;
  readonly item: Item;
}

interface Done<T extends object> {
  readonly status: number;
  readonly body: T;
  readonly isRepeat: boolean;
}

type Together<Item, T extends object> = (
  tx: Tx,
  items: readonly Item[],
) => Promise<readonly Outcome<T>[]>;

/** Of one institution: its bills queue for the serials of its ranges in any case. */
const laneLimits = { maxBatch: 100, maxWaiting: 1_000, lanes: 1 };

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
    return this.alone(attempt, work, 'transaction');
  }

  /** As `execute`, for work over a whole file, which the limits of statements would cut short. */
  async executeLong<T extends object>(
    attempt: AttemptAt,
    work: (tx: Tx) => Promise<Answer<T>>,
  ): Promise<T> {
    return this.alone(attempt, work, 'longTransaction');
  }

  /**
   * As `execute`, for small requests that come in numbers: what one party asked while its last transaction was under
   * way becomes the next one, as payments do (performance.md §8). `work` refuses each for itself, and leaves nothing of
   * what it refuses. A request that wants a row which somebody holds costs the others no answer. Throws Overload when
   * more wait than may.
   */
  together<Item, T extends object>(
    work: Together<Item, T>,
  ): (attempt: AttemptAt, item: Item) => Promise<T> {
    const lanes = new Map<number, MicroBatch<Asked<Item>, Done<T> | Refusal>>();
    /** A twin is told at once, as it is where another process has the first: it does not queue behind it. */
    const underWay = new Set<string>();
    const laneOf = (partyId: number) => {
      const found = lanes.get(partyId);
      if (found !== undefined) return found;
      const lane = new MicroBatch<Asked<Item>, Done<T> | Refusal>(
        (asked, failures) =>
          this.database.forParty(partyId).transaction(async (tx) => {
            await waitBriefly(tx, failures);
            return this.answerEach(tx, asked, work);
          }),
        laneLimits,
        isOutageForAll,
      );
      lanes.set(partyId, lane);
      return lane;
    };
    return async (attempt, item) => {
      const name = nameOf(attempt);
      if (underWay.has(name)) throw inFlight();
      underWay.add(name);
      try {
        return give(attempt, await laneOf(attempt.partyId).submit({ attempt, item }));
      } finally {
        underWay.delete(name);
      }
    };
  }

  private async alone<T extends object>(
    attempt: AttemptAt,
    work: (tx: Tx) => Promise<Answer<T>>,
    kind: 'transaction' | 'longTransaction',
  ): Promise<T> {
    const asked = [{ attempt, item: undefined }];
    const [done] = await this.database
      .forParty(attempt.partyId)
      [kind]((tx) => this.answerEach(tx, asked, async () => [await work(tx)]));
    if (done === undefined) throw new Error('every request has an answer');
    return give(attempt, done);
  }

  /** Those done before get their stored answer, the others theirs from `work`; one party, one operation, each key once. */
  private async answerEach<Item, T extends object>(
    tx: Tx,
    asked: readonly Asked<Item>[],
    work: Together<Item, T>,
  ): Promise<readonly (Done<T> | Refusal)[]> {
    const [first] = asked;
    if (first === undefined) return [];
    const shelf = first.attempt;
    const keys = asked.map(({ attempt }) => attempt.key);
    const isLocked = await this.answers.lock(tx, shelf, keys);
    const stored = await this.answers.find(tx, shelf, keys);
    const fresh = asked.filter(
      ({ attempt }, i) => isLocked[i] === true && !stored.has(attempt.key),
    );
    const outcomes =
      fresh.length === 0
        ? []
        : await work(
            tx,
            fresh.map(({ item }) => item),
          );
    const made = new Map(fresh.map((each, i) => [each, outcomes[i]]));
    const kept = [...made].flatMap(([{ attempt }, outcome]): [string, StoredAnswer][] => {
      if (outcome === undefined || outcome instanceof Refusal) return [];
      const { requestDigest, key } = attempt;
      const { status } = outcome;
      return [[key, { requestDigest, status, ...this.keep(attempt, outcome) }]];
    });
    await this.answers.add(tx, shelf, new Map(kept));
    return asked.map((each, i) => {
      if (isLocked[i] !== true) return inFlight();
      const before = stored.get(each.attempt.key);
      if (before !== undefined) return this.repeat<T>(each.attempt, before);
      const outcome = made.get(each);
      if (outcome === undefined) throw new Error('every request has an answer');
      return outcome instanceof Refusal ? outcome : { ...outcome, isRepeat: false };
    });
  }

  private repeat<T extends object>(attempt: AttemptAt, stored: StoredAnswer): Done<T> | Refusal {
    if (!stored.requestDigest.equals(attempt.requestDigest)) {
      return new Refusal(
        'idempotency.body-different',
        'this Idempotency-Key was used for another request',
        'unprocessable',
      );
    }
    return { status: stored.status, body: this.open(attempt, stored) as T, isRepeat: true };
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

function inFlight(): Refusal {
  return new Refusal(
    'idempotency.in-flight',
    'the first request with this Idempotency-Key is still under way',
    'conflict',
    { retryAfterSeconds: 1 },
  );
}

/** Throws what was refused. */
function give<T extends object>({ reply }: AttemptAt, done: Done<T> | Refusal): T {
  if (done instanceof Refusal) throw done;
  void reply.code(done.status);
  if (done.isRepeat) void reply.header('idempotency-replayed', 'true');
  return done.body;
}

function nameOf({ partyId, operation, key }: AnswerPlace): string {
  return JSON.stringify([partyId, operation, key]);
}
