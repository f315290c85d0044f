/**
 * Closed days are kept as sums, and every report says of them to the cent what it said while they were open; and what
 * changes about them afterwards (money that finds its bill, what is taken or given back, terms that reach back, money that
 * comes to the bank) shows as it would from the payments themselves.
 */
import { SubmitBillGroup } from '../../src/bills/submit-bill-group';
import { ClosingStore } from '../../src/closing/closing.store';
import { InstitutionSettlement } from '../../src/closing/institution-settlement';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ClosedDays } from '../../src/ledger/closed-days';
import { PlacePayment } from '../../src/payments/place-payment';
import { Refunds } from '../../src/payments/refunds';
import { ReversePayment } from '../../src/payments/reverse-payment';
import type { ReportName } from '../../src/reports/report-catalogue';
import { dimensions, steps } from '../../src/reports/report-parameters.rules';
import { RunReport } from '../../src/reports/run-report';
import { ManageTerms } from '../../src/settlement/manage-terms';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { defaultTerms } from '../../src/settlement/settlement-terms.rules';
import { bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft, item, names } from '../support/bills';
import { TestGateway } from '../support/gateway';

const [hospital, council] = ['SP70101', 'SP70202'];
const first = parseBusinessDay('2026-11-24');
const second = parseBusinessDay('2026-11-25');
const last = parseBusinessDay('2026-11-26');
const officers = { requestedBy: 'amina', approvedBy: 'baraka' };
let gateway: TestGateway;
let books: Books;

async function billOf(id: string, paymentOption: string, items = [item('100.00')]) {
  const amount = items.length === 1 ? '100.00' : '160.00';
  const more = { amount, systemId: 'THOSP001', paymentOption, items };
  return books.numberOf(hospital, draft(id, more));
}

async function pay(psp: string, id: string, number: string, amount: string): Promise<void> {
  expect(await books.pay(psp, id, number, amount)).toBe('taken');
}

async function payGroup(id: string): Promise<void> {
  const part = (spCode: string, amount: string) =>
    draft(`${id}-p`, { spCode, amount, paymentOption: '2', items: [item(amount)] });
  const parts = [part(hospital, '700.00'), part(council, '300.00')];
  const submission = { form: 'gepg-v5', groupCode: 'SPG1', groupBillId: id, systemId: '' } as const;
  const sp = await books.sp(hospital);
  const { controlNumber } = await books.inTransaction((tx) =>
    books.use(SubmitBillGroup).execute(tx, sp, { ...submission, reusedNumber: '', parts }, names),
  );
  await pay('PSP702', id, controlNumber ?? '', '1000.00');
}

async function agree(validFrom: string, cutoffMinutes: number): Promise<void> {
  const day = parseBusinessDay(validFrom);
  const terms = { ...defaultTerms, currency: 'TZS', validFrom: day, cutoffMinutes } as const;
  await books.use(ManageTerms).set('PSP701', terms, 'test');
}

async function rowsOf(name: ReportName, parameters: object): Promise<readonly unknown[]> {
  const { rows } = await books.use(RunReport).page(
    {
      name,
      parameters: { from: first, to: last, ...parameters },
      scope: 'everybody',
      askedBy: 'test',
      language: 'en',
    },
    1_000,
  );
  return rows;
}

/** Everything that reads kept days. */
async function views(): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  const filters = [
    {},
    { sp: hospital },
    { psp: 'PSP702' },
    { gfs: '142203' },
    { channel: 'MOBILE' },
    { currency: 'USD' },
  ];
  for (const by of dimensions)
    for (const period of steps)
      for (const filter of filters)
        found[JSON.stringify({ by, period, ...filter })] = await rowsOf('collections', {
          by,
          period,
          ...filter,
        });
  for (const sp of [hospital, council]) {
    found[`settlement ${sp}`] = await rowsOf('settlement', { sp });
    const { id } = await books.sp(sp);
    const { sums } = await books.use(InstitutionSettlement).execute(id, first, last);
    found[`sums ${sp}`] = sums;
  }
  for (const day of [first, second])
    found[`collected ${day}`] = await books.use(ReviewSettlement).collected(day);
  return found;
}

/** What the report of settlement says, payment by payment. */
async function settledOneByOne(sp: string): Promise<readonly unknown[]> {
  const { rows } = await gateway.db.query<Record<string, string>>(
    `select c.business_day::text as day, y.code as psp, count(distinct c.payment_id) as payments,
            sum(c.collected_minor) as collected, -sum(c.reversed_minor) as "takenBack", -sum(c.refunded_minor) as refunded,
            coalesce(sum(c.collected_minor - c.reversed_minor - c.refunded_minor) filter (where c.is_settled), 0) as settled
       from collected_part c join party y on y.id = c.psp_id
      where c.sp_id = (select id from party where code = $1)
      group by 1, 2 order by 1, 2`,
    [sp],
  );
  return rows.map(({ day, psp, ...sums }) => [day, psp, ...Object.values(sums).map(String)]);
}

async function settledInReport(sp: string): Promise<readonly unknown[]> {
  const rows = (await rowsOf('settlement', { sp })) as (string | bigint)[][];
  return rows.map(([day, psp, , , ...sums]) => [day, psp, ...sums.slice(0, 5).map(String)]);
}

async function close(day: typeof first): Promise<void> {
  await books.inTransaction(async (tx) => {
    await books.use(ClosedDays).hold(tx, day);
    await books.use(ClosedDays).close(tx, day);
    await books.use(ClosingStore).keepCollections(tx, day);
  });
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  books = new Books(gateway);
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party(council, { systemIds: [], subSpCodes: [], gfsCodes: [] });
  const groups = [{ code: 'SPG1', members: [hospital, council] }];
  await gateway.party(hospital, { systemIds: [], gfsCodes: [], groups });
  await gateway.party('PSP701');
  await gateway.party('PSP702', { policy: 'irrevocable' });
  await agree('2026-11-01', 16 * 60);
  await pay('PSP701', 'A', await billOf('A', '3'), '100.00');
  await pay('PSP701', 'B', await billOf('B', '1'), '150.00');
  const two = [item('100.00'), item('60.00', '142203')];
  await pay('PSP701', 'C', await billOf('C', '3', two), '160.00');
  await payGroup('G');
  await pay('PSP702', 'S', '991234567890', '30.00');
  await gateway.setClock('2026-11-24T14:30:00Z');
  await pay('PSP701', 'L', await billOf('L', '3'), '100.00');
  await gateway.setClock('2026-11-25T08:00:00Z');
  await pay('PSP702', 'D', await billOf('D', '3'), '100.00');
  const reversed = { ...officers, paymentId: await books.paymentId('A'), reason: 'twice' };
  await books.inTransaction((tx) => books.use(ReversePayment).execute(tx, reversed));
  await importFile(
    gateway,
    bankFile('0170100000011', 'S-1', second, 0n, [
      bankEntry(second, 41_000n, { remittance: 'PSP70120261124' }),
    ]),
  );
  await books.use(MatchSettlement).execute('test');
  await gateway.setClock('2026-11-26T08:00:00Z');
});

afterAll(async () => {
  await gateway.stop({ fabricated: 'the days are closed without their records' });
});

it('closed days are told as they were while they were open', async () => {
  const open = await views();
  expect(JSON.stringify(open['settlement SP70202'], text)).toContain('30000');
  for (const day of [first, second]) {
    await close(day);
    expect(await views()).toEqual(open);
  }
  expect(await gateway.count('collection_day', `business_day = '${second}'`)).toBeGreaterThan(0);
  expect(await gateway.count('institution_day', `business_day = '${second}'`)).toBeGreaterThan(0);
});

it('and so is what changes about them later', async () => {
  const same = async () => {
    for (const sp of [hospital, council])
      expect(await settledInReport(sp)).toEqual(await settledOneByOne(sp));
  };
  await same();
  const controlNumber = await billOf('late', '2');
  await books.inTransaction(async (tx) => {
    const paymentId = await books.paymentId('S');
    await books.use(PlacePayment).execute(tx, { ...officers, paymentId, controlNumber });
    const paid = { ...officers, paymentId: await books.paymentId('C'), reason: 'twice' };
    await books.use(ReversePayment).execute(tx, paid);
    const refund = {
      paymentId: await books.paymentId('B'),
      source: 'surplus',
      amountMinor: 2_000n,
      creditorName: 'Neema Mollel',
      creditorAccount: '0111222',
      creditorBank: 'CORUTZTZ',
      reason: 'overpaid',
    } as const;
    await books.use(Refunds).execute(tx, refund, officers);
  });
  await same();
  // What left suspense is on another account.
  const collected = await books.use(ReviewSettlement).collected(first);
  expect(collected.filter(({ spCode }) => spCode === hospital)).toMatchObject([
    { collectionAccount: '0170100000011', paymentCount: 5, amountMinor: 121_000n },
    { paymentCount: 1, amountMinor: 3_000n },
  ]);
  await agree('2026-11-02', 10 * 60);
  await same();
  await books.use(MatchSettlement).execute('test');
  await same();
  await importFile(
    gateway,
    bankFile('0170100000011', 'S-2', last, 41_000n, [
      bankEntry(last, 200_000n, { remittance: 'PSP70220261124' }),
    ]),
  );
  await books.use(MatchSettlement).execute('test');
  await same();
});

function text(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
