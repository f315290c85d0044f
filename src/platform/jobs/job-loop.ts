/**
 * Timed work of the worker role: each job runs again after its pause, never twice at once in this process, and, where
 * it asks for it, in one process only (advisory lock). Draining waits for the turn that runs.
 */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
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
    private readonly source: DataSource,
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
      return job.isExclusive ? await this.alone(job) : await job.run();
    } catch (fault) {
      this.log.error('job-failed', { job: job.name, fault });
      return false;
    }
  }

  private async alone(job: Job): Promise<boolean> {
    const runner = this.source.createQueryRunner();
    try {
      const [row] = (await runner.query(`select pg_try_advisory_lock(hashtext($1)) as taken`, [
        `malipo.job.${job.name}`,
      ])) as { taken: boolean }[];
      if (row?.taken !== true) return false;
      try {
        return await job.run();
      } finally {
        await runner.query(`select pg_advisory_unlock(hashtext($1))`, [`malipo.job.${job.name}`]);
      }
    } finally {
      await runner.release();
    }
  }
}
