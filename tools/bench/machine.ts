/** The state of the machine that a figure was taken on, and CPU time by process, both as the kernel tells them. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fdatasyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './figures';

/** The output of a program, or undefined where it is missing or fails. */
export function outputOf(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

export function commitOf(root: string): string {
  const commit = outputOf('git', ['-C', root, 'rev-parse', '--short', 'HEAD'])?.trim();
  const changes = outputOf('git', ['-C', root, 'status', '--porcelain'])?.trim();
  return commit === undefined ? 'unknown' : changes ? `${commit}+changes` : commit;
}

const blockBytes = 8_192;
const syncs = 200;

/** Median microseconds of one 8 kB write and fdatasync in that folder. */
function syncMicroseconds(folder: string): number {
  const path = join(folder, 'sync-probe');
  const file = openSync(path, 'w');
  try {
    const block = Buffer.alloc(blockBytes, 1);
    const took = Array.from({ length: syncs }, (_, i) => {
      writeSync(file, block, 0, block.length, (i % 16) * blockBytes);
      const began = performance.now();
      fdatasyncSync(file);
      return (performance.now() - began) * 1_000;
    });
    return Math.round(median(took));
  } finally {
    closeSync(file);
    rmSync(path);
  }
}

export function describeMachine(
  folder: string,
  postgres: string,
): Readonly<Record<string, number | string>> {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadAverageAtStart: Number((loadavg()[0] ?? 0).toFixed(2)),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    nodeOpenssl: process.versions.openssl,
    openssl: outputOf('openssl', ['version'])?.trim() ?? 'not found',
    postgres,
    fdatasyncUs: syncMicroseconds(folder),
  };
}

const ticksPerSecond = 100;

interface ProcessTimes {
  readonly parent: number;
  readonly cpuMs: number;
  readonly endedCpuMs: number;
}

/** undefined where there is no /proc, and for a process that has ended. */
function timesOf(pid: number): ProcessTimes | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in brackets may hold blanks; the numbers stand after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ms = (first: number): number =>
      ((Number(fields[first]) + Number(fields[first + 1])) * 1_000) / ticksPerSecond;
    return { parent: Number(fields[1]), cpuMs: ms(11), endedCpuMs: ms(13) };
  } catch {
    return undefined;
  }
}

/** CPU milliseconds of a process and its living children, so far. */
export function cpuMsOf(pid: number): number {
  const own = timesOf(pid);
  if (own === undefined) return Number.NaN;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .reduce((sum, each) => sum + (each?.parent === pid ? each.cpuMs : 0), own.cpuMs);
}

/** CPU milliseconds of the children of a process that have ended, and of theirs. */
export function endedCpuMsOf(pid: number): number {
  return timesOf(pid)?.endedCpuMs ?? Number.NaN;
}

/** Resident megabytes of a process. */
export function residentMb(pid: number): number {
  return megabytesOf(pid, /VmRSS:\s+(\d+)/);
}

/** The most that a process ever had resident, in megabytes. */
export function peakResidentMb(pid: number): number {
  return megabytesOf(pid, /VmHWM:\s+(\d+)/);
}

function megabytesOf(pid: number, line: RegExp): number {
  try {
    const text = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return Math.round(Number(line.exec(text)?.[1] ?? Number.NaN) / 1_024);
  } catch {
    return Number.NaN;
  }
}
