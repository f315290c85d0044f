/**
 * Page figures: how long each page of the console takes with large books, and how much travels. The time is that of one
 * request after the other over a connection that is kept, from the first byte sent to the last one received, so it bounds
 * the server's own from above. What travels is counted as a browser with an empty cache would: the page and the assets
 * that it names, as they are compressed; there are no fonts. Beside the time stands the CPU that server and database spent,
 * which says on a busy machine what the time would be on a quiet one. Targets: 150 ms and 100 kB.
 */
import { join } from 'node:path';
import { Pool } from 'undici';
import { createApp } from '../../src/app';
import { projectRoot } from '../../src/installation';
import { type Action, actions, mayDo, type Role } from '../../src/officers/permission.rules';
import { buildConfig } from '../../src/platform/config/config';
import { Secrets } from '../../src/platform/config/secrets';
import { type ConsoleRoute, consoleRoutes } from '../console-routes';
import { sampleKeystore } from '../sandbox/sample-keys';
import { ServerProcess } from './child';
import { atMost, type Tally } from './figures';
import type { Plan } from './intake/plan';
import { environmentFor, seedBooks } from './intake/setting';
import { cpuMsOf, describeMachine } from './machine';
import { addressesOf, institutionPages, noPages } from './pages/addresses';
import { closeDays, officerWith, reconcileDays, seedOpenBills } from './pages/books';
import { controlNumberKey, Ground, spCode } from './stage/ground';

const fullCount = 1_000_000;
const quickCount = 10_000;
const days = 50;
const rounds = 7;
const limitMs = 150;
const limitKilobytes = 100;

/** A page is asked for by the first of them who may see it. */
const askers: readonly Role[] = ['treasury-officer', 'auditor', 'administrator'];
const institutionOfficer: Role = 'institution-officer';

interface Measured {
  readonly name: string;
  readonly address: string;
  readonly cookie: string;
}

async function prepare(ground: Ground, count: number, say: (line: string) => void) {
  await ground.seed(async (db) => {
    await seedBooks(db, count, days);
    await seedOpenBills(db, count / 20);
    await db.query('vacuum analyze');
  });
  const app = await createApp({
    config: buildConfig({ LOG_LEVEL: 'silent', SANDBOX: 'true', ROLE: 'http' }, projectRoot),
    secrets: new Secrets(sampleKeystore('gateway'), controlNumberKey),
    databaseUrl: ground.urlOf('seeded'),
    databaseRole: ground.role,
  });
  try {
    await app.init();
    const tokens = new Map<Role, string>();
    for (const role of [...askers, 'treasury-approver'] as const)
      tokens.set(role, await officerWith(app, role));
    tokens.set(institutionOfficer, await officerWith(app, institutionOfficer, spCode));
    say('reconciling the days');
    await ground.seed(async (db) => {
      await reconcileDays(app, db, say);
      say('closing them');
      await closeDays(app, db);
      await db.query('vacuum analyze');
    });
    return { routes: consoleRoutes(app), tokens };
  } finally {
    await app.close();
  }
}

const isAction = (text: string | undefined): text is Action =>
  (actions as readonly (string | undefined)[]).includes(text);

function askerOf({ allowed }: ConsoleRoute): Role | undefined {
  if (!isAction(allowed)) return askers[0];
  return askers.find((role) => mayDo(role, allowed));
}

/** A page that nobody gave an address is said to be missing, and never silently left out. */
async function pagesOf(
  ground: Ground,
  tally: Tally,
  { routes, tokens }: Awaited<ReturnType<typeof prepare>>,
): Promise<readonly Measured[]> {
  const known = await ground.seed(addressesOf);
  const cookieOf = (role: Role): string => `malipo=${tokens.get(role) ?? ''}`;
  const pages = routes
    .filter(({ method, path }) => method === 'GET' && !noPages.includes(path))
    .flatMap((route): Measured[] => {
      const addresses = known[route.path] ?? (route.path.includes(':') ? [] : [route.path]);
      const role = askerOf(route);
      if (addresses.length === 0 || role === undefined)
        tally.skip(route.path, 'the books of this bench hold nothing for it.');
      return addresses.map((address) => ({
        name: named(address),
        address,
        cookie: role === undefined ? '' : cookieOf(role),
      }));
    });
  const own = institutionPages.map((address) => ({
    name: `${named(address)} (institution)`,
    address,
    cookie: cookieOf(institutionOfficer),
  }));
  return [...pages, ...own];
}

/** Without the console's folder, and without ids that differ from run to run. */
function named(address: string): string {
  return decodeURIComponent(address)
    .replace(/^\/console\/?/, '')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…')
    .replace(/^(?=\?|$)/, 'overview');
}

async function fetched(pool: Pool, address: string, cookie: string) {
  const began = performance.now();
  const { statusCode, body } = await pool.request({
    method: 'GET',
    path: address,
    headers: { cookie, 'accept-encoding': 'gzip' },
  });
  const bytes = Buffer.from(await body.arrayBuffer());
  return { statusCode, bytes, ms: performance.now() - began };
}

/** Kilobytes of all that the pages load beside themselves: the same for each, once. */
async function assetKilobytes(pool: Pool, cookie: string): Promise<number> {
  const { body } = await pool.request({ method: 'GET', path: '/console', headers: { cookie } });
  const html = await body.text();
  const paths = [...html.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  const [script = ''] = paths.filter((path) => path.endsWith('.js'));
  let size = 0;
  for (const path of [...paths, script.replace(/[^/]+$/, 'govuk.js')]) {
    const { statusCode, bytes } = await fetched(pool, path, cookie);
    if (statusCode !== 200) throw new Error(`${path} answered ${String(statusCode)}`);
    size += bytes.length;
  }
  return size / 1_000;
}

async function measure(
  pool: Pool,
  tally: Tally,
  pages: readonly Measured[],
  /** CPU milliseconds of server and database until now. */
  cpu: () => number,
  say: (line: string) => void,
): Promise<void> {
  const assets = await assetKilobytes(pool, pages[0]?.cookie ?? '');
  const failed = new Set<string>();
  const spent = new Map<string, number>();
  let largest = { kilobytes: 0, page: '' };
  for (let round = 1; round <= rounds; round++) {
    say(`round ${String(round)} of ${String(rounds)}`);
    for (const { name, address, cookie } of pages.filter((each) => !failed.has(each.name))) {
      const before = cpu();
      const { statusCode, bytes, ms } = await fetched(pool, address, cookie);
      spent.set(name, (spent.get(name) ?? 0) + cpu() - before);
      if (statusCode !== 200) {
        failed.add(name);
        tally.skip(name, `it answered ${String(statusCode)} after ${ms.toFixed(0)} ms.`);
        continue;
      }
      const kilobytes = bytes.length / 1_000;
      if (kilobytes > largest.kilobytes) largest = { kilobytes, page: name };
      tally.add(name, ms, 'ms', {
        targets: [atMost('value', limitMs)],
        detail: {
          kB: Number(kilobytes.toFixed(1)),
          cpuMs: Math.round((spent.get(name) ?? 0) / round),
        },
      });
    }
  }
  tally.add('assets of all pages', assets, 'kB');
  tally.add('largest page with the assets, nothing kept', assets + largest.kilobytes, 'kB', {
    targets: [atMost('value', limitKilobytes)],
    detail: { page: largest.page },
  });
}

export async function measurePages(
  tally: Tally,
  plan: Plan,
  say: (line: string) => void,
  stopping: AbortSignal,
): Promise<Readonly<Record<string, number | string>>> {
  const ground = await Ground.open(4_790);
  const close = (): void => void ground.close();
  stopping.addEventListener('abort', close);
  try {
    const count = plan.size > 0 ? plan.size : plan.isQuick ? quickCount : fullCount;
    say(`seeding ${String(count)} bills and payments over ${String(days)} days`);
    const prepared = await prepare(ground, count, say);
    const pages = await pagesOf(ground, tally, prepared);
    const machine = describeMachine(ground.folder, await ground.version());
    const server = await ServerProcess.start(
      'src/main.js',
      { ...environmentFor(ground, 'seeded', 'http'), LOG_LEVEL: 'warn' },
      join(ground.folder, 'server.log'),
    );
    const pool = new Pool(`http://127.0.0.1:${String(server.port)}`, { connections: 1 });
    try {
      const cpu = (): number => cpuMsOf(server.pid) + cpuMsOf(ground.postgresPid);
      await measure(pool, tally, pages, cpu, say);
    } finally {
      await pool.close();
      await server.stop();
    }
    return { ...machine, payments: count };
  } finally {
    stopping.removeEventListener('abort', close);
    await ground.close();
  }
}
