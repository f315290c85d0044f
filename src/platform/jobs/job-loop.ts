/**
 * Timed work of the worker role: each job runs again after its pause, never twice at once in this process, and, where
 * it asks for it, in one process only (advisory lock). Draining waits for the turn that runs.
 */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database';
import { isOutage } from '../database/outage';
import { Log } from '../logging/logger';

export interface Job {
  readonly name: string;
  readonly pauseMs: number;
  /** True: one process of all instances at a time. */
  readonly isExclusive: boolean;
  /** Returns true when there is more to do at once. */
  run(): Promise<boolean>;
}

@Injectable()
export class JobLoop implements OnApplicationShutdown {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly turns = new Set<Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  start(jobs: readonly Job[]): void {
    for (const job of jobs) this.schedule(job, 0);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.turns);
  }

  private schedule(job: Job, afterMs: number): void {
    if (this.isStopping) return;
    const timer = setTimeout(() => {
      const turn = this.turn(job).then((hasMore) => {
        this.turns.delete(turn);
        this.schedule(job, hasMore ? 0 : job.pauseMs);
      });
      this.turns.add(turn);
    }, afterMs);
    this.timers.set(job.name, timer);
  }

  private async turn(job: Job): Promise<boolean> {
    try {
      if (!job.isExclusive) return await job.run();
      return (await this.database.alone(`malipo.job.${job.name}`, () => job.run())) ?? false;
    } catch (fault) {
      // Without the stack: in an outage each job says so several times a second.
      if (isOutage(fault)) this.log.warn('job-postponed', { job: job.name, reason: String(fault) });
      else this.log.error('job-failed', { job: job.name, fault });
      return false;
    }
  }
}
