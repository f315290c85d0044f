/**
 * Transactions and reads. `Tx` is the required first argument of everything that writes, so that nobody leaves a
 * transaction by forgetting an argument. Isolation and the retry on serialisation failure and deadlock live here alone.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DatabaseError } from 'pg';
import { DataSource, QueryFailedError, type QueryRunner } from 'typeorm';
import type { TimedClient } from './timed-client';
import { type CopyReader, type Reader, runPrepared, Tx } from './transaction';

export { type CopyReader, type Reader, Tx };

/** What a transaction read and decided by is no longer so: it must begin again. */
export class Superseded extends Error {}

type TransactionKind = 'ordinary' | 'intake' | 'long';

/** Whose rows a transaction sees, and whether it may change them. */
interface PartyScope {
  readonly partyId: number;
  readonly isReadOnly: boolean;
}

/** The database as one party sees it. */
export interface PartyDatabase {
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  longTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Where they differ from the session's (security-reliability §3.4, the ladder of time-outs). */
const limitsOf: Readonly<Record<TransactionKind, string | undefined>> = {
  ordinary: undefined,
  intake: undefined,
  long: `set local statement_timeout = 0; set local lock_timeout = '5s';
         set local idle_in_transaction_session_timeout = '30s'; set local work_mem = '64MB'`,
};

const retryable = new Set(['40001', '40P01']);
const maxTries = 5;

function isRetryable(fault: unknown): boolean {
  return fault instanceof Superseded || retryable.has(errorCode(fault) ?? '');
}

function errorCode(fault: unknown): string | undefined {
  if (fault instanceof DatabaseError) return fault.code;
  if (!(fault instanceof QueryFailedError)) return undefined;
  return (fault.driverError as { code?: string }).code;
}

/** The names of the other pools in the container. */
export const readsName = 'reads';
export const intakeName = 'intake';

/** Whether the roles exist: a login that may not create them has one wall between tenants, not two. */
export class TenantRole {
  constructor(readonly isThere: boolean) {}
}

@Injectable()
export class Database {
  private readonly guards = new AsyncLocalStorage<(tx: Tx) => Promise<void>>();

  constructor(
    private readonly source: DataSource,
    @InjectDataSource(readsName) private readonly reads: DataSource,
    @InjectDataSource(intakeName) private readonly payments: DataSource,
    @Inject(TenantRole) private readonly tenantRole: TenantRole,
  ) {}

  /** Reads outside a transaction, one statement at a time, on connections that no transaction can hold. */
  get reader(): Reader {
    const { manager } = this.reads;
    const once = async <Row>(work: (runner: QueryRunner) => Promise<Row[]>): Promise<Row[]> => {
      const runner = this.reads.createQueryRunner();
      try {
        return await work(runner);
      } finally {
        await runner.release();
      }
    };
    return {
      manager,
      query: (sql, parameters = []) =>
        once(async (runner) => (await runner.query(sql, [...parameters], true)).records as never[]),
      prepared: (name, sql, parameters) =>
        once((runner) => runPrepared(runner, name, sql, parameters)),
    };
  }

  /**
   * Runs `work` in one READ COMMITTED transaction and returns its result after COMMIT came back. A deadlock or a
   * serialisation failure is tried again up to five times, with 5 to 80 ms between; work that was Superseded, at once
   * (security-reliability §3.2).
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.repeated(work, 'ordinary');
  }

  /**
   * As `transaction`, for payments: their clients wait for five seconds, so no statement takes more than two, and
   * statements that do not wait for one another are sent together.
   */
  async intake<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.repeated(work, 'intake');
  }

  /**
   * As `transaction`, for work over a whole file or day: the limits of intake do not hold, and joins and sorts of a
   * million rows have memory, 64 MB each, before they go through files.
   */
  async longTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.repeated(work, 'long');
  }

  /**
   * Reads many statements of one instant: what commits meanwhile is not seen, and nothing is kept waiting. For work over
   * whole tables, so the limits of intake do not hold.
   */
  async snapshot<T>(work: (reader: CopyReader) => Promise<T>, name?: string): Promise<T> {
    return this.guards.exit(() =>
      this.longTransaction(async (tx) => {
        await tx.query(`set transaction isolation level repeatable read, read only`);
        // The name comes from the server and is no text of anybody's: a parameter cannot stand here.
        if (name !== undefined) await tx.query(`set transaction snapshot '${name}'`);
        return work(tx);
      }),
    );
  }

  /**
   * As `snapshot`, for somebody who may go away: when `signal` aborts, the statement that runs is cancelled. The
   * connection is not given back before the server has the order, which would otherwise stop somebody else's statement.
   */
  async abandonable<T>(signal: AbortSignal, work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.snapshot(async (reader) => {
      signal.throwIfAborted();
      const [backend] = await reader.query<{ pid: number }>(`select pg_backend_pid() as pid`);
      let order: Promise<void> | undefined;
      const cancel = (): void => {
        order ??= this.cancel(backend?.pid ?? 0);
      };
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await work(reader);
      } finally {
        signal.removeEventListener('abort', cancel);
        await order;
      }
    });
  }

  /** The login may cancel what it runs itself; the role that it has entered may not. */
  private async cancel(pid: number): Promise<void> {
    await this.transaction(async (tx) => {
      await tx.query(`set local role none`);
      await tx.query(`select pg_cancel_backend($1)`, [pid]);
    }).catch(() => undefined);
  }

  /** As `snapshot`, on two connections that see the same instant, so that two cores can read. */
  async snapshotOfTwo<T>(
    work: (readers: readonly [CopyReader, CopyReader]) => Promise<T>,
  ): Promise<T> {
    return this.snapshot(async (first) => {
      // The one that is through first waits for the other, longer than a transaction may be idle elsewhere.
      const terms = `set local idle_in_transaction_session_timeout = 0; set local enable_memoize = off`;
      await first.query(terms);
      const [row] = await first.query<{ name: string }>(`select pg_export_snapshot() as name`);
      return this.snapshot(async (second) => {
        await second.query(terms);
        return work([first, second]);
      }, row?.name);
    });
  }

  /**
   * Reads and writes as one party sees the database: the tenant role under row-level security. Whatever a statement
   * forgets, rows of others do not exist in it, and none can be made for them (security-reliability I1). Both the role
   * and whose it is end with the transaction.
   */
  forParty(partyId: number): PartyDatabase {
    const writing = { partyId, isReadOnly: false };
    return {
      read: (work) => this.repeated(work, 'ordinary', { partyId, isReadOnly: true }),
      transaction: (work) => this.repeated(work, 'ordinary', writing),
      longTransaction: (work) => this.repeated(work, 'long', writing),
    };
  }

  /**
   * A step of the gateway's own within a party's transaction, for what no party may touch: matching what it published
   * against the books, for example. In any other transaction it is just the step.
   */
  async asSystem<T>(tx: Tx, step: () => Promise<T>): Promise<T> {
    if (!tx.isOfParty || !this.tenantRole.isThere) return step();
    await tx.query(`set local role malipo_system`);
    try {
      return await step();
    } finally {
      // Refused only where a statement of the step was: then the transaction takes no other either.
      await tx.query(`set local role malipo_tenant`).catch(() => undefined);
    }
  }

  /**
   * Runs `work` with `guard` as the last step of each of its transactions that may write: what it refuses is rolled
   * back. For work that another process may have taken over meanwhile.
   */
  async guarded<T>(guard: (tx: Tx) => Promise<void>, work: () => Promise<T>): Promise<T> {
    return this.guards.run(guard, work);
  }

  private async repeated<T>(
    work: (tx: Tx) => Promise<T>,
    kind: TransactionKind,
    scope?: PartyScope,
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.once(work, kind, scope);
      } catch (fault) {
        if (tries >= maxTries || !isRetryable(fault)) throw fault;
        // Who superseded it has committed: there is nothing to wait for.
        if (!(fault instanceof Superseded)) await pause(5 + Math.random() * 75);
      }
    }
  }

  private async once<T>(
    work: (tx: Tx) => Promise<T>,
    kind: TransactionKind,
    scope: PartyScope | undefined,
  ): Promise<T> {
    const isIntake = kind === 'intake';
    const runner = (isIntake ? this.payments : this.source).createQueryRunner();
    let client: TimedClient | undefined;
    try {
      client = (await runner.connect()) as TimedClient;
      client.isUnhurried = kind === 'long';
      // READ COMMITTED, as the session says.
      await runner.startTransaction();
      const tx = new Tx(runner, scope !== undefined, isIntake);
      const limits = limitsOf[kind];
      if (limits !== undefined) await tx.query(limits);
      if (scope !== undefined) await this.enter(tx, scope);
      const result = await work(tx);
      await this.guards.getStore()?.(tx);
      await runner.commitTransaction();
      return result;
    } catch (fault) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw fault;
    } finally {
      if (client) client.isUnhurried = false;
      await runner.release();
    }
  }

  private async enter(tx: Tx, { partyId, isReadOnly }: PartyScope): Promise<void> {
    await tx.query(
      `select set_config('malipo.party', $1, true), set_config('transaction_read_only', $2, true)
              ${this.tenantRole.isThere ? `, set_config('role', 'malipo_tenant', true)` : ''}`,
      [String(partyId), isReadOnly ? 'on' : 'off'],
    );
  }
}
