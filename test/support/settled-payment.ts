/** One bill of a hospital, paid on 24 November 2026, matched to the PSP's statement and to the bank's credit. */
import { Readable } from 'node:stream';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { bankEntry, bankFile, importFile } from './bank';
import type { TestGateway } from './gateway';

export interface SettledPayment {
  readonly hospital: SandboxParty;
  readonly bank: SandboxParty;
  readonly paymentId: string;
  readonly billId: string;
  readonly controlNumber: string;
  readonly payerName: string;
}

/** Nothing listens there: results go to the registered address. */
export const resultUrl = 'http://127.0.0.1:1/elsewhere';

/** Leaves the clock at 26 November. */
export async function settledPayment(gateway: TestGateway): Promise<SettledPayment> {
  const day = parseBusinessDay('2026-11-24');
  await gateway.setClock('2026-11-24T08:00:00Z');
  const hospital = await gateway.party('SP70101');
  const bank = await gateway.party('PSP701');
  await submitBills(hospital, gateway.url, [
    {
      billId: 'B-1',
      amount: '51200.00',
      generatedAt: '2026-11-24T10:00:00',
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '51200.00' }],
    },
  ]);
  const answer = await hospital.waitFor('gepgBillSubResp');
  const controlNumber = textOf(answer.root, 'PayCntrNum');
  await pay(bank, gateway.url, {
    transactionId: 'T-1',
    controlNumber,
    amount: '51200.00',
    paidAt: '2026-11-24T10:05:00',
    resultUrl,
  });
  await gateway.settled();
  const { rows } = await gateway.db.query<{ id: string; bill: string; name: string }>(
    `select p.id, b.id as bill, b.payer_name as name from payment p, bill b`,
  );
  await gateway.setClock('2026-11-26T08:00:00Z');
  const line = `T-1,${controlNumber},51200,TZS,2026-11-24T10:05:00\n`;
  await gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode: 'PSP701',
    day,
    fileName: 'one.csv',
    open: () =>
      Readable.from([
        Buffer.from(`transaction_id,control_number,amount,currency,paid_at\n${line}`),
      ]),
    importedBy: 'test',
    isDryRun: false,
  });
  await gateway.app.get(RunReconciliation, { strict: false }).execute(day);
  await importFile(
    gateway,
    bankFile('0170100000011', 'S-1', '2026-11-25', 0n, [
      bankEntry('2026-11-25', 5_120_000n, { remittance: 'PSP701/2026-11-24' }),
    ]),
  );
  await gateway.app.get(MatchSettlement, { strict: false }).execute('test');
  const [found] = rows;
  return {
    hospital,
    bank,
    controlNumber,
    paymentId: found?.id ?? '',
    billId: found?.bill ?? '',
    payerName: found?.name ?? '',
  };
}
