/**
 * Timed work of the worker role: each job runs again after its pause, never twice at once in this process, and, where
 * it asks for it, in one process of all only: the one that holds the lease. The lease lasts ten seconds and is renewed
 * while the process lives. A process that slept through its end finds out at its next commit, which fails: every
 * transaction of an exclusive job ends by looking at the lease's token (fencing). Draining waits for the turn that runs.
 */
import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database, type Tx } from '../database/database';
import { isOutage } from '../database/outage';
import { Log } from '../logging/logger';
import { JobLeaseStore } from './job-lease.store';

export interface Job {
  readonly name: string;
  readonly pauseMs: number;
  /** True: one process of all instances at a time. */
  readonly isExclusive: boolean;
  /** Returns true when there is more to do at once. */
  run(): Promise<boolean>;
}

const lease = { name: 'timed-work', seconds: 10, renewMs: 3_000 } as const;

/** Somebody else does the timed work by now; what this process began must not be kept. */
class LeaseLost extends Error {}

@Injectable()
export class JobLoop implements OnApplicationShutdown {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly turns = new Set<Promise<void>>();
  private readonly holder = randomUUID();
  private held: { readonly token: bigint; readonly atMs: number } | undefined;
  private asking: Promise<bigint | undefined> | undefined;
  private renewal: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly leases: JobLeaseStore,
    private readonly log: Log,
  ) {}

  start(jobs: readonly Job[]): void {
    for (const job of jobs) this.schedule(job, 0);
    this.renewal = setInterval(() => {
      if (this.held !== undefined) this.ask().catch(() => undefined);
    }, lease.renewMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.renewal);
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.turns);
    // The next process need not wait for the end of the lease; where it cannot be told, it waits.
    if (this.held !== undefined)
      await this.database
        .transaction((tx) => this.leases.giveUp(tx, lease.name, this.holder))
        .catch(() => undefined);
  }

  private schedule(job: Job, afterMs: number): void {
    if (this.isStopping) return;
    const timer = setTimeout(() => {
      const turn = this.turn(job).then((afterMs) => {
        this.turns.delete(turn);
        this.schedule(job, afterMs);
      });
      this.turns.add(turn);
    }, afterMs);
    this.timers.set(job.name, timer);
  }

  /** How long to wait for the next turn. */
  private async turn(job: Job): Promise<number> {
    try {
      if (!job.isExclusive) return (await job.run()) ? 0 : job.pauseMs;
      const token = await this.token();
      // A holder that was killed is followed within the lease, and not after the pause of a job, which may be an hour.
      if (token === undefined) return Math.min(job.pauseMs, lease.renewMs);
      return (await this.exclusively(job, token)) ? 0 : job.pauseMs;
    } catch (fault) {
      // Without the stack: in an outage each job says so several times a second.
      if (isOutage(fault) || fault instanceof LeaseLost)
        this.log.warn('job-postponed', { job: job.name, reason: String(fault) });
      else this.log.error('job-failed', { job: job.name, fault });
      return job.pauseMs;
    }
  }

  private async exclusively(job: Job, token: bigint): Promise<boolean> {
    const guard = async (tx: Tx): Promise<void> => {
      if (!(await this.leases.isLast(tx, lease.name, token)))
        throw new LeaseLost('another process does the timed work');
    };
    return this.database.guarded(guard, () => job.run());
  }

  /** Undefined where another process holds the lease. The clock of the loop goes on while the process sleeps. */
  private async token(): Promise<bigint | undefined> {
    if (this.held !== undefined && performance.now() - this.held.atMs < 2 * lease.renewMs)
      return this.held.token;
    return this.ask();
  }

  private ask(): Promise<bigint | undefined> {
    this.asking ??= this.database
      .transaction((tx) =>
        this.leases.take(tx, lease.name, { holder: this.holder, seconds: lease.seconds }),
      )
      .then((token) => {
        this.held = token === undefined ? undefined : { token, atMs: performance.now() };
        return token;
      })
      .finally(() => (this.asking = undefined));
    return this.asking;
  }
}
