/**
 * An import or a run that is cut at any point leaves all or nothing: the process is killed, or its connection is, while the
 * file is read, its rows are written, its postings, its audit event. The next attempt succeeds, and is whole.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../src/installation';
import { type BusinessDay, parseBusinessDay } from '../../src/kernel/business-day';
import {
  type EmbeddedServer,
  startEmbeddedDatabase,
} from '../../src/platform/database/embedded-database';
import { migrate } from '../../src/platform/database/migrate';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { ManageBankMappings } from '../../src/settlement/manage-bank-mappings';
import { TestGateway } from '../support/gateway';
import { endOf, gone, HeldTable, startCommand } from '../support/stopped-work';

jest.setTimeout(180_000);

const account = '0170100000011';
const lineCount = 30_000;
const day = parseBusinessDay('2026-11-24');

let gateway: TestGateway;
let folder: string;
let server: EmbeddedServer;
let dayFile: string;
let bankFile: string;
const tables = [
  'statement',
  'statement_line',
  'reconciliation_run',
  'discrepancy',
  'bank_statement',
  'bank_entry',
  'ledger_entry',
  'posting',
  'audit_event',
];

/** How many rows there are of everything that an import or a run writes. */
async function rows(): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const table of tables) counts.push(await gateway.count(table));
  return counts;
}

function dayText(count: number): string {
  const header = 'transaction_id,control_number,amount,currency,paid_at\n';
  return Array.from({ length: count }).reduce<string>(
    (text, _each, i) =>
      `${text}T${String(i)},99${String(i).padStart(10, '0')},500.00,TZS,2026-11-24T10:00:00\n`,
    header,
  );
}

beforeAll(async () => {
  execFileSync(process.execPath, ['tools/prepare.mjs'], { cwd: projectRoot });
  // A command serves only a server that keeps what it acknowledged, which the server of the other specs does not.
  folder = mkdtempSync(join(tmpdir(), 'malipo-crash-'));
  chmodSync(folder, 0o755);
  server = await startEmbeddedDatabase({ dataDir: folder });
  await migrate(server.url);
  const database = { url: server.url, drop: () => server.stop() };
  gateway = await TestGateway.start(
    { database, controlNumberKey: randomBytes(32) },
    { isIdle: true },
  );
  await gateway.setClock('2026-11-26T08:00:00Z');
  for (const code of ['SP70101', 'PSP701']) await gateway.party(code);
  await gateway.app
    .get(ManageBankMappings, { strict: false })
    .set(account, { currency: 'TZS' }, 'test');
  dayFile = join(gateway.dataDir, 'day.csv');
  bankFile = join(gateway.dataDir, 'bank.csv');
  writeFileSync(dayFile, dayText(lineCount));
  const entries = Array.from(
    { length: lineCount },
    (_each, i) => `2026-11-24,1.00,R${String(i)}\n`,
  );
  writeFileSync(bankFile, `booking_date,amount,reference\n${entries.join('')}`);
});

afterAll(async () => {
  await gateway.stop();
  rmSync(realpathSync(join(folder, 'postgres')), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

const ofDay = (file: string) => [
  'import-statement',
  '--psp',
  'PSP701',
  '--day',
  day,
  '--file',
  file,
];
const ofBank = () => ['import-statement', '--account', account, '--file', bankFile];

async function importedHere(of: BusinessDay, open: () => AsyncIterable<Buffer>): Promise<string> {
  const { kind } = await gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode: 'PSP701',
    day: of,
    fileName: 'day.csv',
    open,
    importedBy: 'test',
    isDryRun: false,
  });
  return kind;
}

async function killAt(table: string, words: readonly string[]): Promise<void> {
  const held = await HeldTable.hold(gateway, table);
  const child = startCommand(gateway, ...words);
  const end = endOf(child);
  const pid = await held.waiting();
  child.kill('SIGKILL');
  expect((await end).code).toBeNull();
  await held.letGo();
  await gone(gateway, pid);
}

it('a process that is killed while it reads a file has imported nothing of it', async () => {
  const before = await rows();
  const pipe = join(gateway.dataDir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const child = startCommand(gateway, ...ofDay(pipe));
  const end = endOf(child);
  const writer = createWriteStream(pipe);
  writer.on('error', () => undefined);
  writer.write(dayText(20_000));
  const copied = async () => {
    const { rows: found } = await gateway.db.query<{ pid: number }>(
      `select pid from pg_stat_progress_copy where tuples_processed > 5000 and datname = current_database()`,
    );
    return found[0]?.pid;
  };
  let pid = await copied();
  while (pid === undefined) {
    if (child.exitCode !== null) throw new Error((await end).said);
    await pause(20);
    pid = await copied();
  }
  child.kill('SIGKILL');
  await end;
  writer.destroy();
  await gone(gateway, pid);
  expect(await rows()).toEqual(before);
});

it.each(['statement_line', 'audit_event'])(
  'a process that is killed when it comes to %s has imported nothing of a day statement',
  async (table) => {
    const before = await rows();
    await killAt(table, ofDay(dayFile));
    expect(await rows()).toEqual(before);
  },
);

it('a connection that ends is an error in one sentence, and nothing is imported', async () => {
  const before = await rows();
  const held = await HeldTable.hold(gateway, 'statement_line');
  const end = endOf(startCommand(gateway, ...ofDay(dayFile)));
  const pid = await held.waiting();
  await gateway.db.query(`select pg_terminate_backend($1)`, [pid]);
  const { code, said } = await end;
  expect([code, said.trim().split('\n').length]).toEqual([1, 1]);
  await held.letGo();
  expect(await rows()).toEqual(before);
});

it('the next import succeeds and is whole, and another changes nothing', async () => {
  expect(await endOf(startCommand(gateway, ...ofDay(dayFile)))).toMatchObject({
    code: 0,
    said: expect.stringContaining('Imported revision 1: 30000 lines') as string,
  });
  expect(await gateway.count('statement_line')).toBe(lineCount);
  const again = () => createReadStream(dayFile) as AsyncIterable<Buffer>;
  expect(await importedHere(day, again)).toBe('already-imported');
});

it('a run of reconciliation that is killed leaves nothing, and the next one is whole', async () => {
  const next = parseBusinessDay('2026-11-25');
  const text = dayText(2_000).replaceAll(day, next);
  expect(await importedHere(next, () => Readable.from([Buffer.from(text)]))).toBe('imported');
  const before = await rows();
  await killAt('discrepancy', ['reconcile', '--day', next]);
  expect(await rows()).toEqual(before);
  const [run] = await gateway.app.get(RunReconciliation, { strict: false }).execute(next);
  expect(run).toMatchObject({ pspCode: 'PSP701', lineCount: 2_000, matchCount: 0 });
  expect(await gateway.count('discrepancy')).toBe(2_000);
});

it.each(['bank_entry', 'posting'])(
  "a process that is killed when it comes to %s has imported nothing of a bank's statement",
  async (table) => {
    const before = await rows();
    await killAt(table, ofBank());
    expect(await rows()).toEqual(before);
  },
);

it("the next import of the bank's statement is whole, and its postings are its sum", async () => {
  expect(await endOf(startCommand(gateway, ...ofBank()))).toMatchObject({ code: 0 });
  expect(await gateway.count('bank_entry')).toBe(lineCount);
  const { rows: sums } = await gateway.db.query<{ sum: string }>(
    `select sum(p.debit_minor - p.credit_minor)::text as sum
       from posting p join ledger_account a on a.id = p.account_id where a.name = $1`,
    [`collection:${account}`],
  );
  expect(sums).toEqual([{ sum: String(lineCount * 100) }]);
});
