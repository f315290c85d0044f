/** Books that hold one of each kind, for what corrupts them. */
import { Readable } from 'node:stream';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { textOf } from '../../tools/sandbox/sandbox-party';
import type { TestGateway } from '../support/gateway';

const now = '2026-11-24T10:00:00';
export const today = parseBusinessDay('2026-11-24');

async function numberOf(billId: string, sp: Awaited<ReturnType<TestGateway['party']>>) {
  const answer = await sp.waitFor('gepgBillSubResp', (root) => textOf(root, 'BillId') === billId);
  return textOf(answer.root, 'PayCntrNum');
}

/** Two exact bills and a partial one of two institutions, payments on them, one in suspense, and a reconciled day. */
export async function makeSmallBooks(gateway: TestGateway): Promise<void> {
  await gateway.setClock('2026-11-24T08:00:00Z');
  const hospital = await gateway.party('SP70101');
  const water = await gateway.party('SP70202');
  const bank = await gateway.party('PSP701');
  const operator = await gateway.party('PSP703');
  const bills = [
    { sp: hospital, billId: 'A-1', option: '3', systemId: 'THOSP001', gfsCode: '142202' },
    { sp: hospital, billId: 'A-2', option: '2', systemId: 'THOSP001', gfsCode: '142202' },
    { sp: water, billId: 'A-4', option: '3', systemId: 'TMAJI001', gfsCode: '140101' },
  ] as const;
  const amounts = { 'A-1': '500.00', 'A-2': '200.00', 'A-4': '500.00' } as const;
  for (const { sp, billId, option, systemId, gfsCode } of bills) {
    const ack = await submitBills(sp, gateway.url, [
      {
        billId,
        amount: '500.00',
        option,
        generatedAt: now,
        subSpCode: '1001',
        systemId,
        items: [{ gfsCode, amount: '500.00' }],
      },
    ]);
    expect(ack.code).toBe('7101');
    const controlNumber = await numberOf(billId, sp);
    const payment = {
      transactionId: billId,
      controlNumber,
      amount: amounts[billId],
      paidAt: now,
      resultUrl: 'http://127.0.0.1:1/',
    };
    expect((await pay(bank, gateway.url, payment)).code).toBe('7101');
    await sp.waitFor('gepgPmtSpInfo', (root) => textOf(root, 'BillId') === billId);
  }
  const suspense = {
    transactionId: 'A-3',
    controlNumber: '997011234567',
    amount: '70.00',
    paidAt: now,
    resultUrl: 'http://127.0.0.1:1/',
  };
  expect((await pay(operator, gateway.url, suspense)).code).toBe('7101');
  await operator.waitFor('gepgPmtFinResp');
  const bytes = Buffer.from(
    `transaction_id,control_number,amount,currency,paid_at\nA-1,${await numberOf('A-1', hospital)},500.00,TZS,${now}\n` +
      `X-9,997010000000,5.00,TZS,${now}\n`,
  );
  const statement = await gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode: 'PSP701',
    day: today,
    fileName: 'day.csv',
    open: () => Readable.from([bytes]),
    importedBy: 'test',
    isDryRun: false,
  });
  expect(statement.kind).toBe('imported');
  await gateway.app.get(RunReconciliation, { strict: false }).execute(today);
  await gateway.settled();
  await gateway.sealed();
}
