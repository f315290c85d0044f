/**
 * What officers decide about the bank's lines and about what is short: left, a charge, linked, put in suspense, disputed, a
 * fee; undone by counter-entries. Amounts are in cents.
 */
import { Approvals } from '../../src/officers/approvals';
import { Database } from '../../src/platform/database/database';
import { Resolutions } from '../../src/reconciliation/resolution';
import { ResolveDiscrepancy } from '../../src/reconciliation/resolve-discrepancy';
import { WorkDiscrepancies } from '../../src/reconciliation/work-discrepancies';
import { balances, bankEntry, bankFile, importFile } from '../support/bank';
import type { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { account, SettlementStage } from '../support/settlement-stage';

let stage: SettlementStage;
let gateway: TestGateway;

const input = { note: 'as the bank says by telephone' };
const resolve = () => gateway.app.get(ResolveDiscrepancy, { strict: false });

async function idOf(kind: string): Promise<bigint> {
  const { rows } = await gateway.db.query<{ id: string }>(
    `select id from discrepancy where kind = $1 and state = 'open'`,
    [kind],
  );
  return BigInt(rows[0]?.id ?? 0);
}

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

beforeAll(async () => {
  stage = await SettlementStage.start('2026-11-30T08:00:00Z');
  ({ gateway } = stage);
  await makeOfficer(gateway.app, 'maker', 'treasury-officer');
  await makeOfficer(gateway.app, 'checker', 'treasury-approver');
  await stage.payOn('2026-11-30', 'PSP701', '400.00');
  await stage.payOn('2026-11-30', 'PSP703', '50.00');
  await gateway.setClock('2026-12-02T06:00:00Z');
  const lines = [
    bankEntry('2026-12-01', 40_500n, { remittance: 'PSP70120261130' }),
    bankEntry('2026-12-01', 5_000n),
    bankEntry('2026-12-01', 7_700n, { remittance: 'mystery' }),
    bankEntry('2026-12-01', -300n, { remittance: 'puzzle' }),
  ];
  await importFile(gateway, bankFile(account, 'S-01', '2026-12-01', 0n, lines));
  await stage.run();
  expect(await stage.open()).toEqual([
    'over-settled PSP701 PSP70120261130 40500/40000',
    'unidentified-credit mystery 7700/0',
    'unidentified-debit puzzle 300/0',
  ]);
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('what is over stays unallocated, by one officer', async () => {
  const { effect } = await decided('over-settled', 'leave-unallocated');
  expect(effect).toBe("5.00 TZS of the bank's line stays at the bank, of nobody");
  await stage.run();
  expect(await stage.open()).toEqual([
    'unidentified-credit mystery 7700/0',
    'unidentified-debit puzzle 300/0',
  ]);
});

it('a debit that nobody knew is a charge, by two officers', async () => {
  await decided('unidentified-debit', 'charge');
  expect(await balances(gateway)).toMatchObject({ [`bank-charge:${account}`]: '300' });
});

it('a credit is linked to the PSP and day that it was for, undone, and put in suspense', async () => {
  await stage.payOn('2026-12-03', 'PSP703', '100.00');
  await gateway.setClock('2026-12-04T06:00:00Z');
  await stage.run();
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
  expect(await stage.states('2026-12-03')).toEqual(['PSP703 pending 2300']);

  const undone = await resolve().execute({ id, resolution: 'undo', input }, 'maker');
  await gateway.app.get(Approvals, { strict: false }).approve(undone.approvalId ?? '', 'checker');
  expect(await stage.states('2026-12-03')).toEqual(['PSP703 pending 10000']);
  await decided('unidentified-credit', 'suspense');
  await stage.run();
  expect(await stage.open()).toEqual([]);
  expect(await balances(gateway)).toMatchObject({
    [`suspense:${account}`]: '-7700',
    [`bank-unallocated:${account}`]: '-500',
  });
});

it('the rest of a short credit is disputed, and is in transit no more', async () => {
  await gateway.setClock('2026-12-07T06:00:00Z');
  const credit = bankEntry('2026-12-04', 9_000n, { remittance: 'PSP70320261203' });
  await importFile(gateway, bankFile(account, 'S-04', '2026-12-04', 52_900n, [credit]));
  await stage.run();
  expect(await stage.open()).toEqual(['short-settled PSP703 2026-12-03 9000/10000']);
  const { id, effect } = await decided('short-settled', 'dispute');
  expect(effect).toBe('10.00 TZS that PSP703 owes of 2026-12-03 is a sum that is disputed');
  await stage.run();
  expect(await stage.states('2026-12-03')).toEqual(['PSP703 settled']);
  expect(await balances(gateway)).toMatchObject({ 'disputed-receivable:PSP703': '1000' });
  expect((await stage.review.transit()).totals).toEqual([]);
  const again = { id, resolution: 'undo', input };
  const undone = await resolve().execute(again, 'maker');
  await gateway.app.get(Approvals, { strict: false }).approve(undone.approvalId ?? '', 'checker');
  await stage.run();
  expect(await stage.states('2026-12-03')).toEqual(['PSP703 missing 1000']);
  await decided('short-settled', 'fee');
  expect(await balances(gateway)).toMatchObject({ 'psp-fee:PSP703': '1000' });
  await stage.run();
  await expect(resolve().preview({ id, resolution: 'undo', input })).resolves.toMatchObject({
    needsApproval: true,
  });
  const [{ view, reader }, dispute] = [
    await found(id),
    gateway.app.get(Resolutions, { strict: false }).find('short-settled', 'dispute'),
  ];
  await expect(dispute.preview(reader, view, input)).rejects.toThrow('settlement.nothing-left');
});
