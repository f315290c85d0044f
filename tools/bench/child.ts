/** Processes of the benchmark: started by path, asked by message, always ended. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { projectRoot } from '../../src/installation';
import type { Job, Order, Outcome } from './load/job';

const living = new Set<ChildProcess>();

/** Whatever ends the benchmark ends what it started. */
export function endChildren(): void {
  for (const child of living) child.kill('SIGKILL');
}

function keep(child: ChildProcess): ChildProcess {
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

/** A port that is free now; the wanted one if it is. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.once('error', () => {
      resolve(0);
    });
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port === 0 && wanted !== 0 ? freePort() : port;
}

/** What `npm start` gives to Node, so that the server measured is the one that runs. */
const nodeFlags: readonly string[] = (
  JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly start: string };
  }
).scripts.start
  .split(' ')
  .filter((word) => word.startsWith('--'));

const readyMs = 60_000;
const stopMs = 30_000;

/** A server under test: Node on a built file, ready when it answers `/health/ready`. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly log: string,
  ) {}

  static async start(
    file: string,
    environment: Readonly<Record<string, string>>,
    log: string,
  ): Promise<ServerProcess> {
    const port = await freePort();
    // Straight into a file: reading the lines here would cost CPU that the measurement needs.
    const output = openSync(log, 'w');
    const child = keep(
      spawn(process.execPath, [...nodeFlags, join(projectRoot, 'dist', file)], {
        cwd: projectRoot,
        env: { PATH: process.env['PATH'], PORT: String(port), ...environment },
        stdio: ['ignore', output, output],
      }),
    );
    closeSync(output);
    const server = new ServerProcess(child, port, log);
    await server.untilReady();
    return server;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const limit = setTimeout(() => this.child.kill('SIGKILL'), stopMs);
    await ended;
    clearTimeout(limit);
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async untilReady(): Promise<void> {
    const giveUp = performance.now() + readyMs;
    for (;;) {
      try {
        const { statusCode, body } = await request(
          `http://127.0.0.1:${String(this.port)}/health/ready`,
          { reset: true },
        );
        await body.dump();
        if (statusCode === 200) return;
      } catch {
        // Not listening yet.
      }
      if (this.hasEnded || performance.now() > giveUp) {
        throw new Error(
          `the server did not become ready:\n${readFileSync(this.log, 'utf8').slice(-2_000)}`,
        );
      }
      await pause(50);
    }
  }
}

/** A helper process of this benchmark that answers one message at a time. */
export class Helper {
  private constructor(private readonly child: ChildProcess) {}

  static start(name: string): Helper {
    const file = join(projectRoot, 'dist/tools/bench', name, 'main.js');
    return new Helper(
      // Not as JSON, which has no NaN: a percentile of nothing would arrive as null.
      keep(
        fork(file, {
          cwd: projectRoot,
          execArgv: [...nodeFlags],
          serialization: 'advanced',
        }),
      ),
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  tell(message: object): void {
    this.child.send(message);
  }

  ask<T>(message: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        reject(new Error('a process of the benchmark ended before it answered'));
      };
      this.child.once('exit', ended);
      this.child.once('message', (answer) => {
        this.child.off('exit', ended);
        resolve(answer as T);
      });
      this.child.send(message);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    const limit = setTimeout(() => this.child.kill('SIGKILL'), stopMs);
    await ended;
    clearTimeout(limit);
  }
}

/** Runs one job to its end in a load generator of its own. */
export async function runLoad(job: Job): Promise<Outcome> {
  const load = Helper.start('load');
  try {
    return await load.ask<Outcome>({ kind: 'run', job } satisfies Order);
  } finally {
    await load.stop();
  }
}
