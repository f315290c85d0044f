/** A written day: payments that arrive, a statement with one of each error, and a report that shows every one. */
import { Readable } from 'node:stream';
import { ImportStatement, type ImportOutcome } from '../../src/reconciliation/import-statement';
import { DayReport, dayReportCsv } from '../../src/reconciliation/day-report';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { dammDigit } from '../../src/bills/control-number.rules';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

const day = parseBusinessDay('2026-11-24');
const now = '2026-11-24T10:00:00';
const header = 'transaction_id,control_number,amount,currency,paid_at,receipt_number';
const strange = `99701999999${dammDigit('99701999999')}`;

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;
const numbers: string[] = [];

function line(transactionId: string, controlNumber: string, amount = '50000.00'): string {
  return `${transactionId},${controlNumber},${amount},TZS,${now},`;
}

async function importLines(lines: readonly string[]): Promise<ImportOutcome> {
  return gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode: 'PSP701',
    day,
    fileName: 'day.csv',
    open: () => Readable.from([Buffer.from([header, ...lines, ''].join('\r\n'))]),
    importedBy: 'test',
    isDryRun: false,
  });
}

async function reconcile() {
  const [run] = await gateway.app.get(RunReconciliation, { strict: false }).execute(day);
  return run;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
  for (let i = 0; i < 6; i++) {
    const billId = `B-${String(i)}`;
    await submitBills(hospital, gateway.url, [
      {
        billId,
        amount: '50000.00',
        generatedAt: now,
        subSpCode: '1001',
        systemId: 'THOSP001',
        items: [{ gfsCode: '142202', amount: '50000.00' }],
      },
    ]);
    const answer = await hospital.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === billId,
    );
    numbers.push(textOf(answer.root, 'PayCntrNum'));
  }
  for (const [i, amount] of ['50000', '50000', '50000', '50000', '1'].entries()) {
    await pay(bank, gateway.url, {
      transactionId: `T-${String(i)}`,
      controlNumber: numbers[i] ?? '',
      amount,
      paidAt: now,
      resultUrl: 'http://127.0.0.1:1/',
    });
  }
});

afterAll(async () => {
  await gateway.stop();
});

describe('a business day', () => {
  it('imports nothing of a file with bad lines, and names each', async () => {
    const outcome = await importLines([
      line('T-0', numbers[0] ?? ''),
      line('T-1', '99x'),
      line('T-2', numbers[2] ?? '', '1e3'),
    ]);
    expect(outcome).toMatchObject({
      kind: 'faulty',
      faults: [
        { line: 3, column: 'control_number' },
        { line: 4, column: 'amount' },
      ],
    });
    expect(await gateway.count('statement')).toBe(0);
  });

  it('finds one of each discrepancy and matches the rest', async () => {
    const [n0 = '', n1 = '', n2 = '', , n4 = '', n5 = ''] = numbers;
    const lines = [
      line('T-0', n0),
      line('T-0', n0),
      line('T-1', n1, '49000.00'),
      line('OTHER-ID', n2),
      line('T-4', n4, '1.00'),
      line('T-5', n5),
      line('T-6', strange),
    ];
    expect(await importLines(lines)).toMatchObject({ kind: 'imported', revision: 1 });
    expect(await importLines(lines)).toMatchObject({ kind: 'already-imported' });

    expect(await reconcile()).toEqual({
      pspCode: 'PSP701',
      lineCount: 7,
      paymentCount: 4,
      matchCount: 2,
      discrepancies: [
        { kind: 'amount-differs', count: 1 },
        { kind: 'duplicate-line', count: 1 },
        { kind: 'missing-here', count: 1 },
        { kind: 'missing-there', count: 1 },
        { kind: 'refused-here', count: 1 },
        { kind: 'unknown-number', count: 1 },
      ],
    });
    expect(await gateway.count('match', `rule = 'number-amount-day'`)).toBe(1);
  });

  it('reports the day from the runs and from the ledger', async () => {
    const report = await gateway.app.get(DayReport, { strict: false }).execute(day);
    expect(report.runs).toMatchObject([
      { pspCode: 'PSP701', hasStatement: true, isProvisional: true },
    ]);
    expect(report.collections).toEqual([
      { account: 'sp-payable:SP70101:142202', currency: 'TZS', amount: '200000.00' },
    ]);
    const csv = dayReportCsv(report).trimEnd().split('\n');
    expect(csv).toHaveLength(7);
    expect(csv).toContain('PSP701,amount-differs,T-1,49000.00,50000.00,TZS');
  });

  it('withdraws what a corrected statement no longer shows', async () => {
    const lines = ['T-0', 'T-1', 'T-2', 'T-3'].map((id, i) => line(id, numbers[i] ?? ''));
    expect(await importLines(lines)).toMatchObject({ kind: 'imported', revision: 2 });
    expect(await reconcile()).toMatchObject({ matchCount: 4, discrepancies: [] });
    expect(await gateway.count('discrepancy', `state = 'withdrawn'`)).toBe(6);
  });

  it('refuses an unknown PSP and a line without end', async () => {
    const command = { pspCode: 'PSP999', day, fileName: 'x', importedBy: 'test', isDryRun: true };
    const execute = (bytes: Buffer) =>
      gateway.app.get(ImportStatement, { strict: false }).execute({
        ...command,
        open: () => Readable.from([bytes]),
      });
    await expect(execute(Buffer.from(`${header}\n`))).rejects.toMatchObject({
      code: 'statement.psp-unknown',
    });
    command.pspCode = 'PSP701';
    const endless = Buffer.concat([Buffer.from(`${header}\n`), Buffer.alloc(100_000, 'x')]);
    expect(await execute(endless)).toMatchObject({
      kind: 'faulty',
      faults: [{ line: 2, reason: expect.stringMatching(/not a CSV line: .*8192/) as string }],
    });
  });
});
