/**
 * One process at a time starts or stops the embedded database. The lock is a file with the pid of its holder and a
 * beat that changes every second: a dead pid is stolen at once, a pid that was given to a stranger after five silent seconds.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const beatMs = 1_000;
const silenceMs = 5_000;
const patienceMs = 10 * 60_000;

/** A zombie counts as alive here; callers ask more before they trust it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function codeOf(fault: unknown): string | undefined {
  return (fault as NodeJS.ErrnoException).code;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return undefined;
    throw fault;
  }
}

function create(path: string): boolean {
  try {
    writeFileSync(path, `${String(process.pid)} 0`, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (fault) {
    if (codeOf(fault) === 'EEXIST') return false;
    throw fault;
  }
}

/**
 * Moves the lock away instead of deleting it: of two thieves one moves the dead lock, and the other, who may have
 * moved the fresh lock of the first, sees so and puts it back.
 */
function steal(path: string, expected: string): void {
  const loot = `${path}.${String(process.pid)}`;
  try {
    renameSync(path, loot);
    if (readFileSync(loot, 'utf8') !== expected) linkSync(loot, path);
  } catch (fault) {
    if (codeOf(fault) !== 'ENOENT' && codeOf(fault) !== 'EEXIST') throw fault;
  } finally {
    rmSync(loot, { force: true });
  }
}

/** Waits for the lock and returns what releases it. Gives up after ten minutes with a sentence for the operator. */
export async function takeStartLock(path: string): Promise<() => void> {
  const giveUp = performance.now() + patienceMs;
  let seen: string | undefined;
  let seenAt = performance.now();
  while (!create(path)) {
    const content = contentOf(path);
    if (content !== seen) [seen, seenAt] = [content, performance.now()];
    const pid = Number.parseInt(content ?? '', 10);
    const isDead = pid > 0 && !isAlive(pid);
    if (content !== undefined && (isDead || performance.now() - seenAt > silenceMs)) {
      steal(path, content);
      continue;
    }
    if (performance.now() > giveUp) {
      throw new Error(
        `Process ${String(pid)} has been starting or stopping the embedded database for ten minutes (${path}): ` +
          `see server.log beside it, and end that process if it hangs.`,
      );
    }
    await pause(25);
  }
  let beat = 0;
  const pulse = setInterval(() => {
    try {
      // 'r+' does not create: a lock that was taken from a suspended process stays taken.
      writeFileSync(path, `${String(process.pid)} ${String(++beat)}`, { flag: 'r+' });
    } catch (fault) {
      if (codeOf(fault) !== 'ENOENT') throw fault;
    }
  }, beatMs);
  pulse.unref();
  return () => {
    clearInterval(pulse);
    rmSync(path, { force: true });
  };
}
