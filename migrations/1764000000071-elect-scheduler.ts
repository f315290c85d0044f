/**
 * Who does the timed work that one process does at a time: its holder, until when, and a number that grows with every
 * change of holder, by which a holder that slept learns that it is none. Locks nothing. Back: `down` drops it.
 * Rule: architecture.md §2.10 (jobs), security-reliability §3.4 (leases expire).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ElectScheduler1764000000071 implements MigrationInterface {
  readonly name = 'ElectScheduler1764000000071';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table job_lease (
        name text primary key,
        token bigint not null,
        holder uuid not null,
        lease_until timestamptz not null
      )`);
    await runner.query(`select grant_to('malipo_system', 'select, insert, update', 'job_lease')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table job_lease`);
  }
}
