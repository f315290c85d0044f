/**
 * A written day with one of each kind that a PSP's statement can show, resolved each way: the postings to the cent, two
 * officers where money moves, the match made anew in the same transaction, and books that stay sound.
 */
import { Readable } from 'node:stream';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ClosedDays } from '../../src/ledger/closed-days';
import { Approvals } from '../../src/officers/approvals';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { ExchangeDiscrepancies } from '../../src/reconciliation/exchange-discrepancies';
import { ResolveDiscrepancy } from '../../src/reconciliation/resolve-discrepancy';
import { CloseDiscrepancies } from '../../src/reconciliation/close-discrepancies';
import { RaiseDiscrepancies } from '../../src/reconciliation/raise-discrepancies';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { WorkDiscrepancies } from '../../src/reconciliation/work-discrepancies';
import { Books, draft as anyDraft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

const day = parseBusinessDay('2026-11-24');
const nextDay = parseBusinessDay('2026-11-25');
const psp = 'PSP701';
const receivable = 'psp-receivable:PSP701:0170100000011';
const payable = 'sp-payable:SP70101:142202';
const draft: typeof anyDraft = (billId, more) =>
  anyDraft(billId, { systemId: 'THOSP001', paymentOption: '2', minimumAmount: '1.00', ...more });

let gateway: TestGateway;
let books: Books;
const numbers = new Map<string, string>();

const numberOf = (billId: string) => numbers.get(billId) ?? '';

async function importLines(on: typeof day, lines: readonly string[]): Promise<void> {
  const rows = lines.map((line) => `${line},2026-11-24T10:00:00`);
  const outcome = await books.use(ImportStatement).execute({
    pspCode: psp,
    day: on,
    fileName: 'day.csv',
    open: () =>
      Readable.from([
        Buffer.from(
          ['transaction_id,control_number,amount,currency,paid_at', ...rows, ''].join('\n'),
        ),
      ]),
    importedBy: 'test',
    isDryRun: false,
  });
  expect(outcome.kind).toBe('imported');
}

async function found(subject: string, on = day) {
  const list = await books.use(WorkDiscrepancies).list({ day: on, limit: 100 });
  const one = list.find((each) => each.subject === subject);
  if (one === undefined) throw new Error(`${subject} is no discrepancy`);
  return one;
}

async function propose(subject: string, resolution: string, more: object = {}) {
  const { id } = await found(subject);
  return books
    .use(ResolveDiscrepancy)
    .execute({ id, resolution, input: { note: 'seen', ...more } }, 'amina');
}

async function approve({ approvalId }: { approvalId: string | null }): Promise<void> {
  await books.use(Approvals).approve(approvalId ?? '', 'baraka');
}

/** Postings since the last call, as `debit account minor`. */
let seen = 0;
async function posted(): Promise<string[]> {
  const { rows } = await gateway.db.query<{ text: string }>(
    `select case when p.debit_minor > 0 then 'debit ' else 'credit ' end || a.name || ' ' ||
            (p.debit_minor + p.credit_minor) || case when a.currency = 'TZS' then '' else ' ' || a.currency end as text
       from ledger_entry e join posting p on p.entry_id = e.id join ledger_account a on a.id = p.account_id
      order by e.id, p.position`,
  );
  const fresh = rows.slice(seen).map((row) => row.text);
  seen = rows.length;
  return fresh;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party(psp);
  await makeOfficer(gateway.app, 'amina', 'treasury-officer');
  await makeOfficer(gateway.app, 'baraka', 'treasury-approver');
  books = new Books(gateway);
  for (const billId of [
    'OK',
    'LESS',
    'MORE',
    'ARGUE',
    'USD',
    'GONE',
    'WAIT',
    'LATE',
    'SUSP',
    'REF',
    'ALL',
  ])
    numbers.set(billId, await books.numberOf('SP70101', draft(billId)));
  for (const billId of ['OK', 'LESS', 'MORE', 'ARGUE', 'USD', 'GONE', 'WAIT'])
    expect(await books.pay(psp, billId, numberOf(billId), '500.00')).toBe('taken');
  for (const billId of ['REF', 'ALL', 'BACK'])
    expect(await books.pay(psp, billId, numberOf(billId) || '99', '0.50')).not.toBe('taken');
  await gateway.setClock('2026-11-25T08:00:00Z');
  await importLines(day, [
    `OK,${numberOf('OK')},500.00,TZS`,
    `OK,${numberOf('OK')},500.00,TZS`,
    `LESS,${numberOf('LESS')},400.00,TZS`,
    `MORE,${numberOf('MORE')},600.00,TZS`,
    `ARGUE,${numberOf('ARGUE')},450.00,TZS`,
    `USD,${numberOf('USD')},5.00,USD`,
    `LATE,${numberOf('LATE')},70.00,TZS`,
    `SUSP,${numberOf('SUSP')},80.00,TZS`,
    `REF,${numberOf('REF')},0.50,TZS`,
    `ALL,${numberOf('ALL')},3.00,TZS`,
    `BACK,99,0.50,TZS`,
    `STRANGE,991234567897,9.00,TZS`,
    `STRANGER,991234567897,9.00,TZS`,
  ]);
  await books.use(RunReconciliation).execute(day);
  await posted();
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('finds one of each kind and nothing else', async () => {
  const list = await books.use(WorkDiscrepancies).list({ day, state: 'open', limit: 100 });
  expect(list.map((each) => `${each.kind} ${each.subject}`).sort()).toEqual([
    'amount-differs ARGUE',
    'amount-differs LESS',
    'amount-differs MORE',
    'currency-differs USD',
    'duplicate-line OK#2',
    'missing-here LATE',
    'missing-here SUSP',
    'missing-there GONE',
    'missing-there WAIT',
    'refused-here ALL',
    'refused-here BACK',
    'refused-here REF',
    'unknown-number STRANGE',
    'unknown-number STRANGER',
  ]);
});

it('says of each line which payments came near, and on what they failed', async () => {
  expect((await found('LESS')).detail).toMatchObject({
    candidates: [{ transactionId: 'LESS', failed: ['amount'] }],
  });
  expect((await found('STRANGE')).detail).toEqual({ candidates: [] });
  expect((await found('OK#2')).detail).toMatchObject({
    candidates: [{ transactionId: 'OK', failed: ['matched-already'] }],
  });
});

describe('what moves no money is decided by one officer, with a note', () => {
  it.each([
    ['OK#2', 'ignore'],
    ['BACK', 'returned-by-psp'],
    ['STRANGER', 'reject-line'],
  ])('%s: %s', async (subject, resolution) => {
    await expect(propose(subject, resolution, { note: ' ' })).rejects.toMatchObject({
      code: 'discrepancy.note-missing',
    });
    await expect(propose(subject, 'nonsense')).rejects.toMatchObject({
      code: 'discrepancy.resolution-unknown',
    });
    expect(await propose(subject, resolution)).toMatchObject({ state: 'resolved' });
    expect(await found(subject)).toMatchObject({ state: 'resolved' });
    await expect(propose(subject, resolution)).rejects.toMatchObject({
      code: 'discrepancy.not-open',
    });
    expect(await posted()).toEqual([]);
  });
});

describe('what moves money waits for the second officer', () => {
  it('who is another one, and decides once', async () => {
    const proposal = await propose('LATE', 'record-late-payment');
    expect(proposal).toMatchObject({ state: 'awaiting-approval' });
    expect(await found('LATE')).toMatchObject({ state: 'awaiting-approval' });
    await expect(propose('LATE', 'suspense')).rejects.toMatchObject({
      code: 'discrepancy.awaiting-approval',
    });
    const own = books.use(Approvals).approve(proposal.approvalId ?? '', 'amina');
    await expect(own).rejects.toMatchObject({ code: 'approval.own-request' });
    const twice = await Promise.allSettled([approve(proposal), approve(proposal)]);
    expect(twice.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await posted()).toEqual([`debit ${receivable} 7000`, `credit ${payable} 7000`]);
    // Matched anew in the same transaction; the decision stays on record.
    expect(
      await gateway.count('match m join reconciliation_run r on r.id = m.run_id', 'is_latest'),
    ).toBe(2);
    expect(await found('LATE')).toMatchObject({ state: 'resolved' });
  });

  it('and may say no: then it is open again', async () => {
    const { approvalId } = await propose('LESS', 'correct-to-psp');
    await books.use(Approvals).decline(approvalId ?? '', 'baraka', 'ask the bank first');
    expect(await found('LESS')).toMatchObject({ state: 'open' });
  });

  it('is not asked for where there is nothing to dispute', async () => {
    await expect(propose('MORE', 'dispute')).rejects.toMatchObject({
      code: 'discrepancy.nothing-short',
    });
    expect(await found('MORE')).toMatchObject({ state: 'open' });
  });

  it.each([
    ['SUSP', 'suspense', [`debit ${receivable} 8000`, 'credit suspense:PSP701 8000']],
    ['REF', 'suspense', [`debit ${receivable} 50`, 'credit suspense:PSP701 50']],
    ['ALL', 'allocate-to-bill', [`debit ${receivable} 300`, `credit ${payable} 300`]],
    ['GONE', 'reverse', [`debit ${payable} 50000`, `credit ${receivable} 50000`]],
    ['LESS', 'correct-to-psp', [`debit ${payable} 10000`, `credit ${receivable} 10000`]],
    ['MORE', 'correct-to-psp', [`debit ${receivable} 10000`, 'credit sp-surplus:SP70101 10000']],
    ['ARGUE', 'dispute', ['debit disputed-receivable:PSP701 5000', `credit ${receivable} 5000`]],
    [
      'USD',
      'correct-to-psp',
      [
        `debit ${payable} 50000`,
        `credit ${receivable} 50000`,
        `debit ${receivable} 500 USD`,
        'credit suspense:PSP701 500 USD',
      ],
    ],
  ])('%s: %s', async (subject, resolution, expected) => {
    await approve(await propose(subject, resolution));
    expect(await posted()).toEqual(expected);
    expect(await found(subject)).toMatchObject({ state: 'resolved' });
  });

  it('an unknown number goes to suspense on the account of the PSP', async () => {
    await approve(await propose('STRANGE', 'suspense'));
    expect(await posted()).toEqual([
      expect.stringMatching(/^debit psp-receivable:PSP701:\S+ 900$/),
      'credit suspense:PSP701 900',
    ]);
  });
});

it('a payment that is waited for is on the list of the next day until a statement has it', async () => {
  expect(await propose('WAIT', 'wait')).toMatchObject({ state: 'resolved' });
  const carried = await found('WAIT', nextDay);
  expect(carried).toMatchObject({ kind: 'missing-there', state: 'open', detail: { ofDay: day } });
  await importLines(nextDay, [`WAIT,${numberOf('WAIT')},500.00,TZS`]);
  await books.use(RunReconciliation).execute(nextDay);
  expect(await found('WAIT', nextDay)).toMatchObject({ state: 'resolved' });
  const { history } = await books.use(WorkDiscrepancies).one(carried.id);
  expect(history.map((each) => each.action)).toEqual(['raised', 'resolved']);
});

it('nothing of the day is open, and running it again changes nothing', async () => {
  const list = () => books.use(WorkDiscrepancies).list({ day, limit: 100 });
  const before = await list();
  expect(before.filter((each) => each.state !== 'resolved' && each.subject !== 'WAIT')).toEqual([]);
  await books.use(RunReconciliation).execute(day);
  expect((await list()).map(({ state, revision }) => [state, revision])).toEqual(
    before.map(({ state, revision }) => [state, revision]),
  );
});

describe('a resolution is undone', () => {
  it('by counter-entries, again by two', async () => {
    await approve(await propose('ARGUE', 'undo'));
    expect(await posted()).toEqual(
      [`debit ${receivable} 5000`, 'credit disputed-receivable:PSP701 5000'].sort((a, b) =>
        a < b ? -1 : 1,
      ),
    );
    expect(await found('ARGUE')).toMatchObject({ state: 'open' });
    await expect(propose('ARGUE', 'undo')).rejects.toMatchObject({
      code: 'discrepancy.not-resolved',
    });
    expect(await propose('ARGUE', 'keep-ours')).toMatchObject({ state: 'resolved' });
  });

  it('where that can be done', async () => {
    await expect(propose('GONE', 'undo')).rejects.toMatchObject({
      code: 'discrepancy.not-undoable',
    });
  });
});

it('what was proposed about other sums is not carried out', async () => {
  const proposal = await propose('OK#2', 'undo').then(() => found('OK#2'));
  await expect(
    books
      .use(ResolveDiscrepancy)
      .execute(
        { id: proposal.id, revision: 1, resolution: 'ignore', input: { note: 'x' } },
        'amina',
      ),
  ).rejects.toMatchObject({ code: 'discrepancy.changed' });
  await propose('OK#2', 'ignore');
});

it('is owned, commented, and unknown ones are', async () => {
  const work = books.use(WorkDiscrepancies);
  const { id } = await found('LATE');
  await work.assign(id, 'amina', 'baraka');
  await work.comment(id, 'the bank was asked', 'amina');
  expect(await work.one(id)).toMatchObject({ owner: 'amina' });
  await expect(work.comment(id, ' ', 'amina')).rejects.toMatchObject({
    code: 'discrepancy.comment-empty',
  });
  await expect(work.assign(999_999n, 'amina', 'amina')).rejects.toMatchObject({
    code: 'discrepancy.unknown',
  });
});

it('settlement raises and closes its own, of no PSP', async () => {
  const one = {
    pspId: null,
    businessDay: nextDay,
    kind: 'unidentified-credit' as const,
    subject: '0150/7',
    theirMinor: 5n,
    ourMinor: null,
    currency: 'TZS',
    detail: {},
  };
  const raise = (more: object = {}) =>
    books.inTransaction((tx) => books.use(RaiseDiscrepancies).execute(tx, [{ ...one, ...more }]));
  const ids = await raise();
  expect(await raise()).toEqual(ids);
  const close = () =>
    books.inTransaction((tx) =>
      books.use(CloseDiscrepancies).execute(tx, ids, { state: 'withdrawn', reason: 'matched' }),
    );
  expect(await close()).toEqual(ids);
  expect(await close()).toEqual([]);
  await raise({ theirMinor: 6n });
  const { history } = await books.use(WorkDiscrepancies).one(ids[0] ?? 0n);
  expect(history.map((each) => each.action)).toEqual(['raised', 'withdrawn', 'reopened']);
  await close();
});

it('goes out as a spreadsheet and comes back: preview, decisions, conflicts', async () => {
  const exchange = books.use(ExchangeDiscrepancies);
  const one = {
    pspId: (await found('LATE')).pspId,
    businessDay: nextDay,
    kind: 'duplicate-line' as const,
    theirMinor: 5n,
    ourMinor: null,
    currency: 'TZS',
    detail: {},
  };
  await books.inTransaction((tx) =>
    books.use(RaiseDiscrepancies).execute(tx, [
      { ...one, subject: '=1+1' },
      { ...one, subject: 'B' },
    ]),
  );
  const csv = await exchange.export({ day: nextDay, limit: 100 });
  expect(csv).toContain("'=1+1");
  const filled = (resolution: string) =>
    Buffer.from(csv.replaceAll(',ignore,,,', `,ignore,${resolution},seen,`));
  const preview = await exchange.import(filled('ignore'), 'amina', true);
  expect(preview.map((each) => each.outcome)).toEqual(['possible', 'possible']);
  expect(
    (await exchange.import(filled('nonsense'), 'amina', false)).map((each) => each.outcome),
  ).toEqual(['refused', 'refused']);
  const { id } = await found('B', nextDay);
  await books
    .use(ResolveDiscrepancy)
    .execute({ id, resolution: 'ignore', input: { note: 'by hand' } }, 'baraka');
  const outcomes = await exchange.import(filled('ignore'), 'amina', false);
  expect(outcomes.map((each) => each.outcome)).toEqual(['resolved', 'conflict']);
  await expect(exchange.import(Buffer.from('id,note\n'), 'amina', false)).rejects.toMatchObject({
    code: 'sheet.malformed',
  });
});

it('nothing of a closed day is changed any more', async () => {
  const { id } = await found('LATE');
  const undo = { id, resolution: 'undo', input: { note: 'x' } };
  // Rolled back with the refusal: the day stays open.
  await expect(
    books.inTransaction(async (tx) => {
      await books.use(ClosedDays).close(tx, day);
      await books.use(ResolveDiscrepancy).decide(tx, undo, 'amina');
    }),
  ).rejects.toMatchObject({ code: 'discrepancy.day-closed' });
});
