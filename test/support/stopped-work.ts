/**
 * Work that ends in its middle, at a point that is sure: it waits for a table that the test holds, and is cut there. The end
 * of a process is `kill -9`; the end of a connection is what a server that goes down leaves.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { projectRoot } from '../../src/installation';
import type { TestGateway } from './gateway';

/** What `dist` must be built for: `tools/prepare.mjs`. */
export function startCommand(gateway: TestGateway, ...words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(projectRoot, 'dist/src/cli.js'), ...words], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: gateway.databaseUrl,
      DATA_DIR: gateway.dataDir,
      SANDBOX: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function endOf(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly said: string }> {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

/** Nobody can write to the table until `letGo`. */
export class HeldTable {
  private constructor(
    private readonly client: Client,
    private readonly db: Client,
    private readonly table: string,
  ) {}

  static async hold(gateway: TestGateway, table: string): Promise<HeldTable> {
    const client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    await client.query(`begin; lock table ${table} in share mode`);
    return new HeldTable(client, gateway.db, table);
  }

  /** The backend that has come as far as this table. */
  async waiting(): Promise<number> {
    for (let waited = 0; waited < 60_000; waited += 20) {
      const { rows } = await this.db.query<{ pid: number }>(
        `select pid from pg_locks where not granted and relation = $1::regclass`,
        [this.table],
      );
      const [first] = rows;
      if (first !== undefined) return first.pid;
      await pause(20);
    }
    throw new Error(`nobody came to write to ${this.table}`);
  }

  async letGo(): Promise<void> {
    await this.client.query('rollback');
    await this.client.end();
  }
}

/** Until what a backend began is undone. */
export async function gone(gateway: TestGateway, pid: number): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 20) {
    const { rowCount } = await gateway.db.query(`select from pg_stat_activity where pid = $1`, [
      pid,
    ]);
    if (rowCount === 0) return;
    await pause(20);
  }
  throw new Error(`backend ${String(pid)} is still there`);
}
