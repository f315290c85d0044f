/**
 * Who owes a reversed payment back is read from settlement, not said by an officer: the PSP until the clearing has come
 * to the bank whole, from then on the gateway, bill by bill of a combined one (rulings.md §8).
 */
import { SubmitBillGroup } from '../../src/bills/submit-bill-group';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { Approvals } from '../../src/officers/approvals';
import { DecideReversals } from '../../src/payments/decide-reversals';
import { Refunds } from '../../src/payments/refunds';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft, names } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

const day = parseBusinessDay('2026-11-24');
let gateway: TestGateway;
let books: Books;
const accounts = new Map<string, string>();

async function pay(psp: string, id: string, amount: string): Promise<void> {
  const bill = draft(id, { amount, systemId: 'THOSP001' });
  expect(await books.pay(psp, id, await books.numberOf('SP70101', bill), amount)).toBe('taken');
}

/** Takes it back, and says whom the entry credits. */
async function reverse(id: string): Promise<readonly string[]> {
  const wish = { paymentId: await books.paymentId(id), reason: 'paid in error' };
  const approvalId = await books.use(DecideReversals).propose(wish, 'amina');
  await books.use(Approvals).approve(approvalId, 'baraka');
  const { rows } = await gateway.db.query<{ said: string }>(
    `select a.name || ' ' || p.credit_minor as said
       from posting p join ledger_account a on a.id = p.account_id
      where p.credit_minor > 0
        and p.entry_id = (select id from ledger_entry where source_kind = 'reversal' order by id desc limit 1)
      order by said`,
  );
  return rows.map(({ said }) => said);
}

/** The bank's statement of an account for the 24th, with one credit of a PSP. */
async function arrive(sp: string, psp: string, amountMinor: bigint): Promise<void> {
  const entry = bankEntry(day, amountMinor, { remittance: `${psp}20261124` });
  const id = `${sp}-${psp}-${String(amountMinor)}`;
  const file = bankFile(accounts.get(sp) ?? '', id, day, 0n, [entry], 'camt.054');
  await importFile(gateway, file);
  await books.use(MatchSettlement).execute('test');
}

const receivable = (psp: string, sp: string) => `psp-receivable:${psp}:${accounts.get(sp) ?? ''}`;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70202', { systemIds: [], subSpCodes: [], gfsCodes: [] });
  const groups = [{ code: 'SPG1', members: ['SP70101', 'SP70202'] }];
  await gateway.party('SP70101', { systemIds: [], groups });
  await gateway.party('PSP701');
  await gateway.party('PSP702', { policy: 'irrevocable' });
  await makeOfficer(gateway.app, 'amina', 'treasury-officer');
  await makeOfficer(gateway.app, 'baraka', 'treasury-approver');
  books = new Books(gateway);
  for (const code of ['SP70101', 'SP70202'])
    accounts.set(code, (await books.sp(code)).accounts[0]?.account ?? '');
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('until the money came the PSP owes it, and less is expected of it', async () => {
  await pay('PSP701', 'A', '100.00');
  await pay('PSP701', 'B', '50.00');
  await pay('PSP701', 'C', '70.00');
  await books.use(MatchSettlement).execute('test');
  expect(await reverse('A')).toEqual([`${receivable('PSP701', 'SP70101')} 10000`]);
  await arrive('SP70101', 'PSP701', 7_000n);
  // Fifty of it has not come: nobody can say whose.
  expect(await reverse('B')).toEqual([`${receivable('PSP701', 'SP70101')} 5000`]);
});

it('when all of it came we owe it, and may refund it; nothing is expected back of the PSP', async () => {
  await books.use(MatchSettlement).execute('test');
  expect(await reverse('C')).toEqual(['refund-payable 7000']);
  await books.use(MatchSettlement).execute('test');
  const states = await books.use(ReviewSettlement).status(day);
  expect(states).toMatchObject([{ pspCode: 'PSP701', state: 'settled', openMinor: 0n }]);
  const wish = {
    source: 'reversal',
    creditorName: 'Neema Mollel',
    creditorAccount: '0111222',
    creditorBank: 'CORUTZTZ',
    reason: 'paid in error',
  } as const;
  const refunds = books.use(Refunds);
  await expect(
    refunds.request({ ...wish, paymentId: await books.paymentId('A'), amountMinor: 1n }, 'amina'),
  ).rejects.toMatchObject({ code: 'refund.too-much' });
  await refunds.request(
    { ...wish, paymentId: await books.paymentId('C'), amountMinor: 7_000n },
    'amina',
  );
});

it('what changed at the bank since it was proposed is not approved', async () => {
  await pay('PSP702', 'M', '40.00');
  await books.use(MatchSettlement).execute('test');
  const decide = books.use(DecideReversals);
  const wish = { paymentId: await books.paymentId('M'), reason: 'paid in error' };
  const approvalId = await decide.propose(wish, 'amina');
  await arrive('SP70101', 'PSP702', 4_000n);
  await expect(books.use(Approvals).approve(approvalId, 'baraka')).rejects.toMatchObject({
    code: 'reversal.settled-meanwhile',
  });
  await books.use(Approvals).decline(approvalId, 'baraka', 'the money came meanwhile');
  expect(await reverse('M')).toEqual(['refund-payable 4000']);
});

it('a payment of a clearing that came before it is not settled by it', async () => {
  await pay('PSP701', 'D', '30.00');
  expect(await reverse('D')).toEqual([`${receivable('PSP701', 'SP70101')} 3000`]);
});

it('money in suspense belongs to a clearing too', async () => {
  const bill = draft('S', { amount: '30.00', systemId: 'THOSP001' });
  const number = await books.numberOf('SP70101', bill);
  for (const id of ['S-1', 'S-2'])
    expect(await books.pay('PSP702', id, number, '30.00')).toBe('taken');
  await books.use(MatchSettlement).execute('test');
  await arrive('SP70101', 'PSP702', 6_000n);
  expect(await reverse('S-2')).toEqual(['refund-payable 3000']);
  expect(await books.pay('PSP702', 'S-3', number, '30.00')).toBe('taken');
  expect(await reverse('S-3')).toEqual([`${receivable('PSP702', 'SP70101')} 3000`]);
});

it('of a combined bill each part is asked for itself', async () => {
  await gateway.setClock('2026-11-24T09:00:00Z');
  const part = (spCode: string, amount: string) => draft('G-p', { spCode, amount });
  const submission = {
    form: 'gepg-v5' as const,
    groupCode: 'SPG1',
    groupBillId: 'G',
    systemId: '',
    reusedNumber: '',
    parts: [part('SP70101', '80.00'), part('SP70202', '20.00')],
  };
  const sp = await books.sp('SP70101');
  const { controlNumber } = await books.inTransaction((tx) =>
    books.use(SubmitBillGroup).execute(tx, sp, submission, names),
  );
  expect(await books.pay('PSP702', 'G-1', controlNumber ?? '', '100.00')).toBe('taken');
  await books.use(MatchSettlement).execute('test');
  await arrive('SP70202', 'PSP702', 2_000n);
  expect(await reverse('G-1')).toEqual([
    `${receivable('PSP702', 'SP70101')} 8000`,
    'refund-payable 2000',
  ]);
});
