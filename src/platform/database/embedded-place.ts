/**
 * Where the embedded PostgreSQL lives and which account runs it. PostgreSQL refuses to run as root, so root lends it
 * an unprivileged account; then the folder must be one that this account can reach (toolchain.md §8).
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The account lent to PostgreSQL; undefined where the gateway itself is unprivileged and PostgreSQL runs as it. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

export interface Place {
  /** Real path; readable to the account: `pg/`, `start.lock`, `server.log`. */
  readonly base: string;
  /** `<base>/pg`: the data, 0700. */
  readonly data: string;
  readonly account: Account;
}

/** Entries are read from the file, since Node offers no look-up by name. */
function accountNamed(name: string): Account {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[0] === name);
  return entry && { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 };
}

/** The owner of data that exist goes first: PostgreSQL refuses data of anybody else. */
function accountFor(data: string): Account {
  const self = process.getuid?.();
  const owner = existsSync(data) ? statSync(data) : undefined;
  if (self !== 0) {
    if (self !== undefined && owner && owner.uid !== self) {
      throw new Error(
        `The database in ${data} belongs to user id ${String(owner.uid)}, but this process runs as user id ${String(self)}: ` +
          `start it as the owner or as root.`,
      );
    }
    return undefined;
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = accountNamed('postgres') ?? accountNamed('nobody');
  if (!account) {
    throw new Error(
      'PostgreSQL does not run as root, and this machine has no account "postgres" or "nobody" to run it as: ' +
        'create one, or start the gateway as an ordinary user.',
    );
  }
  return account;
}

/** The first folder on the way to `path` (itself included) that the account may not pass; undefined if it may all. */
export function obstacle(path: string, account: Account): string | undefined {
  if (!account) return undefined;
  const parent = dirname(path);
  const above = parent === path ? undefined : obstacle(parent, account);
  if (above !== undefined) return above;
  const { uid, gid, mode } = statSync(path);
  const needed = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & needed) === 0 ? path : undefined;
}

/**
 * Below a private folder (such as a project in the home of root) the data go to /var/lib, and a link in DATA_DIR says
 * where: they stay findable, outlive a restart, and go out of use when DATA_DIR is deleted.
 */
function createElsewhere(link: string): void {
  mkdirSync('/var/lib', { recursive: true });
  const folder = mkdtempSync('/var/lib/malipo-');
  try {
    symlinkSync(folder, link);
  } catch (fault) {
    rmdirSync(folder);
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Finds or makes the place below `dataDir`. Throws a sentence for the operator where that cannot work. */
export function preparePlace(dataDir: string): Place {
  mkdirSync(dataDir, { recursive: true });
  const wanted = join(realpathSync(dataDir), 'postgres');
  const account = accountFor(join(wanted, 'pg'));
  if (!isThere(wanted)) {
    if (obstacle(dirname(wanted), account)) createElsewhere(wanted);
    else mkdirSync(wanted, { recursive: true });
  }
  if (!existsSync(wanted)) {
    throw new Error(
      `${wanted} is a link to a folder that is gone: bring the folder back, or delete the link to begin anew.`,
    );
  }
  const base = realpathSync(wanted);
  const blocked = obstacle(dirname(base), account);
  if (blocked !== undefined) {
    throw new Error(
      `PostgreSQL runs as user id ${String(account?.uid)}, which may not pass through ${blocked} to its data in ${base}: ` +
        `run "chmod o+x ${blocked}", or move the data.`,
    );
  }
  if (account) chownSync(base, account.uid, account.gid);
  chmodSync(base, 0o755);
  return { base, data: join(base, 'pg'), account };
}
