/** One gateway per DATA_DIR: a file with the process id, taken over when that process is gone. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as { code?: string }).code === 'EPERM';
  }
}

/** Faults with a sentence when another gateway runs on the folder. Returns the release. */
export function takeGatewayLock(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'gateway.lock');
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => {
        rmSync(path, { force: true });
      };
    } catch (fault) {
      if ((fault as { code?: string }).code !== 'EEXIST') throw fault;
    }
    const holder = Number(readFileSync(path, 'utf8'));
    if (holder > 0 && holder !== process.pid && isAlive(holder)) {
      throw new Error(
        `a gateway already runs on ${dataDir} (process ${String(holder)}); stop it, or set DATA_DIR and PORT for a second one`,
      );
    }
    rmSync(path, { force: true });
  }
}
