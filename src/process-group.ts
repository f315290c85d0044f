/**
 * Several processes of one gateway on one port: HTTP_PROCESSES that answer requests and, for the role `all`, one for
 * timed work. The process that starts them serves nothing itself: it opens the database, hands connections round,
 * starts anew who died, and ends all of them together. Each of the others is this same program with another role on
 * the database that is open already. Rules: product.md §10 (several instances), security-reliability §3.4 (SIGTERM).
 */
import cluster, { type Worker } from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';
import { AggregatorRegistry } from 'prom-client';
import type { Config } from './platform/config/config';
import type { Log } from './platform/logging/logger';
import type { FromPrimary, ToPrimary } from './platform/processes/siblings';

type Role = 'http' | 'worker';

/** Somebody who lives shorter than this is not started again at once. */
const shortLifeMs = 5_000;
const longestPauseMs = 30_000;

export class ProcessGroup {
  private readonly living = new Map<number, Role>();
  private readonly metrics = new AggregatorRegistry();
  private isStopping = false;
  private isStarted = false;
  private shortLives = 0;

  constructor(
    private readonly settings: { readonly config: Config; readonly databaseUrl: string },
    private readonly log: Log,
  ) {
    // In turn, and not by the kernel, which gives most connections to a few.
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.on('message', (worker, message) => {
      this.hear(worker, message as ToPrimary);
    });
  }

  /** Resolves when all are ready; refuses when one of them ends before. */
  async start(): Promise<void> {
    const { config } = this.settings;
    const roles: Role[] = Array.from({ length: config.httpProcesses }, () => 'http');
    if (config.role === 'all') roles.push('worker');
    await Promise.all(roles.map((role) => this.launch(role)));
    this.isStarted = true;
  }

  /** Every process drains by itself; what is left after `limitMs` is ended. */
  async stop(limitMs: number): Promise<void> {
    this.isStopping = true;
    this.each((worker) => worker.process.kill('SIGTERM'));
    const giveUp = performance.now() + limitMs;
    while (this.living.size > 0 && performance.now() < giveUp) await pause(20);
    this.each((worker) => worker.process.kill('SIGKILL'));
  }

  private each(act: (worker: Worker) => void): void {
    for (const worker of Object.values(cluster.workers ?? {})) if (worker) act(worker);
  }

  private launch(role: Role): Promise<void> {
    const { config, databaseUrl } = this.settings;
    const startedAt = performance.now();
    const worker = cluster.fork({
      ROLE: role,
      HTTP_PROCESSES: String(role === 'http' ? config.httpProcesses : 1),
      DATABASE_URL: databaseUrl,
      SANDBOX: String(config.isSandbox),
    });
    this.living.set(worker.id, role);
    return new Promise((resolve, reject) => {
      worker.on('message', (message: ToPrimary) => {
        if (message.kind === 'ready') resolve();
      });
      worker.once('exit', (status: number | null, signal: string | null) => {
        this.living.delete(worker.id);
        reject(new Error(`a process of the role ${role} ended before it was ready`));
        if (this.isStarted && !this.isStopping)
          void this.replace(role, performance.now() - startedAt, signal ?? String(status));
      });
    });
  }

  private async replace(role: Role, livedMs: number, reason: string): Promise<void> {
    this.log.error('process-died', { kind: role, reason, ms: Math.round(livedMs) });
    this.shortLives = livedMs < shortLifeMs ? this.shortLives + 1 : 0;
    if (this.shortLives > 0)
      await pause(Math.min(longestPauseMs, 500 * 2 ** this.shortLives), undefined, { ref: false });
    if (this.isStopping) return;
    // A death before it is ready comes back here by itself.
    await this.launch(role).then(
      () => {
        this.log.info('process-replaced', { kind: role });
      },
      () => undefined,
    );
  }

  private hear(worker: Worker, message: ToPrimary): void {
    if (message.kind === 'taken') {
      this.each((other) => {
        if (other.id !== worker.id) tell(other, message);
      });
    } else if (message.kind === 'metrics-wanted') {
      void this.metrics.clusterMetrics().then(
        (text) => {
          tell(worker, { kind: 'metrics', id: message.id, text });
        },
        // Somebody did not answer in time; who asked gives up by itself.
        () => undefined,
      );
    }
  }
}

function tell(worker: Worker, message: FromPrimary): void {
  // It may die between the question and the sending, which its exit tells.
  if (worker.isConnected()) worker.send(message, () => undefined);
}
