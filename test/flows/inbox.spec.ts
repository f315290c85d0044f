/** Files that are laid into the watched folder: taken when they have come to rest, once, whole, and put away with a report. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ManageBankMappings } from '../../src/settlement/manage-bank-mappings';
import { TakeInbox } from '../../src/settlement/take-inbox';
import { TestGateway } from '../support/gateway';

const account = '0170100000011';
let gateway: TestGateway;
let psp: string;
let bank: string;

beforeAll(async () => {
  gateway = await TestGateway.start(undefined, { isIdle: true });
  await gateway.setClock('2026-11-26T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  psp = join(gateway.dataDir, 'inbox', 'PSP701');
  bank = join(gateway.dataDir, 'inbox', 'bank', account);
});

afterAll(() => gateway.stop());

/** One look; what lies there for the first time is only seen. */
const look = () => gateway.app.get(TakeInbox, { strict: false }).execute();

async function twoLooks(): Promise<number> {
  return (await look()) + (await look());
}

const header = 'transaction_id,control_number,amount,currency,paid_at\n';
const line = (id: string, day = '2026-11-24', amount = '500.00') =>
  `${id},991234567890,${amount},TZS,${day}T10:00:00\n`;

function listed(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

it('without a folder there is nothing to do', async () => {
  expect(await twoLooks()).toBe(0);
  expect(listed(join(gateway.dataDir, 'inbox'))).toEqual([]);
  mkdirSync(psp, { recursive: true });
  mkdirSync(bank, { recursive: true });
});

it('takes a file that has come to rest, of the day in its name, and writes what came of it', async () => {
  writeFileSync(join(psp, 'day-2026-11-24.csv'), header + line('A') + line('B'));
  expect(await look()).toBe(0);
  expect(await gateway.count('statement')).toBe(0);
  expect(await look()).toBe(1);
  expect(
    await gateway.count('statement', `business_day = '2026-11-24' and imported_by = 'inbox'`),
  ).toBe(1);
  expect(await gateway.count('statement_line')).toBe(2);
  expect(listed(psp)).toEqual(['done']);
  expect(listed(join(psp, 'done'))).toEqual([
    'day-2026-11-24.csv',
    'day-2026-11-24.csv.report.txt',
  ]);
  expect(readFileSync(join(psp, 'done', 'day-2026-11-24.csv.report.txt'), 'utf8')).toBe(
    'file: day-2026-11-24.csv\nImported as revision 1 of PSP701, 2026-11-24: 2 lines, TZS 1000.00.\n',
  );
});

it('the same file again, also under another name, changes nothing', async () => {
  const text = readFileSync(join(psp, 'done', 'day-2026-11-24.csv'));
  writeFileSync(join(psp, 'day-2026-11-24.csv'), text);
  writeFileSync(join(psp, 'again.csv'), text);
  expect(await twoLooks()).toBe(2);
  expect(await gateway.count('statement')).toBe(1);
  expect(listed(join(psp, 'done'))).toContain('day-2026-11-24 (2).csv');
  expect(readFileSync(join(psp, 'done', 'again.csv.report.txt'), 'utf8')).toContain(
    'Known already, nothing changed: PSP701, 2026-11-24',
  );
});

it('what is still being written is left until it rests, and what has a name of unfinished files for good', async () => {
  const path = join(psp, '20261125.csv');
  writeFileSync(path, header + line('C', '2026-11-25'));
  writeFileSync(join(psp, 'next.csv.part'), header);
  writeFileSync(join(psp, 'empty.csv'), '');
  await look();
  appendFileSync(path, line('D', '2026-11-25'));
  expect(await look()).toBe(0);
  expect(await gateway.count('statement', `business_day = '2026-11-25'`)).toBe(0);
  expect(await look()).toBe(1);
  expect(await gateway.count('statement_line')).toBe(4);
  expect(listed(psp)).toEqual(['done', 'empty.csv', 'next.csv.part']);
  writeFileSync(join(psp, 'next.csv.part'), header + line('E', '2026-11-23'));
  renameSync(join(psp, 'next.csv.part'), join(psp, 'next.csv'));
  expect(await twoLooks()).toBe(1);
  expect(await gateway.count('statement', `business_day = '2026-11-23'`)).toBe(1);
});

it('the day that most lines are of counts where the name has none; none or two are refused', async () => {
  writeFileSync(
    join(psp, 'most.csv'),
    header + line('F', '2026-11-21') + line('G', '2026-11-22') + line('H', '2026-11-22'),
  );
  writeFileSync(join(psp, 'both.csv'), header + line('I', '2026-11-19') + line('J', '2026-11-20'));
  expect(await twoLooks()).toBe(2);
  expect(await gateway.count('statement', `business_day = '2026-11-22'`)).toBe(1);
  expect(readFileSync(join(psp, 'failed', 'both.csv.report.txt'), 'utf8')).toContain(
    'neither the name nor the lines tell one day',
  );
});

it('of a file with faults nothing is imported; its report names every line, and there is an alarm', async () => {
  const before = await gateway.count('statement_line');
  writeFileSync(
    join(psp, '2026-11-26.csv'),
    header + line('K', '2026-11-26') + line('L', '2026-11-26', '5x'),
  );
  writeFileSync(join(psp, '2026-11-20.csv'), 'PK\x03\x04\x14\0\0');
  expect(await twoLooks()).toBe(2);
  expect(await gateway.count('statement_line')).toBe(before);
  expect(readFileSync(join(psp, 'failed', '2026-11-26.csv.report.txt'), 'utf8')).toMatch(
    /^file: 2026-11-26\.csv\nNothing was imported: a fault\.\nline 3, amount: /,
  );
  expect(
    await gateway.count(
      'alarm',
      `kind = 'inbox-failed' and subject = 'PSP701/2026-11-26.csv' and detail like '%line 3%'`,
    ),
  ).toBe(1);
});

it('links, folders and odd names are never opened', async () => {
  const outside = join(gateway.dataDir, 'outside.csv');
  writeFileSync(outside, header + line('M', '2026-11-18'));
  symlinkSync(outside, join(psp, '2026-11-18.csv'));
  mkdirSync(join(psp, 'folder'));
  writeFileSync(join(psp, '$(x) 2026-11-18.csv'), header + line('M', '2026-11-18'));
  symlinkSync(psp, join(gateway.dataDir, 'inbox', 'PSP702'));
  expect(await twoLooks()).toBe(3);
  expect(await gateway.count('statement', `business_day = '2026-11-18'`)).toBe(0);
  expect(readFileSync(outside, 'utf8')).toContain('M,');
  expect(readFileSync(join(psp, 'failed', '2026-11-18.csv.report.txt'), 'utf8')).toContain(
    'a link',
  );
  expect(readFileSync(join(psp, 'failed', 'folder.report.txt'), 'utf8')).toContain('a folder');
  expect(listed(join(psp, 'failed'))).toContain('x) 2026-11-18.csv.report.txt');
});

it('a file of a PSP that nobody knows is refused', async () => {
  const folder = join(gateway.dataDir, 'inbox', 'PSP999');
  mkdirSync(folder);
  writeFileSync(join(folder, '2026-11-24.csv'), header);
  expect(await twoLooks()).toBe(1);
  expect(readFileSync(join(folder, 'failed', '2026-11-24.csv.report.txt'), 'utf8')).toContain(
    'PSP999 is not an enrolled PSP',
  );
});

it('statements of a bank come the same way', async () => {
  const csv = 'booking_date,amount,reference\n2026-11-24,700.00,R1\n';
  writeFileSync(join(bank, 'first.csv'), csv);
  expect(await twoLooks()).toBe(1);
  expect(readFileSync(join(bank, 'failed', 'first.csv.report.txt'), 'utf8')).toContain(
    `account ${account} has no mapping`,
  );
  await gateway.app
    .get(ManageBankMappings, { strict: false })
    .set(account, { currency: 'TZS' }, 'test');
  writeFileSync(join(bank, 'first.csv'), csv);
  writeFileSync(join(bank, 'second.csv'), csv);
  expect(await twoLooks()).toBe(2);
  expect(await gateway.count('bank_entry')).toBe(1);
  expect(readFileSync(join(bank, 'done', 'first.csv.report.txt'), 'utf8')).toContain(
    '1 entries, credits 700.00, debits 0.00, imported',
  );
  expect(readFileSync(join(bank, 'done', 'second.csv.report.txt'), 'utf8')).toContain(
    'already-imported',
  );
});

it('what cannot be moved away is imported once, and said', async () => {
  const locked = join(gateway.dataDir, 'inbox', 'PSP701', 'done');
  renameSync(locked, join(gateway.dataDir, 'done-away'));
  writeFileSync(locked, 'no folder');
  writeFileSync(join(psp, '2026-11-17.csv'), header + line('N', '2026-11-17'));
  expect(await twoLooks()).toBe(0);
  expect(await look()).toBe(0);
  expect(await gateway.count('statement', `business_day = '2026-11-17'`)).toBe(1);
  expect(
    await gateway.count('alarm', `kind = 'inbox-failed' and detail like '%cannot be moved away%'`),
  ).toBe(1);
});
