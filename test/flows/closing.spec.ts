/** The close of a day: the list of conditions, two officers, the seal, and that nothing changes afterwards unseen. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type DayCheck } from '../../src/closing/day-check.rules';
import { CloseDay } from '../../src/closing/close-day';
import { InstitutionSettlement } from '../../src/closing/institution-settlement';
import { VerifyDay } from '../../src/closing/verify-day';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunDueDays } from '../../src/reconciliation/run-due-days';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { registerClosingCommands } from '../../src/cli/closing.commands';
import { runCommand } from '../support/command';
import { brokenInvariants } from '../support/books';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

const day = parseBusinessDay('2026-11-24');
const next = parseBusinessDay('2026-11-25');
const now = '2026-11-24T10:00:00';
const asker = 'amina.officer';
const decider = 'baraka.approver';
let gateway: TestGateway;
let books: Books;
let number = '';

const closing = () => books.use(CloseDay);

async function unmet(): Promise<readonly string[]> {
  const { checks } = await closing().outlook(day);
  return checks.filter((check: DayCheck) => !check.isMet).map(({ name }) => name);
}

const header = 'transaction_id,control_number,amount,currency,paid_at';

function importLines(...lines: readonly string[]) {
  return books.use(ImportStatement).execute({
    pspCode: 'PSP701',
    day,
    fileName: 'day.csv',
    open: () => Readable.from([Buffer.from([header, ...lines, ''].join('\n'))]),
    importedBy: 'test',
    isDryRun: false,
  });
}

const line = (id: string, amount = '1000.00') => `${id},${number},${amount},TZS,${now}`;

beforeAll(async () => {
  gateway = await TestGateway.start();
  books = new Books(gateway);
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  await makeOfficer(gateway.app, asker, 'treasury-officer');
  await makeOfficer(gateway.app, decider, 'treasury-approver');
  number = await books.numberOf(
    'SP70101',
    draft('C-1', { systemId: 'THOSP001', paymentOption: '2' }),
  );
  expect(await books.pay('PSP701', 'T-1', number, '1000.00')).toBe('taken');
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('lists what a day still needs, until nothing is missing', async () => {
  expect(await unmet()).toEqual(['day-over', 'psps-reconciled']);
  await gateway.setClock('2026-11-25T08:00:00Z');
  expect(await unmet()).toEqual(['psps-reconciled']);
  await importLines(line('T-1'), line('T-2'));
  expect(await unmet()).toEqual(['psps-reconciled']);
  await books.use(RunReconciliation).execute(day);
  expect(await unmet()).toEqual(['discrepancies-settled']);
  await expect(closing().propose(day, asker)).rejects.toThrow('day.not-ready');
  await importLines(line('T-1'));
  await books.use(RunReconciliation).execute(day);
  const { record, isReady } = await closing().outlook(day);
  expect(isReady).toBe(true);
  expect(record.totals).toMatchObject({
    byInstitution: [{ key: 'SP70101', currency: 'TZS', amount: '1000.00' }],
    byGfsCode: [{ key: '142202', currency: 'TZS', amount: '1000.00' }],
    byPsp: [{ key: 'PSP701', currency: 'TZS', count: 1, amount: '1000.00' }],
    byChannel: [{ key: 'MOBILE', currency: 'TZS', count: 1, amount: '1000.00' }],
    byCurrency: [{ key: 'TZS', currency: 'TZS', count: 1, amount: '1000.00' }],
  });
  expect(record.inTransit).toMatchObject([{ currency: 'TZS', amount: '1000.00' }]);
});

it('takes two officers: one proposes, another approves', async () => {
  await expect(closing().approve(day, decider)).rejects.toThrow('day.not-proposed');
  await closing().propose(day, asker);
  await expect(closing().propose(day, decider)).rejects.toThrow('day.already-proposed');
  await expect(closing().approve(day, asker)).rejects.toThrow('approval.own-request');
  expect(await gateway.count('closed_day')).toBe(0);
});

it('seals only what was proposed', async () => {
  await importLines(line('T-1').replace('10:00:00', '10:00:01'));
  await books.use(RunReconciliation).execute(day);
  await expect(closing().approve(day, decider)).rejects.toThrow('day.changed');
  expect(await gateway.count('closed_day')).toBe(0);
  await closing().decline(day, decider, 'the statement was replaced');
  await closing().propose(day, asker);
  await closing().approve(day, decider);
  expect(await books.use(VerifyDay).sealed(day)).toMatchObject({
    day,
    proposedBy: asker,
    approvedBy: decider,
    previous: '00'.repeat(32),
  });
  await expect(closing().propose(day, asker)).rejects.toThrow('closed up to and including');
});

it('computes the same digest again, also after a restart, and a stranger computes it from the lines', async () => {
  expect(await books.use(VerifyDay).execute(day)).toMatchObject({ isSame: true, differences: [] });
  await gateway.crash();
  const found = await books.use(VerifyDay).execute(day);
  expect(found).toMatchObject({ isSame: true, actualDigest: found.sealedDigest });
  let text = '';
  await books.use(VerifyDay).lines(day, (lines) => (text += lines));
  expect(createHash('sha256').update(text).digest('hex')).toBe(found.sealedDigest);
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect([...lines].sort((a, b) => Buffer.from(a).compare(Buffer.from(b)))).toEqual(lines);
  for (const each of lines) {
    const value = JSON.parse(each) as object;
    expect(JSON.stringify(value)).toBe(each);
    expect(Object.keys(value)).toEqual(Object.keys(value).sort());
  }
  await expect(books.use(VerifyDay).execute(next)).rejects.toThrow('day.not-closed');
  for (const decision of [['--approve'], ['--decline', 'why']])
    await expect(
      runCommand(registerClosingCommands, 'close-day', '--day', day, ...decision),
    ).rejects.toThrow('day.officer-missing');
});

it.each([
  [`update payment set payer_name = payer_name, channel = 'BANK'`, ['digest', 'totals']],
  [`update statement_line set amount_minor = amount_minor + 1`, ['digest']],
  [`update match set rule = 'receipt-number'`, ['digest']],
  [`update discrepancy set state = 'open' where state <> 'open'`, ['digest']],
  [
    `update posting set debit_minor = debit_minor * 2, credit_minor = credit_minor * 2`,
    ['digest', 'inTransit', 'totals', 'trialBalance'],
  ],
  [`update day_seal set content = replace(content, 'baraka', 'asha')`, ['record']],
])('finds what a superuser changed: %s', async (statement, expected) => {
  const { db } = gateway;
  await db.query('begin');
  await db.query(`set local session_replication_role = replica`);
  await db.query(`alter table day_seal drop constraint day_seal_hash_check`);
  expect((await db.query(statement)).rowCount).toBeGreaterThan(0);
  await db.query('commit');
  try {
    const found = await books.use(VerifyDay).execute(day);
    expect([...found.differences].sort()).toEqual(expected);
    expect(found.isSame).toBe(false);
  } finally {
    await db.query('begin');
    await db.query(`set local session_replication_role = replica`);
    await db.query(undo(statement));
    await db.query(
      `alter table day_seal add constraint day_seal_hash_check check (hash = sha256(convert_to(content, 'UTF8')))`,
    );
    await db.query('commit');
  }
  expect((await books.use(VerifyDay).execute(day)).isSame).toBe(true);
});

function undo(statement: string): string {
  if (statement.includes('payment set')) return `update payment set channel = 'MOBILE'`;
  if (statement.includes('_line'))
    return `update statement_line set amount_minor = amount_minor - 1`;
  if (statement.includes('match')) return `update match set rule = 'transaction-id'`;
  if (statement.includes('discrepancy')) return `update discrepancy set state = 'withdrawn'`;
  if (statement.includes('posting'))
    return `update posting set debit_minor = debit_minor / 2, credit_minor = credit_minor / 2`;
  return `update day_seal set content = replace(content, 'asha', 'baraka')`;
}

it('audit verify names a closed day that is no longer what was sealed', async () => {
  const { db } = gateway;
  await db.query('begin');
  await db.query(`set local session_replication_role = replica`);
  await db.query(`update statement_line set paid_at = paid_at + interval '1 second'`);
  const broken = await brokenInvariants(gateway.app, db);
  await db.query('rollback');
  expect(broken.filter(({ invariant }) => invariant !== '10')).toMatchObject([
    { invariant: '31', count: 1, keys: [day] },
  ]);
});

it('an institution reads whether a day is closed with what was collected for it', async () => {
  const sp = await books.sp('SP70101');
  const read = (from = day, to = next) => books.use(InstitutionSettlement).execute(sp.id, from, to);
  const sums = {
    currency: 'TZS',
    pspCode: 'PSP701',
    collectedMinor: 100_000n,
    reversedMinor: 0n,
    refundedMinor: 0n,
  };
  expect(await read()).toEqual({
    isClosed: false,
    sums: [{ ...sums, settledMinor: 0n, inTransitMinor: 100_000n }],
  });
  expect((await read(day, day)).isClosed).toBe(true);
  expect((await books.use(InstitutionSettlement).execute(sp.id + 1, day, day)).sums).toEqual([]);
  await expect(read(next, day)).rejects.toThrow('period.backwards');
  await expect(read(parseBusinessDay('2026-08-01'))).rejects.toThrow('period.long');
});

it('what comes after belongs to the open day, and the closed one stays', async () => {
  await expect(books.use(RunReconciliation).execute(day)).rejects.toThrow('day.closed');
  await importLines(line('T-9'), line('T-8', '7.00').replace(number, '997010000000'));
  const late = async () =>
    (
      await gateway.db.query(
        `select kind, subject, business_day::text as day, detail from discrepancy where state = 'open' order by subject`,
      )
    ).rows as unknown[];
  const back = { day: next, detail: { refersToDay: day } };
  const found = [
    { kind: 'missing-there', subject: 'T-1', ...back },
    { kind: 'unknown-number', subject: 'T-8', ...back },
    { kind: 'missing-here', subject: 'T-9', ...back },
  ];
  expect(await late()).toEqual(found);
  expect(await books.use(RunDueDays).execute()).toBe(0);
  expect(await books.pay('PSP701', 'T-3', number, '5.00')).not.toBe('');
  await books.use(RunReconciliation).execute(next);
  expect(await late()).toEqual(found);
  expect(await books.use(VerifyDay).execute(day)).toMatchObject({ isSame: true });
});
