/**
 * The TypeORM data source of the gateway, for the running program, the migrations and the tests.
 * Entities are found by the glob `*.tables`, so that platform imports no feature (architecture.md §2.7).
 */
import { join } from 'node:path';
import { types as pgTypes } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { TimedClient } from './timed-client';

export interface ConnectionSettings {
  readonly url: string;
  /** Database role entered by every connection: `malipo_system`; absent for the owner. */
  readonly role?: string;
  /**
   * Migrations and checks of the start take the time they need; the running program has limits. Its reads have a pool
   * of their own, since a transaction that reads outside itself would wait for a connection that others like it hold:
   * sixteen of them at once would wait for each other. Payments have one too, whose connections send a statement before
   * the one in front of it is answered: no COPY can run there.
   */
  readonly purpose: 'transactions' | 'intake' | 'reads' | 'start';
  /** How many processes of this gateway share the server. */
  readonly processes?: number;
}

/** For a gateway of one process. Several divide them; each keeps what its lanes and a slow turn need. */
const poolSizes = { transactions: 16, intake: 4, reads: 8, start: 2 };
const leastPool = { transactions: 4, intake: 2, reads: 2 };

function poolSizeOf({ purpose, processes = 1 }: ConnectionSettings): number {
  if (purpose === 'start') return poolSizes.start;
  return Math.max(leastPool[purpose], Math.ceil(poolSizes[purpose] / processes));
}

const int8 = 20;
const date = 1082;

/** bigint columns arrive as bigint and business days as text; a float or a midnight in some zone never appears. */
export const exactTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (oid === int8) return (text: string) => BigInt(text);
    if (oid === date) return (text: string) => text;
    return (pgTypes.getTypeParser as (oid: number, format?: string) => unknown)(oid, format);
  },
};

/**
 * Session settings that the posting transaction relies on (security-reliability §3.5): durable commits, short lock
 * waits, and no forgotten transaction. Long work (migrations, imports, runs) lifts the statement limit for itself.
 */
function sessionOptions({ role, purpose }: ConnectionSettings): string {
  return [
    '-c synchronous_commit=on',
    '-c TimeZone=UTC',
    String.raw`-c default_transaction_isolation=read\ committed`,
    // Costs of what a statement asks the planner to leave out count as work before PostgreSQL 18: the claim of
    // deliveries was compiled for two seconds at each of its runs.
    '-c jit=off',
    ...(role === undefined ? [] : [`-c role=${role}`]),
    ...(purpose === 'start'
      ? []
      : [
          '-c lock_timeout=1s',
          // The clients of payments wait for five seconds in all.
          `-c statement_timeout=${purpose === 'intake' ? '2s' : '5s'}`,
          '-c idle_in_transaction_session_timeout=10s',
        ]),
  ].join(' ');
}

export function dataSourceOptions(settings: ConnectionSettings): DataSourceOptions {
  return {
    type: 'postgres',
    url: settings.url,
    synchronize: false,
    migrationsTransactionMode: 'each',
    entities: [join(__dirname, '../../**/*.tables.{ts,js}')],
    migrations: [join(__dirname, '../../../migrations/[0-9]*.{ts,js}')],
    poolSize: poolSizeOf(settings),
    // For a free connection as for a new one; who waits longer is told to come again.
    connectTimeoutMS: 3_000,
    applicationName: 'malipo',
    extra: {
      options: sessionOptions(settings),
      types: exactTypes,
      keepAlive: true,
      pipeline: settings.purpose === 'intake',
      ...(settings.purpose === 'start' ? {} : { Client: TimedClient }),
    },
  };
}

export function createDataSource(url: string): DataSource {
  return new DataSource(dataSourceOptions({ url, purpose: 'start' }));
}
