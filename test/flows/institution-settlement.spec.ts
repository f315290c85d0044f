/**
 * What an institution is told of its money over some days: collected, taken back, refunded, at the bank and on its way.
 * The statement by entry, the report by day, and the sums of the day over /v1 are one to the cent.
 */
import { InstitutionSettlement } from '../../src/closing/institution-settlement';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { Refunds } from '../../src/payments/refunds';
import { ReversePayment } from '../../src/payments/reverse-payment';
import { plainCell } from '../../src/reports/cell-text.rules';
import type { ReportName } from '../../src/reports/report-catalogue';
import { RunReport } from '../../src/reports/run-report';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';

const first = parseBusinessDay('2026-11-24');
const last = parseBusinessDay('2026-11-26');
const officers = { requestedBy: 'amina', approvedBy: 'baraka' };
let gateway: TestGateway;
let books: Books;

async function pay(psp: string, id: string, amount: string): Promise<void> {
  const number = await books.numberOf(
    'SP70101',
    draft(id, { amount: '100.00', systemId: 'THOSP001', paymentOption: '1' }),
  );
  expect(await books.pay(psp, id, number, amount)).toBe('taken');
}

/** Lines of the columns that are asked for, and the totals under them. */
async function report(name: ReportName, ...keys: readonly string[]): Promise<readonly string[]> {
  const { id } = await books.sp('SP70101');
  const page = await books.use(RunReport).page(
    {
      name,
      parameters: { from: first, to: last },
      scope: { partyId: id },
      askedBy: 'SP70101',
      language: 'en',
    },
    1_000,
  );
  const places = keys.map((key) => page.columns.findIndex((column) => column.key === key));
  const texts = (row: (typeof page.rows)[number]) =>
    places.map((place) => plainCell(row[place] ?? null, page.columns[place]?.kind ?? 'text'));
  return [...page.rows, ...(page.summary?.totals ?? []).map(({ cells }) => cells)].map((row) =>
    texts(row).join(' '),
  );
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  books = new Books(gateway);
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  await gateway.party('PSP702');
  await pay('PSP701', 'A', '100.00');
  await pay('PSP701', 'B', '150.00');
  await pay('PSP702', 'C', '100.00');
  await gateway.setClock('2026-11-25T08:00:00Z');
  await pay('PSP701', 'D', '100.00');
  await importFile(
    gateway,
    bankFile('0170100000011', 'S-1', '2026-11-25', 0n, [
      bankEntry('2026-11-25', 25_000n, { remittance: 'PSP70120261124' }),
      bankEntry('2026-11-25', 4_000n, { remittance: 'PSP70220261124' }),
    ]),
  );
  await books.use(MatchSettlement).execute('test');
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('of a clearing that is short all is on its way', async () => {
  expect(
    await report('settlement', 'day', 'psp', 'payments', 'collected', 'settled', 'inTransit'),
  ).toEqual([
    '2026-11-24 PSP701 2 250.00 250.00 0.00',
    '2026-11-24 PSP702 1 100.00 0.00 100.00',
    '2026-11-25 PSP701 1 100.00 0.00 100.00',
    '  4 450.00 250.00 200.00',
  ]);
});

it('what goes back is told apart, and the rest is where it was', async () => {
  await gateway.setClock('2026-11-26T08:00:00Z');
  await books.inTransaction(async (tx) => {
    await books.use(ReversePayment).execute(tx, {
      ...officers,
      paymentId: await books.paymentId('D'),
      reason: 'twice',
    });
    await books.use(Refunds).execute(
      tx,
      {
        paymentId: await books.paymentId('B'),
        source: 'surplus',
        amountMinor: 2_000n,
        creditorName: 'Neema Mollel',
        creditorAccount: '0111222',
        creditorBank: 'CORUTZTZ',
        reason: 'overpaid',
      },
      officers,
    );
  });
  const amounts = ['collected', 'takenBack', 'refunded', 'settled', 'inTransit'];
  expect(await report('settlement', 'day', 'psp', ...amounts)).toEqual([
    '2026-11-24 PSP701 250.00 0.00 -20.00 230.00 0.00',
    '2026-11-24 PSP702 100.00 0.00 0.00 0.00 100.00',
    '2026-11-25 PSP701 100.00 -100.00 0.00 0.00 0.00',
    '  450.00 -100.00 -20.00 230.00 100.00',
  ]);
  expect(await report('statement', 'source', 'receipt', 'net', 'settled', 'inTransit')).toEqual([
    expect.stringMatching(/^payment \S+ 100.00 100.00 0.00$/),
    expect.stringMatching(/^payment \S+ 100.00 100.00 0.00$/),
    expect.stringMatching(/^payment \S+ 50.00 50.00 0.00$/),
    expect.stringMatching(/^payment \S+ 100.00 0.00 100.00$/),
    expect.stringMatching(/^payment \S+ 100.00 0.00 100.00$/),
    expect.stringMatching(/^reversal \S+ -100.00 0.00 -100.00$/),
    expect.stringMatching(/^refund \S+ -20.00 -20.00 0.00$/),
    '  330.00 230.00 100.00',
  ]);
});

it('the sums over the days are those of the report', async () => {
  const { id } = await books.sp('SP70101');
  const { sums } = await books.use(InstitutionSettlement).execute(id, first, last);
  expect(sums).toEqual([
    {
      currency: 'TZS',
      pspCode: 'PSP701',
      collectedMinor: 35_000n,
      reversedMinor: 10_000n,
      refundedMinor: 2_000n,
      settledMinor: 23_000n,
      inTransitMinor: 0n,
    },
    {
      currency: 'TZS',
      pspCode: 'PSP702',
      collectedMinor: 10_000n,
      reversedMinor: 0n,
      refundedMinor: 0n,
      settledMinor: 0n,
      inTransitMinor: 10_000n,
    },
  ]);
});
