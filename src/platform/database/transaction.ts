/**
 * A transaction as work sees it: statements, steps that go out together, and rows that come and go by COPY. `Tx` is made
 * by Database alone, so whoever holds one is inside.
 */
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { EntityManager, QueryRunner } from 'typeorm';
import { arrayText } from './array-text';
import { type BinaryRow, copiedRows } from './copy-binary';
import { isAftermath } from './outage';
import type { TimedClient } from './timed-client';

export interface Reader {
  /** Rows of one statement. Money columns are bigint, business days are text, instants are Date. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** As `query`, prepared once per connection under its name. */
  prepared<Row>(name: string, sql: string, parameters: readonly unknown[]): Promise<Row[]>;
  readonly manager: EntityManager;
}

/** A reader of one connection, which can give many bytes as they are. */
export interface CopyReader extends Reader {
  /** Rows of `select` in the binary form of their types, as many at a time as arrive. */
  copyOut(select: string): AsyncIterable<readonly BinaryRow[]>;
}

/** An open transaction. Made by Database only. */
export class Tx implements CopyReader {
  constructor(
    private readonly runner: QueryRunner,
    /** Whether it sees and writes the rows of one party alone. */
    readonly isOfParty = false,
    /** Whether its connection sends a statement before the one in front of it is answered. */
    private readonly isPipelined = false,
  ) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.runner.query(sql, [...parameters], true);
    return result.records as Row[];
  }

  async prepared<Row>(name: string, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return runPrepared<Row>(this.runner, name, sql, parameters);
  }

  /**
   * Steps of which none needs what another gives back; they begin in this order. Of payments their statements go out at
   * once and cost one turn of the way to the server, elsewhere one after another. The fault that ended the transaction is
   * thrown, which need not be that of the first step: one that asks again after it is told 25P02 alone. It is thrown once
   * every step has ended: what a step sent later would otherwise run behind the ROLLBACK, in a transaction of its own.
   */
  async together<Results extends readonly unknown[]>(
    ...steps: { readonly [Place in keyof Results]: () => Promise<Results[Place]> }
  ): Promise<Results> {
    const results: unknown[] = [];
    if (this.isPipelined) {
      ((await this.runner.connect()) as TimedClient).gather();
      const ended = await Promise.allSettled(steps.map((step) => step()));
      const faults: unknown[] = [];
      for (const each of ended) {
        if (each.status === 'rejected') faults.push(each.reason);
        else results.push(each.value);
      }
      if (faults.length > 0) throw faults.find((fault) => !isAftermath(fault)) ?? faults[0];
    } else for (const step of steps) results.push(await step());
    return results as unknown as Results;
  }

  /** `statement` is a COPY … FROM STDIN; `lines` are rows in its text form, and what they throw is thrown. */
  async copyIn(statement: string, lines: AsyncIterable<string>): Promise<void> {
    const connection = (await this.runner.connect()) as PoolClient;
    await pipeline(lines, connection.query(copyFrom(statement)));
  }

  async *copyOut(select: string): AsyncGenerator<readonly BinaryRow[]> {
    yield* copiedRows((await this.runner.connect()) as PoolClient, select);
  }
}

/** TypeORM's runner knows no named statements; its connection is the driver's own. */
export async function runPrepared<Row>(
  runner: QueryRunner,
  name: string,
  text: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const connection = (await runner.connect()) as PoolClient;
  const values = parameters.map((each) => (Array.isArray(each) ? (arrayText(each) ?? each) : each));
  const { rows } = await connection.query({ name, text, values });
  return rows as Row[];
}
