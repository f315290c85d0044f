/**
 * Several days at the bank, to the cent: a Friday, a weekend and a holiday, fees, a short credit whose rest comes later,
 * one that is over, one late, one for three days, two for one day, a return, a charge, a sweep over two days, and what
 * nobody can explain. Amounts are in cents.
 */
import { parseBusinessDay } from '../../src/kernel/business-day';
import { Approvals } from '../../src/officers/approvals';
import { Database } from '../../src/platform/database/database';
import { Resolutions } from '../../src/reconciliation/resolution';
import { ResolveDiscrepancy } from '../../src/reconciliation/resolve-discrepancy';
import { WorkDiscrepancies } from '../../src/reconciliation/work-discrepancies';
import { ManageTerms } from '../../src/settlement/manage-terms';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { readTerms } from '../../src/settlement/settlement-terms.rules';
import { balances, bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

const account = '0170100000011';
const treasury = '9900112233';
let gateway: TestGateway;
let books: Books;
let paid = 0;

const run = () => gateway.app.get(MatchSettlement, { strict: false }).execute('test');
const review = () => gateway.app.get(ReviewSettlement, { strict: false });

async function payOn(day: string, psp: string, ...amounts: readonly string[]): Promise<void> {
  await gateway.setClock(`${day}T08:00:00Z`);
  for (const amount of amounts) {
    paid += 1;
    const number = await books.numberOf(
      'SP70101',
      draft(`B-${String(paid)}`, { amount, systemId: 'THOSP001' }),
    );
    expect(await books.pay(psp, `T-${String(paid)}`, number, amount)).toBe('taken');
  }
}

/** `PSP701 2026-11-27 settled`, or with what is open. */
async function states(day: string): Promise<readonly string[]> {
  const rows = await review().status(parseBusinessDay(day));
  return rows.map((each) =>
    [each.pspCode, each.state, ...(each.openMinor === 0n ? [] : [each.openMinor])].join(' '),
  );
}

async function open(): Promise<readonly string[]> {
  const { rows } = await gateway.db.query<{ said: string }>(
    `select d.kind || coalesce(' ' || p.code, '') || ' ' || coalesce(d.detail->>'clearingDay', d.detail->>'remittance')
            || ' ' || d.their_amount_minor || '/' || d.our_amount_minor as said
       from discrepancy d left join party p on p.id = d.psp_id where d.state = 'open' order by 1`,
  );
  return rows.map((row) => row.said);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-27T08:00:00Z');
  books = new Books(gateway);
  await gateway.party('SP70101');
  for (const psp of ['PSP701', 'PSP702', 'PSP703']) await gateway.party(psp);
  await makeOfficer(gateway.app, 'maker', 'treasury-officer');
  await makeOfficer(gateway.app, 'checker', 'treasury-approver');
  const terms = gateway.app.get(ManageTerms, { strict: false });
  const written = { currency: 'TZS', from: parseBusinessDay('2026-01-01') };
  await terms.set('PSP701', readTerms({ ...written, feeBasis: 'day', feeFlat: '10' }), 'test');
  await terms.setTreasury(treasury, 'TZS', 'test');
  await payOn('2026-11-27', 'PSP701', '1000.00', '500.00');
  await payOn('2026-11-27', 'PSP702', '300.00');
  await payOn('2026-11-27', 'PSP703', '700.00');
  await payOn('2026-11-28', 'PSP702', '200.00');
  await payOn('2026-11-29', 'PSP702', '100.00');
  await payOn('2026-11-30', 'PSP701', '400.00');
  await payOn('2026-11-30', 'PSP703', '50.00');
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('until it is due nothing is a discrepancy, whatever day it is from', async () => {
  await gateway.setClock('2026-11-30T20:59:00Z');
  await run();
  expect(await states('2026-11-27')).toEqual([
    'PSP701 pending 150000',
    'PSP702 pending 30000',
    'PSP703 pending 70000',
  ]);
  expect(await states('2026-11-28')).toEqual(['PSP702 pending 20000']);
  expect(await open()).toEqual([]);
  const [first] = await review().status(parseBusinessDay('2026-11-27'));
  expect(first).toMatchObject({
    grossMinor: 150_000n,
    feeMinor: 1_000n,
    netMinor: 149_000n,
    paymentCount: 2,
  });
});

it('when it is due and no statement is here, it is late', async () => {
  await gateway.setClock('2026-11-30T21:00:00Z');
  await run();
  expect(await states('2026-11-27')).toEqual([
    'PSP701 late 150000',
    'PSP702 late 30000',
    'PSP703 late 70000',
  ]);
  expect(await open()).toEqual([
    'late-settlement PSP701 2026-11-27 0/149000',
    'late-settlement PSP702 2026-11-27 0/30000',
    'late-settlement PSP702 2026-11-28 0/20000',
    'late-settlement PSP702 2026-11-29 0/10000',
    'late-settlement PSP703 2026-11-27 0/70000',
  ]);
});

it('a statement settles what it shows; the rest is a short work list with reasons', async () => {
  await gateway.setClock('2026-12-01T06:00:00Z');
  await importFile(
    gateway,
    bankFile(account, 'S-30', '2026-11-30', 0n, [
      bankEntry('2026-11-30', 149_000n, { remittance: 'CLEARING PSP701/2026-11-27' }),
      bankEntry('2026-11-30', 60_000n, { bankReference: 'WEEKEND' }),
      bankEntry('2026-11-30', 40_000n, { endToEndId: 'PSP70320261127-1' }),
      bankEntry('2026-11-30', 20_000n, { endToEndId: 'PSP70320261127-2' }),
      bankEntry('2026-11-30', -500n, { transactionCode: 'ACMT/MDOP/CHRG' }),
      bankEntry('2026-11-30', -200_000n, { counterparty: { name: 'Hazina', account: treasury } }),
      bankEntry('2026-11-30', 7_700n, { remittance: 'mystery' }),
      bankEntry('2026-11-30', -300n, { remittance: 'puzzle' }),
    ]),
  );
  await run();
  expect(await states('2026-11-27')).toEqual([
    'PSP701 settled',
    'PSP702 settled',
    'PSP703 missing 10000',
  ]);
  expect(await states('2026-11-29')).toEqual(['PSP702 settled']);
  expect(await open()).toEqual([
    'short-settled PSP703 2026-11-27 60000/70000',
    'unidentified-credit mystery 7700/0',
    'unidentified-debit puzzle 300/0',
  ]);
  expect(await balances(gateway)).toEqual({
    [`collection:${account}`]: '75900',
    [`bank-unallocated:${account}`]: '-7400',
    [`bank-charge:${account}`]: '500',
    'psp-fee:PSP701': '1000',
    [`psp-receivable:PSP701:${account}`]: '40000',
    [`psp-receivable:PSP703:${account}`]: '15000',
    'sp-payable:SP70101:142202': '-325000',
    'sweep-in-transit': '200000',
  });
  const [statement] = await review().statements(parseBusinessDay('2026-11-30'));
  expect(statement).toMatchObject({ entryCount: 8, unmatchedCount: 2, gapMinor: null });
  const entries = await review().entries(statement?.id ?? 0n);
  expect(entries.map((each) => each.matches.map((match) => match.rule).join())).toEqual([
    'reference',
    'sum-of-days,sum-of-days,sum-of-days',
    'reference',
    'reference',
    'charge-code',
    'sweep-account',
    '',
    '',
  ]);
  expect(entries[6]?.reason).toMatch(
    /^No reference and no sum fits\. Nearest: PSP703 of 2026-11-27, 100\.00: /,
  );
});

it('funds in transit are the books, with their age', async () => {
  const { rows, totals } = await review().transit();
  expect(rows.map((each) => [each.pspCode, each.amountMinor, each.since, each.ageDays])).toEqual([
    ['PSP701', 40_000n, '2026-11-30', 1],
    ['PSP703', 15_000n, '2026-11-27', 4],
    ['', 200_000n, '2026-11-30', 1],
  ]);
  expect(totals).toEqual([{ currency: 'TZS', amountMinor: 255_000n, ledgerMinor: 255_000n }]);
});

it('the same again changes nothing', async () => {
  const before = [await gateway.count('bank_match'), await gateway.count('discrepancy_event')];
  expect(await run()).toMatchObject({
    matchCount: 0,
    unmatchedCount: 2,
    raisedCount: 0,
    closedCount: 0,
  });
  expect([await gateway.count('bank_match'), await gateway.count('discrepancy_event')]).toEqual(
    before,
  );
});

it('the rest of a short one, a credit that is over, a return, and the sweep at the treasury', async () => {
  await gateway.setClock('2026-12-02T06:00:00Z');
  await importFile(
    gateway,
    bankFile(treasury, 'H-1', '2026-12-01', 0n, [bankEntry('2026-12-01', 200_000n)]),
  );
  await importFile(
    gateway,
    bankFile(account, 'S-01', '2026-12-01', 75_900n, [
      bankEntry('2026-12-01', 10_000n, { endToEndId: 'PSP70320261127-3' }),
      bankEntry('2026-12-01', 39_500n, { remittance: 'PSP70120261130' }),
      bankEntry('2026-12-01', -60_000n, { isReversal: true, bankReference: 'WEEKEND' }),
    ]),
  );
  await run();
  expect(await states('2026-11-27')).toEqual([
    'PSP701 settled',
    'PSP702 missing 30000',
    'PSP703 settled',
  ]);
  expect(await open()).toEqual([
    'late-settlement PSP702 2026-11-27 0/30000',
    'late-settlement PSP702 2026-11-28 0/20000',
    'late-settlement PSP702 2026-11-29 0/10000',
    'late-settlement PSP703 2026-11-30 0/5000',
    'over-settled PSP701 PSP70120261130 39500/39000',
    'unidentified-credit mystery 7700/0',
    'unidentified-debit puzzle 300/0',
  ]);
  expect(await balances(gateway)).toMatchObject({
    treasury: '200000',
    'psp-fee:PSP701': '2000',
    [`psp-receivable:PSP702:${account}`]: '60000',
    [`collection:${account}`]: '65400',
    [`bank-unallocated:${account}`]: '-7900',
  });
});

it('what was late closes by itself when it arrives, and what came back is sent again', async () => {
  await gateway.setClock('2026-12-03T06:00:00Z');
  await importFile(
    gateway,
    bankFile(account, 'S-02', '2026-12-02', 65_400n, [
      bankEntry('2026-12-02', 60_000n, { remittance: 'tena' }),
      bankEntry('2026-12-02', 5_000n),
    ]),
  );
  await run();
  expect(await open()).toEqual([
    'over-settled PSP701 PSP70120261130 39500/39000',
    'unidentified-credit mystery 7700/0',
    'unidentified-debit puzzle 300/0',
  ]);
  const { rows, totals } = await review().transit();
  expect(rows).toEqual([]);
  expect(totals).toEqual([]);
  expect(await balances(gateway)).toEqual({
    [`collection:${account}`]: '130400',
    [`bank-unallocated:${account}`]: '-7900',
    [`bank-charge:${account}`]: '500',
    'psp-fee:PSP701': '2000',
    'sp-payable:SP70101:142202': '-325000',
    treasury: '200000',
  });
});

describe('officers explain what the rules cannot', () => {
  const idOf = async (kind: string) => {
    const { rows } = await gateway.db.query<{ id: string }>(
      `select id from discrepancy where kind = $1 and state = 'open'`,
      [kind],
    );
    return BigInt(rows[0]?.id ?? 0);
  };
  const resolve = () => gateway.app.get(ResolveDiscrepancy, { strict: false });
  const input = { note: 'as the bank says by telephone' };
  /** Proposed by one officer and approved by another. */
  async function decided(kind: string, resolution: string, more: Record<string, string> = {}) {
    const id = await idOf(kind);
    const wish = { id, resolution, input: { ...input, ...more } };
    const { approvalId, effect } = await resolve().execute(wish, 'maker');
    if (approvalId !== null)
      await gateway.app.get(Approvals, { strict: false }).approve(approvalId, 'checker');
    return { id, effect };
  }

  async function found(id: bigint) {
    const { reader } = gateway.app.get(Database, { strict: false });
    const view = await gateway.app.get(WorkDiscrepancies, { strict: false }).one(id);
    return { reader, view };
  }

  it('what is over stays unallocated, by one officer', async () => {
    const { effect } = await decided('over-settled', 'leave-unallocated');
    expect(effect).toBe("5.00 TZS of the bank's line stays at the bank, of nobody");
    await run();
    expect(await open()).toEqual([
      'unidentified-credit mystery 7700/0',
      'unidentified-debit puzzle 300/0',
    ]);
  });

  it('a debit that nobody knew is a charge, by two officers', async () => {
    await decided('unidentified-debit', 'charge');
    expect(await balances(gateway)).toMatchObject({ [`bank-charge:${account}`]: '800' });
  });

  it('a credit is linked to the PSP and day that it was for, undone, and put in suspense', async () => {
    await payOn('2026-12-03', 'PSP703', '100.00');
    await gateway.setClock('2026-12-04T06:00:00Z');
    await run();
    const link = { psp: 'PSP703', day: '2026-12-03' };
    const wish = { id: await idOf('unidentified-credit'), resolution: 'link' };
    await expect(
      resolve().preview({ ...wish, input: { ...input, ...link, day: '2026-12-02' } }),
    ).rejects.toThrow('settlement.expectation-unknown');
    await expect(
      resolve().preview({ ...wish, input: { ...input, ...link, day: '2026-11-30' } }),
    ).rejects.toThrow('settlement.nothing-due');
    const { id, effect } = await decided('unidentified-credit', 'link', link);
    expect(effect).toBe("77.00 TZS of the bank's line settles PSP703 of 2026-12-03");
    expect(await states('2026-12-03')).toEqual(['PSP703 pending 2300']);

    const undone = await resolve().execute({ id, resolution: 'undo', input }, 'maker');
    await gateway.app.get(Approvals, { strict: false }).approve(undone.approvalId ?? '', 'checker');
    expect(await states('2026-12-03')).toEqual(['PSP703 pending 10000']);
    await decided('unidentified-credit', 'suspense');
    await run();
    expect(await open()).toEqual([]);
    expect(await balances(gateway)).toMatchObject({
      [`suspense:${account}`]: '-7700',
      [`bank-unallocated:${account}`]: '-500',
    });
  });

  it('the rest of a short credit is disputed, and is in transit no more', async () => {
    await gateway.setClock('2026-12-07T06:00:00Z');
    const credit = bankEntry('2026-12-04', 9_000n, { remittance: 'PSP70320261203' });
    await importFile(gateway, bankFile(account, 'S-04', '2026-12-04', 130_400n, [credit]));
    await run();
    expect(await open()).toEqual(['short-settled PSP703 2026-12-03 9000/10000']);
    const { id, effect } = await decided('short-settled', 'dispute');
    expect(effect).toBe('10.00 TZS that PSP703 owes of 2026-12-03 is a sum that is disputed');
    await run();
    expect(await states('2026-12-03')).toEqual(['PSP703 settled']);
    expect(await balances(gateway)).toMatchObject({ 'disputed-receivable:PSP703': '1000' });
    expect((await review().transit()).totals).toEqual([]);
    const again = { id, resolution: 'undo', input };
    const undone = await resolve().execute(again, 'maker');
    await gateway.app.get(Approvals, { strict: false }).approve(undone.approvalId ?? '', 'checker');
    await run();
    expect(await states('2026-12-03')).toEqual(['PSP703 missing 1000']);
    await decided('short-settled', 'fee');
    expect(await balances(gateway)).toMatchObject({ 'psp-fee:PSP703': '1000' });
    await run();
    await expect(resolve().preview({ id, resolution: 'undo', input })).resolves.toMatchObject({
      needsApproval: true,
    });
    const [{ view, reader }, dispute] = [
      await found(id),
      gateway.app.get(Resolutions, { strict: false }).find('short-settled', 'dispute'),
    ];
    await expect(dispute.preview(reader, view, input)).rejects.toThrow('settlement.nothing-left');
  });
});

it('a holiday moves the due day, and a cut-off the clearing day; both are of the terms', async () => {
  const terms = gateway.app.get(ManageTerms, { strict: false });
  const written = { currency: 'TZS', from: parseBusinessDay('2026-12-01'), cutoff: '16:00' };
  const fee = { feeBasis: 'transaction', feePerMille: '1.5', feeMin: '2', feeMax: '5' } as const;
  await terms.set('PSP702', readTerms({ ...written, ...fee }), 'test');
  await payOn('2026-12-08', 'PSP702', '100.00', '2000.00', '9000.00');
  await gateway.setClock('2026-12-08T13:00:00Z');
  const number = await books.numberOf(
    'SP70101',
    draft('B-late', { amount: '70.00', systemId: 'THOSP001' }),
  );
  expect(await books.pay('PSP702', 'T-late', number, '70.00')).toBe('taken');
  await run();
  const [ofDay] = await review().status(parseBusinessDay('2026-12-08'));
  // 100 at least 2, 2000 at 1.5 per mille 3, 9000 at most 5; due when the tenth ends, for the ninth is a holiday.
  expect(ofDay).toMatchObject({
    paymentCount: 3,
    feeMinor: 1_000n,
    dueAt: new Date('2026-12-10T21:00:00Z'),
  });
  const [next] = await review().status(parseBusinessDay('2026-12-09'));
  expect(next).toMatchObject({ paymentCount: 1, grossMinor: 7_000n, feeMinor: 200n });
  const payments = await review().payments(next?.expectationId ?? 0n);
  expect(payments.map((each) => each.pspTransactionId)).toEqual(['T-late']);
  expect(await review().payments(ofDay?.expectationId ?? 0n)).toHaveLength(3);
  expect(await review().collected(parseBusinessDay('2026-12-08'))).toMatchObject([
    { spCode: 'SP70101', collectionAccount: account, paymentCount: 4, amountMinor: 1_117_000n },
  ]);
});

it('terms of one account go before those of the PSP, from their day on', async () => {
  const terms = gateway.app.get(ManageTerms, { strict: false });
  const of = { currency: 'TZS', account, feeBasis: 'transaction' } as const;
  const from = parseBusinessDay('2026-12-09');
  await terms.set('PSP702', readTerms({ ...of, from, cutoff: '12:00', feeFlat: '0.5' }), 'test');
  await run();
  // Cut off at 16:00 of the eighth by the PSP's terms, and charged on the ninth by those of the account.
  const fees = async (day: string) =>
    (await review().status(parseBusinessDay(day))).map((each) => [
      each.paymentCount,
      each.feeMinor,
    ]);
  expect(await fees('2026-12-08')).toEqual([[3, 1_000n]]);
  expect(await fees('2026-12-09')).toEqual([[1, 50n]]);
  await payOn('2026-12-09', 'PSP702', '40.00');
  await payOn('2026-12-10', 'PSP702', '30.00');
  await run();
  expect(await fees('2026-12-09')).toEqual([[2, 100n]]);
  expect(await fees('2026-12-10')).toEqual([[1, 50n]]);
});
