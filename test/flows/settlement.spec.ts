/**
 * Several days at the bank, to the cent: a Friday, a weekend and a holiday, fees, a short credit whose rest comes later,
 * one that is over, one late, one for three days, two for one day, a return, a charge, a sweep over two days, and what
 * nobody can explain. Amounts are in cents.
 */
import { parseBusinessDay } from '../../src/kernel/business-day';
import { readTerms } from '../../src/settlement/settlement-terms.rules';
import { balances, bankEntry, bankFile, importFile } from '../support/bank';
import type { TestGateway } from '../support/gateway';
import { account, SettlementStage } from '../support/settlement-stage';

const treasury = '9900112233';
let stage: SettlementStage;
let gateway: TestGateway;

beforeAll(async () => {
  stage = await SettlementStage.start('2026-11-27T08:00:00Z');
  ({ gateway } = stage);
  const { terms } = stage;
  const written = { currency: 'TZS', from: parseBusinessDay('2026-01-01') };
  await terms.set('PSP701', readTerms({ ...written, feeBasis: 'day', feeFlat: '10' }), 'test');
  await terms.setTreasury(treasury, 'TZS', 'test');
  await stage.payOn('2026-11-27', 'PSP701', '1000.00', '500.00');
  await stage.payOn('2026-11-27', 'PSP702', '300.00');
  await stage.payOn('2026-11-27', 'PSP703', '700.00');
  await stage.payOn('2026-11-28', 'PSP702', '200.00');
  await stage.payOn('2026-11-29', 'PSP702', '100.00');
  await stage.payOn('2026-11-30', 'PSP701', '400.00');
  await stage.payOn('2026-11-30', 'PSP703', '50.00');
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('until it is due nothing is a discrepancy, whatever day it is from', async () => {
  await gateway.setClock('2026-11-30T20:59:00Z');
  await stage.run();
  expect(await stage.states('2026-11-27')).toEqual([
    'PSP701 pending 150000',
    'PSP702 pending 30000',
    'PSP703 pending 70000',
  ]);
  expect(await stage.states('2026-11-28')).toEqual(['PSP702 pending 20000']);
  expect(await stage.open()).toEqual([]);
  const [first] = await stage.review.status(parseBusinessDay('2026-11-27'));
  expect(first).toMatchObject({
    grossMinor: 150_000n,
    feeMinor: 1_000n,
    netMinor: 149_000n,
    paymentCount: 2,
  });
});

it('when it is due and no statement is here, it is late', async () => {
  await gateway.setClock('2026-11-30T21:00:00Z');
  await stage.run();
  expect(await stage.states('2026-11-27')).toEqual([
    'PSP701 late 150000',
    'PSP702 late 30000',
    'PSP703 late 70000',
  ]);
  expect(await stage.open()).toEqual([
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
  await stage.run();
  expect(await stage.states('2026-11-27')).toEqual([
    'PSP701 settled',
    'PSP702 settled',
    'PSP703 missing 10000',
  ]);
  expect(await stage.states('2026-11-29')).toEqual(['PSP702 settled']);
  expect(await stage.open()).toEqual([
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
  const [statement] = await stage.review.statements(parseBusinessDay('2026-11-30'));
  expect(statement).toMatchObject({ entryCount: 8, unmatchedCount: 2, gapMinor: null });
  const entries = await stage.review.entries(statement?.id ?? 0n);
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
  const { rows, totals } = await stage.review.transit();
  expect(rows.map((each) => [each.pspCode, each.amountMinor, each.since, each.ageDays])).toEqual([
    ['PSP701', 40_000n, '2026-11-30', 1],
    ['PSP703', 15_000n, '2026-11-27', 4],
    ['', 200_000n, '2026-11-30', 1],
  ]);
  expect(totals).toEqual([{ currency: 'TZS', amountMinor: 255_000n, ledgerMinor: 255_000n }]);
});

it('the same again changes nothing', async () => {
  const before = [await gateway.count('bank_match'), await gateway.count('discrepancy_event')];
  expect(await stage.run()).toMatchObject({
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
  await stage.run();
  expect(await stage.states('2026-11-27')).toEqual([
    'PSP701 settled',
    'PSP702 missing 30000',
    'PSP703 settled',
  ]);
  expect(await stage.open()).toEqual([
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
  await stage.run();
  expect(await stage.open()).toEqual([
    'over-settled PSP701 PSP70120261130 39500/39000',
    'unidentified-credit mystery 7700/0',
    'unidentified-debit puzzle 300/0',
  ]);
  const { rows, totals } = await stage.review.transit();
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
