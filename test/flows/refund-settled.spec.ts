/**
 * Refunds to their end at the bank: asked for, approved, instructed in one file, debited in a camt.053 and found by their
 * end-to-end ids; one that comes back, one of another sum, one that is paid twice. Amounts are cents.
 */
import { Approvals } from '../../src/officers/approvals';
import { Refunds, type RefundWish } from '../../src/payments/refunds';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { ResolveDiscrepancy } from '../../src/reconciliation/resolve-discrepancy';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { balances } from '../support/bank';
import { Books, draft } from '../support/bills';
import { importCamt } from '../support/camt';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

const account = '0170100000011';
let gateway: TestGateway;
let books: Books;

const payee = {
  creditorName: 'Neema Mollel',
  creditorAccount: '0111222',
  creditorBank: 'CORUTZTZ',
  reason: 'paid too much',
};

async function paymentId(transactionId: string): Promise<string> {
  const { rows } = await gateway.db.query<{ id: string }>(
    `select id from payment where psp_transaction_id = $1`,
    [transactionId],
  );
  return rows[0]?.id ?? '';
}

async function approved(
  transactionId: string,
  wish: Pick<RefundWish, 'source' | 'amountMinor'> & Partial<RefundWish>,
): Promise<void> {
  const id = await books
    .use(Refunds)
    .request({ ...payee, account, ...wish, paymentId: await paymentId(transactionId) }, 'amina');
  await expect(books.use(Approvals).approve(id, 'amina')).rejects.toMatchObject({
    code: 'approval.own-request',
  });
  await books.use(Approvals).approve(id, 'baraka');
}

/** The ids of the instruction, in the order of the refunds' sums, as the bank reads them in the file. */
async function instructed(): Promise<readonly string[]> {
  const refunds = books.use(Refunds);
  const batch = await refunds.requestBatch(account, 'TZS', 'amina');
  await books.use(Approvals).approve(batch, 'baraka');
  const list = await refunds.list({ state: 'instructed' });
  const { text } = await refunds.file(list.at(-1)?.batchId ?? '', 'amina');
  return [...text.matchAll(/<EndToEndId>(\w+)<.*?<InstdAmt Ccy="TZS">([\d.]+)</g)]
    .sort((one, other) => Number(one[2]) - Number(other[2]))
    .map((each) => each[1] ?? '');
}

/** `suspense 30.00 paid` and so on, by sum. */
async function states(): Promise<readonly string[]> {
  return (await books.use(Refunds).list())
    .map((each) => `${each.source} ${String(each.amountMinor)} ${each.state}`)
    .sort();
}

async function reasons(day: string): Promise<readonly string[]> {
  const review = books.use(ReviewSettlement);
  const [statement] = await review.statements(parseBusinessDay(day));
  return (await review.entries(statement?.id ?? 0n)).map((each) => each.reason);
}

const open = () => gateway.count('discrepancy', `state = 'open' and kind not like '%settle%'`);
const run = () => books.use(MatchSettlement).execute('test');
const event = async (type: string) => {
  await gateway.sealed();
  return gateway.count('feed_event', `type = '${type}'`);
};

/** Proposed by one officer and approved by another. */
async function decided(
  kind: string,
  minor: bigint,
  resolution: string,
  more: Record<string, string> = {},
): Promise<void> {
  const { rows } = await gateway.db.query<{ id: string }>(
    `select id from discrepancy where kind = $1 and their_amount_minor = $2 and state <> 'withdrawn'
      order by id desc limit 1`,
    [kind, minor],
  );
  const id = BigInt(rows[0]?.id ?? 0);
  const { approvalId } = await books
    .use(ResolveDiscrepancy)
    .execute({ id, resolution, input: { note: 'the bank says so', ...more } }, 'amina');
  await books.use(Approvals).approve(approvalId ?? '', 'baraka');
}

let suspense = '';
let surplus = '';
let other = '';
let anew = '';

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  books = new Books(gateway);
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  await gateway.party('PSP702', { policy: 'irrevocable' });
  await makeOfficer(gateway.app, 'amina', 'treasury-officer');
  await makeOfficer(gateway.app, 'baraka', 'treasury-approver');
  const bill = draft('B-1', { paymentOption: '1', systemId: 'THOSP001' });
  const number = await books.numberOf('SP70101', bill);
  expect(await books.pay('PSP701', 'T-surplus', number, '1100.00')).toBe('taken');
  expect(await books.pay('PSP702', 'T-suspense', '991234567890', '30.00')).toBe('taken');
  expect(await books.pay('PSP702', 'T-other', '991234567890', '50.00')).toBe('taken');
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('is paid from an account of ours, which money of nobody may not have', async () => {
  const wish = { ...payee, source: 'suspense', amountMinor: 3_000n } as const;
  await expect(
    books.use(Refunds).request({ ...wish, paymentId: await paymentId('T-suspense') }, 'amina'),
  ).rejects.toMatchObject({ code: 'refund.account-unknown' });
  await expect(approved('T-suspense', { ...wish, account: '0000000000000' })).rejects.toMatchObject(
    { code: 'refund.account-unknown' },
  );
});

it('what the bank debits is found by the ids of the instruction, one by one or as a batch', async () => {
  await approved('T-suspense', { source: 'suspense', amountMinor: 3_000n });
  await approved('T-surplus', { source: 'surplus', amountMinor: 10_000n });
  [suspense = '', surplus = ''] = await instructed();
  expect(await event('payment.refunded')).toBe(1);
  await gateway.setClock('2026-11-25T06:00:00Z');
  await importCamt(gateway, account, '2026-11-24', 500_000n, [
    {
      signedMinor: -13_000n,
      transfers: [
        { endToEndId: suspense, minor: 3_000n },
        { endToEndId: surplus, minor: 10_000n },
      ],
    },
  ]);
  expect(await run()).toMatchObject({ matchCount: 2, unmatchedCount: 0 });
  expect(await states()).toEqual(['surplus 10000 paid', 'suspense 3000 paid']);
  expect(await open()).toBe(0);
  const books24 = await balances(gateway);
  expect(books24).toMatchObject({
    [`collection:${account}`]: '487000',
    [`bank-unallocated:${account}`]: '-500000',
    'suspense:PSP702': '-5000',
  });
  expect(books24).not.toHaveProperty('refund-payable');
  expect(books24).not.toHaveProperty('sp-surplus:SP70101');
  expect(await run()).toMatchObject({ matchCount: 0, unmatchedCount: 0 });
});

it('one that comes back is no money of a PSP: it lies where it was, and may be refunded anew', async () => {
  await gateway.setClock('2026-11-26T06:00:00Z');
  await importCamt(gateway, account, '2026-11-25', 487_000n, [
    {
      signedMinor: 10_000n,
      transfers: [{ endToEndId: surplus, minor: 10_000n }],
      returned: 'AC04',
    },
    { signedMinor: 3_000n, transfers: [{ endToEndId: suspense, minor: 3_000n }], isReversal: true },
  ]);
  expect(await run()).toMatchObject({ matchCount: 2, unmatchedCount: 0 });
  expect(await states()).toEqual(['surplus 10000 returned', 'suspense 3000 returned']);
  expect(await open()).toBe(0);
  const after = await balances(gateway);
  expect(after).toMatchObject({
    [`collection:${account}`]: '500000',
    [`bank-unallocated:${account}`]: '-500000',
    'suspense:PSP702': '-8000',
    'sp-surplus:SP70101': '-10000',
  });
  expect(after).not.toHaveProperty('refund-payable');
  expect(await event('payment.refund-returned')).toBe(1);
  expect(await gateway.count('alarm', `kind = 'refund-returned'`)).toBe(2);
  await approved('T-surplus', {
    source: 'surplus',
    amountMinor: 10_000n,
    creditorAccount: '0111333',
  });
  expect(await event('payment.refunded')).toBe(2);
});

it('another sum, a second debit and a credit before any debit stay open, each with its reason', async () => {
  await approved('T-other', { source: 'suspense', amountMinor: 5_000n });
  [other = '', anew = ''] = await instructed();
  await gateway.setClock('2026-11-27T06:00:00Z');
  await importCamt(gateway, account, '2026-11-26', 500_000n, [
    { signedMinor: -4_900n, transfers: [{ endToEndId: other, minor: 4_900n }] },
    { signedMinor: -10_000n, transfers: [{ endToEndId: anew, minor: 10_000n }] },
    { signedMinor: -10_000n, transfers: [{ endToEndId: anew, minor: 10_000n }] },
    { signedMinor: 5_000n, transfers: [{ endToEndId: other, minor: 5_000n }], returned: 'AC01' },
  ]);
  await run();
  expect(await states()).toEqual([
    'surplus 10000 paid',
    'surplus 10000 returned',
    'suspense 3000 returned',
    'suspense 5000 instructed',
  ]);
  expect(await reasons('2026-11-26')).toEqual([
    'It bears the id of a refund, and the sum is not that of the refund.',
    '',
    'It bears the id of a refund that is explained by another line.',
    'It bears the id of a refund that is not instructed or not paid.',
  ]);
  expect(await open()).toBe(3);
});

describe('a line without the id', () => {
  beforeAll(async () => {
    await gateway.setClock('2026-11-28T06:00:00Z');
    await importCamt(gateway, account, '2026-11-27', 480_100n, [
      { signedMinor: -5_100n, transfers: [] },
      { signedMinor: 10_000n, transfers: [], returned: 'AC04' },
    ]);
    await run();
  });

  it.each([
    [-5_100n, '', 'settlement.refund-missing'],
    [-5_100n, 'MLP0', 'settlement.refund-unknown'],
    [-5_100n, 'returned', 'settlement.refund-state'],
    [-4_900n, 'other', 'settlement.refund-differs'],
  ])('of %s is not refund "%s"', async (minor, named, code) => {
    const refund = { returned: surplus, other }[named] ?? named;
    await expect(decided('unidentified-debit', -minor, 'refund', { refund })).rejects.toThrow(code);
    expect(await states()).toContain('suspense 5000 instructed');
  });

  it('pays the refund that officers name; what it took beyond is a charge; undone, it waits again', async () => {
    await decided('unidentified-debit', 5_100n, 'refund', { refund: other });
    expect(await states()).toContain('suspense 5000 paid');
    const paid = await balances(gateway);
    expect(paid).not.toHaveProperty('refund-payable');
    await decided('unidentified-debit', 5_100n, 'undo');
    expect(await states()).toContain('suspense 5000 instructed');
    expect(await balances(gateway)).toMatchObject({ 'refund-payable': '-5000' });
    await decided('unidentified-debit', 5_100n, 'refund', { refund: other });
    // The credit of the twenty-sixth, which came before any debit was known, is explained by now.
    expect(await run()).toMatchObject({ matchCount: 1 });
    expect(await states()).toContain('suspense 5000 returned');
    await decided('unidentified-debit', 5_100n, 'charge');
    expect(await balances(gateway)).toMatchObject({ [`bank-charge:${account}`]: '100' });
    await decided('unidentified-debit', 5_100n, 'undo');
    const undone = await balances(gateway);
    expect(undone).not.toHaveProperty(`bank-charge:${account}`);
    expect(undone).not.toHaveProperty('refund-payable');
    await decided('unidentified-debit', 5_100n, 'charge');
  });

  it('gives the refund back that officers name', async () => {
    await decided('unidentified-credit', 10_000n, 'refund-returned', { refund: anew });
    expect((await states()).filter((each) => each === 'surplus 10000 returned')).toHaveLength(2);
    expect(await event('payment.refund-returned')).toBe(2);
    await expect(decided('unidentified-credit', 10_000n, 'undo')).rejects.toThrow(
      'settlement.refund-returned',
    );
    const after = await balances(gateway);
    expect(after).toMatchObject({ 'sp-surplus:SP70101': '-10000', 'suspense:PSP702': '-8000' });
    expect(after).not.toHaveProperty('refund-payable');
    await run();
    expect(await open()).toBe(2);
  });
});
