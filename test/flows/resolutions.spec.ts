/**
 * A day with one of each kind of discrepancy, of a PSP's statement and of the bank, and every resolution of each: by one
 * officer where no money moves, else by two of whom the second is another; it holds when everything is matched anew; and
 * undone it leaves the books to the cent as they were, with the discrepancy open again. Which resolutions there are is
 * read from the registry, so that a new one makes this spec red until it is placed.
 */
import { Readable } from 'node:stream';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { Approvals } from '../../src/officers/approvals';
import { type DiscrepancyKind, discrepancyKinds } from '../../src/reconciliation/discrepancy.rules';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { Resolutions } from '../../src/reconciliation/resolution';
import { ResolveDiscrepancy } from '../../src/reconciliation/resolve-discrepancy';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { WorkDiscrepancies } from '../../src/reconciliation/work-discrepancies';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { balances, bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

const day = parseBusinessDay('2026-11-24');
const next = parseBusinessDay('2026-11-25');
const account = '0170100000011';
let gateway: TestGateway;
let books: Books;
const numbers = new Map<string, string>();

async function bill(id: string): Promise<string> {
  const more = { systemId: 'THOSP001', paymentOption: '2', minimumAmount: '1.00' } as const;
  const number = await books.numberOf('SP70101', draft(id, more));
  numbers.set(id, number);
  return number;
}

async function pay(psp: string, id: string, amount: string): Promise<void> {
  expect(await books.pay(psp, id, await bill(id), amount)).toBe('taken');
}

async function report(on: typeof day, ...lines: readonly (readonly [string, string])[]) {
  const rows = lines.map(
    ([id, sum]) => `${id},${numbers.get(id) ?? '991234567897'},${sum},2026-11-24T10:00:00`,
  );
  const head = 'transaction_id,control_number,amount,currency,paid_at';
  const { kind } = await books.use(ImportStatement).execute({
    pspCode: 'PSP702',
    day: on,
    fileName: 'day.csv',
    open: () => Readable.from([Buffer.from([head, ...rows, ''].join('\n'))]),
    importedBy: 'test',
    isDryRun: false,
  });
  expect(kind).toBe('imported');
  await books.use(RunReconciliation).execute(on);
}

interface Found {
  readonly id: bigint;
  readonly state: string;
}

/** The one of a kind that is not away; of several, by what it is about. */
async function find(kind: DiscrepancyKind, about: string): Promise<Found> {
  const list = await books.use(WorkDiscrepancies).list({ kind, limit: 100 });
  const found = list.filter(
    (each) => each.state !== 'withdrawn' && [each.subject, each.pspCode].includes(about),
  );
  const [one] = found.length > 0 ? found : list.filter((each) => each.state !== 'withdrawn');
  if (one === undefined) throw new Error(`there is no ${kind}`);
  return one;
}

const note = 'as was said by telephone';

async function decide(id: bigint, resolution: string, more: object = {}): Promise<void> {
  const { state, approvalId } = await books
    .use(ResolveDiscrepancy)
    .execute({ id, resolution, input: { note, ...more } }, 'amina');
  expect(approvalId === null ? 'decided' : state).toBe(
    approvalId === null ? 'decided' : 'awaiting-approval',
  );
  if (approvalId === null) return;
  await expect(books.use(Approvals).approve(approvalId, 'amina')).rejects.toMatchObject({
    code: 'approval.own-request',
  });
  await books.use(Approvals).approve(approvalId, 'baraka');
}

async function matchAnew(): Promise<void> {
  await books.use(RunReconciliation).execute(day);
  await books.use(MatchSettlement).execute('test');
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  books = new Books(gateway);
  await gateway.party('SP70101');
  for (const psp of ['PSP701', 'PSP702', 'PSP703']) await gateway.party(psp);
  await makeOfficer(gateway.app, 'amina', 'treasury-officer');
  await makeOfficer(gateway.app, 'baraka', 'treasury-approver');
  await pay('PSP701', 'OVER', '100.00');
  await pay('PSP702', 'LATE', '200.00');
  await pay('PSP703', 'SHORT', '300.00');
  for (const id of ['SAME', 'LESS', 'MORE', 'DOLLARS', 'GONE', 'SHIFTED'])
    await pay('PSP702', id, '500.00');
  for (const id of ['REFUSED', 'DECLINED'])
    expect(await books.pay('PSP702', id, await bill(id), '0.50')).not.toBe('taken');
  for (const id of ['UNSEEN', 'UNHEARD']) await bill(id);
  await gateway.setClock('2026-11-26T06:00:00Z');
  await report(next, ['SHIFTED', '500.00,TZS']);
  await report(
    day,
    ['SAME', '500.00,TZS'],
    ['SAME', '500.00,TZS'],
    ['SHIFTED', '500.00,TZS'],
    ['LESS', '400.00,TZS'],
    ['MORE', '600.00,TZS'],
    ['DOLLARS', '5.00,USD'],
    ['UNSEEN', '70.00,TZS'],
    ['UNHEARD', '70.00,TZS'],
    ['REFUSED', '3.00,TZS'],
    ['DECLINED', '3.00,TZS'],
    ['STRANGE', '9.00,TZS'],
  );
  await importFile(
    gateway,
    bankFile(account, 'S-1', '2026-11-25', 0n, [
      bankEntry('2026-11-25', 11_000n, { remittance: 'PSP70120261124' }),
      bankEntry('2026-11-25', 25_000n, { remittance: 'PSP70320261124' }),
      bankEntry('2026-11-25', 7_700n, { remittance: 'mystery' }),
      bankEntry('2026-11-25', -300n, { remittance: 'puzzle' }),
      bankEntry('2026-11-25', -900n, { isReversal: true }),
    ]),
  );
  await matchAnew();
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

const ofBank = { psp: 'PSP702', day };
/** Each kind with what it is about here, its resolutions and what they are given; `final`: a payment that was recorded
 * or taken back stays so, and is taken back or recorded in its own right. */
type Row = readonly [
  kind: DiscrepancyKind,
  about: string,
  resolution: string,
  more?: object,
  final?: 'final',
];
const table: readonly Row[] = [
  ['duplicate-line', 'SAME#2', 'ignore'],
  ['wrong-day', 'SHIFTED', 'carry'],
  ['unknown-number', 'STRANGE', 'reject-line'],
  ['unknown-number', 'STRANGE', 'suspense', {}, 'final'],
  ['missing-here', 'UNSEEN', 'reject-line'],
  ['missing-here', 'UNSEEN', 'suspense', {}, 'final'],
  ['missing-here', 'UNHEARD', 'record-late-payment', {}, 'final'],
  ['refused-here', 'REFUSED', 'returned-by-psp'],
  ['refused-here', 'REFUSED', 'suspense', {}, 'final'],
  ['refused-here', 'DECLINED', 'allocate-to-bill', {}, 'final'],
  ['amount-differs', 'LESS', 'keep-ours'],
  ['amount-differs', 'LESS', 'dispute'],
  ['amount-differs', 'MORE', 'correct-to-psp'],
  ['amount-differs', 'LESS', 'correct-to-psp', {}, 'final'],
  ['currency-differs', 'DOLLARS', 'keep-ours'],
  ['currency-differs', 'DOLLARS', 'correct-to-psp', {}, 'final'],
  ['missing-there', 'GONE', 'wait'],
  ['missing-there', 'GONE', 'reverse', {}, 'final'],
  ['late-settlement', 'PSP702', 'await-rest'],
  ['late-settlement', 'PSP702', 'dispute'],
  ['short-settled', 'PSP703', 'await-rest'],
  ['short-settled', 'PSP703', 'fee'],
  ['short-settled', 'PSP703', 'dispute'],
  ['over-settled', 'PSP701', 'leave-unallocated'],
  ['over-settled', 'PSP701', 'suspense'],
  ['over-settled', 'PSP701', 'link', ofBank],
  ['unidentified-credit', '', 'suspense'],
  ['unidentified-credit', '', 'link', ofBank],
  ['unidentified-debit', '', 'charge'],
  ['unidentified-debit', '', 'link', { ...ofBank, psp: 'PSP703' }],
  ['returned-credit', '', 'charge'],
  ['returned-credit', '', 'link', { ...ofBank, psp: 'PSP703' }],
];
/** Of a refund that is on its way, which takes a file of instructions: `refund-settled.spec`. */
const ofRefunds = [
  'returned-credit refund',
  'unidentified-credit refund-returned',
  'unidentified-debit refund',
];

it('the day has one of each kind, and every resolution is in the table', async () => {
  const { rows } = await gateway.db.query<{ kind: string }>(
    `select distinct kind from discrepancy where state = 'open'`,
  );
  expect(rows.map(({ kind }) => kind).sort()).toEqual([...discrepancyKinds].sort());
  const all = discrepancyKinds.flatMap((kind) =>
    books
      .use(Resolutions)
      .ofKind(kind)
      .map(({ name }) => `${kind} ${name}`),
  );
  const placed = new Set([...table.map(([kind, , name]) => `${kind} ${name}`), ...ofRefunds]);
  expect(all.sort()).toEqual([...placed].sort());
});

it.each(table.map((row) => ({ name: `${row[0]} ${row[1]} ${row[2]}`, row })))(
  '$name',
  async ({ row }) => {
    const [kind, about, resolution, more, final] = row;
    const before = await balances(gateway);
    const { id, state } = await find(kind, about);
    expect(state).toBe('open');
    const { needsApproval } = books.use(Resolutions).find(kind, resolution);
    await decide(id, resolution, more);
    const after = await balances(gateway);
    if (needsApproval) expect(after).not.toEqual(before);
    else expect(after).toEqual(before);
    await matchAnew();
    expect((await find(kind, about)).state).toBe('resolved');
    expect(await balances(gateway)).toEqual(after);

    if (final !== undefined) {
      await expect(decide(id, 'undo')).rejects.toMatchObject({ code: 'discrepancy.not-undoable' });
      expect((await find(kind, about)).state).toBe('resolved');
      return;
    }
    await decide(id, 'undo');
    await matchAnew();
    expect(await balances(gateway)).toEqual(before);
    expect(await find(kind, about)).toMatchObject({ id, state: 'open' });
  },
);
