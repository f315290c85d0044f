/**
 * Refunds to their end at the bank: asked for, approved, instructed in one file, debited in a camt.053 and found by their
 * end-to-end ids; one that comes back, one of another sum, one that is paid twice. Amounts are cents.
 */
import { Refunds } from '../../src/payments/refunds';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { balances } from '../support/bank';
import { Books, draft } from '../support/bills';
import { importCamt } from '../support/camt';
import { TestGateway } from '../support/gateway';
import { payee, RefundDesk } from '../support/refund-desk';

const account = '0170100000011';
let gateway: TestGateway;
let books: Books;

let desk: RefundDesk;

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
  desk = new RefundDesk(gateway, books, account);
  await desk.open();
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
    books
      .use(Refunds)
      .request({ ...wish, paymentId: await books.paymentId('T-suspense') }, 'amina'),
  ).rejects.toMatchObject({ code: 'refund.account-unknown' });
  await expect(
    desk.approved('T-suspense', { ...wish, account: '0000000000000' }),
  ).rejects.toMatchObject({ code: 'refund.account-unknown' });
});

it('what the bank debits is found by the ids of the instruction, one by one or as a batch', async () => {
  await desk.approved('T-suspense', { source: 'suspense', amountMinor: 3_000n });
  await desk.approved('T-surplus', { source: 'surplus', amountMinor: 10_000n });
  [suspense = '', surplus = ''] = await desk.instructed();
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
  expect(await desk.states()).toEqual(['surplus 10000 paid', 'suspense 3000 paid']);
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
  expect(await desk.states()).toEqual(['surplus 10000 returned', 'suspense 3000 returned']);
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
  await desk.approved('T-surplus', {
    source: 'surplus',
    amountMinor: 10_000n,
    creditorAccount: '0111333',
  });
  expect(await event('payment.refunded')).toBe(2);
});

it('another sum, a second debit and a credit before any debit stay open, each with its reason', async () => {
  await desk.approved('T-other', { source: 'suspense', amountMinor: 5_000n });
  [other = '', anew = ''] = await desk.instructed();
  await gateway.setClock('2026-11-27T06:00:00Z');
  await importCamt(gateway, account, '2026-11-26', 500_000n, [
    { signedMinor: -4_900n, transfers: [{ endToEndId: other, minor: 4_900n }] },
    { signedMinor: -10_000n, transfers: [{ endToEndId: anew, minor: 10_000n }] },
    { signedMinor: -10_000n, transfers: [{ endToEndId: anew, minor: 10_000n }] },
    { signedMinor: 5_000n, transfers: [{ endToEndId: other, minor: 5_000n }], returned: 'AC01' },
  ]);
  await run();
  expect(await desk.states()).toEqual([
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
    await expect(desk.decided('unidentified-debit', -minor, 'refund', { refund })).rejects.toThrow(
      code,
    );
    expect(await desk.states()).toContain('suspense 5000 instructed');
  });

  it('pays the refund that officers name; what it took beyond is a charge; undone, it waits again', async () => {
    await desk.decided('unidentified-debit', 5_100n, 'refund', { refund: other });
    expect(await desk.states()).toContain('suspense 5000 paid');
    const paid = await balances(gateway);
    expect(paid).not.toHaveProperty('refund-payable');
    await desk.decided('unidentified-debit', 5_100n, 'undo');
    expect(await desk.states()).toContain('suspense 5000 instructed');
    expect(await balances(gateway)).toMatchObject({ 'refund-payable': '-5000' });
    await desk.decided('unidentified-debit', 5_100n, 'refund', { refund: other });
    // The credit of the twenty-sixth, which came before any debit was known, is explained by now.
    expect(await run()).toMatchObject({ matchCount: 1 });
    expect(await desk.states()).toContain('suspense 5000 returned');
    await desk.decided('unidentified-debit', 5_100n, 'charge');
    expect(await balances(gateway)).toMatchObject({ [`bank-charge:${account}`]: '100' });
    await desk.decided('unidentified-debit', 5_100n, 'undo');
    const undone = await balances(gateway);
    expect(undone).not.toHaveProperty(`bank-charge:${account}`);
    expect(undone).not.toHaveProperty('refund-payable');
    await desk.decided('unidentified-debit', 5_100n, 'charge');
  });

  it('gives the refund back that officers name', async () => {
    await desk.decided('unidentified-credit', 10_000n, 'refund-returned', { refund: anew });
    expect((await desk.states()).filter((each) => each === 'surplus 10000 returned')).toHaveLength(
      2,
    );
    expect(await event('payment.refund-returned')).toBe(2);
    await expect(desk.decided('unidentified-credit', 10_000n, 'undo')).rejects.toThrow(
      'settlement.refund-returned',
    );
    const after = await balances(gateway);
    expect(after).toMatchObject({ 'sp-surplus:SP70101': '-10000', 'suspense:PSP702': '-8000' });
    expect(after).not.toHaveProperty('refund-payable');
    await run();
    expect(await open()).toBe(2);
  });
});
