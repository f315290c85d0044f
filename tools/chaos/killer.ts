/**
 * Sends the signals, from a process of its own and at a time told beforehand, so that no event loop of the experiment
 * chooses the moment. It also ends what an experiment that was itself killed would leave behind.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Handlers, serve } from './remote';

export interface Strike {
  readonly afterMs: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM';
  /** A process, or the server of a data folder with all its children. */
  readonly target: { readonly pid: number } | { readonly dataDir: string };
}

export interface Struck {
  /** Nanoseconds of the machine's steady clock, which all processes share. */
  readonly at: string;
  readonly count: number;
}

export interface Guarded {
  readonly pids: readonly number[];
  readonly dataDir: string;
}

/** The pid of the server that runs on the embedded data of a DATA_DIR. */
function postmasterOf(dataDir: string): number | undefined {
  const path = join(dataDir, 'postgres/pg/postmaster.pid');
  if (!existsSync(path)) return undefined;
  const pid = Number(readFileSync(path, 'utf8').split('\n')[0]);
  return pid > 0 ? pid : undefined;
}

/** From /proc, which Linux has; elsewhere the server alone is struck, and its children end when they see it gone. */
function childrenOf(parent: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false; // It ended meanwhile.
      }
    })
    .map(Number);
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): number {
  return pids.filter((pid) => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false; // It ended meanwhile.
    }
  }).length;
}

function pidsOf(target: Strike['target']): number[] {
  if ('pid' in target) return [target.pid];
  const postmaster = postmasterOf(target.dataDir);
  return postmaster === undefined ? [] : [postmaster, ...childrenOf(postmaster)];
}

export function serveKiller(): void {
  let guarded: Guarded | null = null;
  serve(
    {
      guard: (what: Guarded | null) => {
        guarded = what;
        return Promise.resolve();
      },
      strike: async ({ afterMs, signal, target }: Strike): Promise<Struck> => {
        await pause(afterMs);
        const count = signalAll(pidsOf(target), signal);
        return { at: process.hrtime.bigint().toString(), count };
      },
    } satisfies Handlers,
    () => {
      if (!guarded) return;
      signalAll([...guarded.pids, ...pidsOf(guarded)], 'SIGKILL');
    },
  );
}
