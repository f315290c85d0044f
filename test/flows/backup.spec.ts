/**
 * A backup taken beside a running gateway, restored into an empty database: the same rows, the same balances, sound books,
 * and a gateway that goes on from there. What is damaged, newer or in the way is refused before anything is written.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { TrialBalance } from '../../src/ledger/trial-balance';
import { parseBusinessDay } from '../../src/kernel/business-day';
import type { Manifest } from '../../src/platform/database/backup/manifest.rules';
import { restoreBackup } from '../../src/platform/database/backup/restore-backup';
import { SealAudit } from '../../src/platform/audit/seal-audit';
import { writeBackup } from '../../src/platform/database/backup/write-backup';
import { RunDueSettlement } from '../../src/settlement/run-due-settlement';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { createEmptyDatabase, type TestDatabase } from '../support/database';
import { TestGateway } from '../support/gateway';

const now = '2026-11-24T10:00:00';
const today = parseBusinessDay('2026-11-24');
const empties: TestDatabase[] = [];
let folders: string;
let backup: string;
let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  empties.push(database);
  return database;
}

async function rowsOf<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url, options: '-c TimeZone=UTC' });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const isOurs = `relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`;

/**
 * One digest over all rows of each table, whatever their order on disk. A partitioned table is read whole: a restored
 * database has a partition for each month of its rows, where this one, whose clock was set back, may use the default one.
 * The lease of the timed work is left out: its holder renews it while this reads.
 */
async function digestsOf(url: string): Promise<Record<string, string>> {
  const tables = await rowsOf<{ name: string }>(
    url,
    `select relname as name from pg_class where ${isOurs} and not relispartition and relname not in ('migrations', 'job_lease') order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await rowsOf<{ digest: string }>(
      url,
      `select count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from "${name}" t`,
    );
    digests[name] = row?.digest ?? '';
  }
  return digests;
}

async function submit(url: string, billId: string): Promise<string> {
  const ack = await submitBills(hospital, url, [
    {
      billId,
      amount: '500.00',
      option: '2',
      generatedAt: now,
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '500.00' }],
    },
  ]);
  expect(ack.code).toBe('7101');
  const { root } = await hospital.waitFor(
    'gepgBillSubResp',
    (answer) => textOf(answer, 'BillId') === billId,
  );
  return textOf(root, 'PayCntrNum');
}

const payment = (transactionId: string, controlNumber: string, amount = '200.00') => ({
  transactionId,
  controlNumber,
  amount,
  paidAt: now,
  resultUrl: 'http://127.0.0.1:1/',
});

/** A copy of the backup with one thing changed. */
function altered(change: (folder: string) => void): string {
  const folder = mkdtempSync(join(folders, 'altered-'));
  cpSync(backup, folder, { recursive: true });
  change(folder);
  return folder;
}

function alterManifest(folder: string, change: (manifest: Manifest) => object): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  writeFileSync(path, JSON.stringify({ ...manifest, ...change(manifest) }));
}

beforeAll(async () => {
  folders = mkdtempSync(join(tmpdir(), 'malipo-backup-'));
  backup = join(folders, 'backup');
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
  const operator = await gateway.party('PSP703');
  const controlNumber = await submit(gateway.url, 'K-1');
  expect((await pay(bank, gateway.url, payment('K-1', controlNumber))).code).toBe('7101');
  expect((await pay(bank, gateway.url, payment('K-2', controlNumber))).code).toBe('7101');
  expect((await pay(operator, gateway.url, payment('K-3', '997011234567'))).code).toBe('7101');
  await gateway.settled();
  // What jobs would still write is written now, so that the gateway keeps still after the backup.
  await gateway.app.get(RunDueSettlement, { strict: false }).execute();
  await gateway.sealed();
  await gateway.app.get(SealAudit, { strict: false }).execute();
  await writeBackup(gateway.databaseUrl, backup);
});

afterAll(async () => {
  await gateway.stop();
  for (const database of empties) await database.drop();
  rmSync(folders, { recursive: true, force: true });
});

it('brings back every row, the balances and sound books, and a gateway goes on from there', async () => {
  const target = await emptyDatabase();
  const summary = await restoreBackup(target.url, backup);
  const digests = await digestsOf(gateway.databaseUrl);
  expect(await digestsOf(target.url)).toEqual(digests);
  expect(Object.keys(digests)).toContain('payment');
  expect(summary.rows).toBeGreaterThan(40);

  const copy = await TestGateway.start({
    database: target,
    controlNumberKey: gateway.controlNumberKey,
  });
  try {
    const balance = (of: TestGateway) => of.app.get(TrialBalance, { strict: false }).execute(today);
    expect(await balance(copy)).toEqual(await balance(gateway));

    const [first] = await rowsOf<{ number: string }>(
      target.url,
      `select control_number as number from bill where sp_bill_id = 'K-1'`,
    );
    const repeat = await pay(bank, copy.url, payment('K-1', first?.number ?? ''));
    expect(repeat.code).toBe('7101');
    expect(await copy.count('payment')).toBe(3);
    const fresh = await submit(copy.url, 'K-4');
    expect(fresh).not.toBe(first?.number);
    expect((await pay(bank, copy.url, payment('K-4', fresh))).code).toBe('7101');
    expect(await copy.count('payment')).toBe(4);
    await expect(copy.db.query(`delete from payment`)).rejects.toThrow('append-only');
    await copy.settled();
  } finally {
    // Ends with the check of its books, as every gateway of a spec.
    await copy.stop();
  }
});

it.each<[code: string, what: string, change: (folder: string) => void]>([
  [
    'backup.damaged',
    'a changed byte',
    (folder) => {
      const path = join(folder, 'payment.copy.gz');
      const bytes = readFileSync(path);
      bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
      writeFileSync(path, bytes);
    },
  ],
  [
    'backup.damaged',
    'a file cut short',
    (folder) => {
      const path = join(folder, 'bill.copy.gz');
      writeFileSync(path, readFileSync(path).subarray(0, -1));
    },
  ],
  [
    'backup.damaged',
    'a missing file',
    (folder) => {
      rmSync(join(folder, 'posting.copy.gz'));
    },
  ],
  [
    'backup.damaged',
    'fewer rows than it names, with digests made anew',
    (folder) => {
      const bytes = gzipSync('');
      writeFileSync(join(folder, 'delivery_attempt.copy.gz'), bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      alterManifest(folder, ({ tables }) => ({
        tables: tables.map((table) =>
          table.name === 'delivery_attempt' ? { ...table, sha256, bytes: bytes.length } : table,
        ),
      }));
    },
  ],
  [
    'backup.damaged',
    'a table less than its schema',
    (folder) => {
      alterManifest(folder, ({ tables }) => ({
        tables: tables.filter(({ name }) => name !== 'alarm'),
      }));
    },
  ],
  [
    'backup.newer',
    'a migration that this program does not have',
    (folder) => {
      alterManifest(folder, ({ migrations }) => ({ migrations: [...migrations, 'Later99'] }));
    },
  ],
  [
    'backup.manifest-malformed',
    'half a manifest',
    (folder) => {
      const path = join(folder, 'manifest.json');
      writeFileSync(path, readFileSync(path, 'utf8').slice(0, 300));
    },
  ],
  [
    'backup.unreadable',
    'no manifest',
    (folder) => {
      rmSync(join(folder, 'manifest.json'));
    },
  ],
])('refuses with %s a backup with %s, and writes nothing', async (code, _what, change) => {
  const target = await emptyDatabase();
  await expect(restoreBackup(target.url, altered(change))).rejects.toMatchObject({ code });
  expect(await rowsOf(target.url, `select 1 from pg_class where ${isOurs}`)).toEqual([]);
});

it('refuses a database that is not empty, a folder that exists, and a database without a gateway', async () => {
  await expect(restoreBackup(gateway.databaseUrl, backup)).rejects.toMatchObject({
    code: 'backup.target-not-empty',
  });
  await expect(writeBackup(gateway.databaseUrl, backup)).rejects.toMatchObject({
    code: 'backup.exists',
  });
  const { url } = await emptyDatabase();
  await expect(writeBackup(url, join(folders, 'nothing'))).rejects.toMatchObject({
    code: 'backup.nothing',
  });
  expect(readdirSync(folders).filter((name) => name.startsWith('nothing'))).toEqual([]);
});
