/** The first page: what is late, how far the last days are, and what money is on its way; to an institution none of it. */
import { Readable } from 'node:stream';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { Visitor } from './support';

const day = parseBusinessDay('2026-11-24');

let gateway: TestGateway;
let controlNumber: string;
let asked = 0;

beforeAll(async () => {
  gateway = await TestGateway.start();
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
  controlNumber = textOf(answer.root, 'PayCntrNum');
  await pay(bank, gateway.url, {
    transactionId: 'T-1',
    controlNumber,
    amount: '51200.00',
    paidAt: '2026-11-24T10:05:00',
    resultUrl: 'http://127.0.0.1:1/elsewhere',
  });
  await gateway.settled();
}, 120_000);

afterAll(() => gateway.stop());

/** Signed in after the clock has moved: hours without a request end a session. */
async function overviewOf(role: 'treasury-officer' | 'institution-officer'): Promise<string> {
  asked += 1;
  const name = `${role}.${String(asked)}`;
  const party = role === 'institution-officer' ? 'SP70101' : undefined;
  const password = await makeOfficer(gateway.app, name, role, party);
  const visitor = await Visitor.signedIn(gateway.url, gateway.app, name, password);
  return (await visitor.get('/console')).text.replace(/\s+/g, ' ');
}

const upload = `/console/reconciliation/upload?psp=PSP701&amp;day=${day}`;
const closing = `/console/closing/${day}`;

it('before the cut-off nothing is late, though the day is over', async () => {
  await gateway.setClock('2026-11-24T21:10:00Z');
  const text = await overviewOf('treasury-officer');
  expect(text).toContain('Every statement that is due is here.');
  expect(text).toContain('Tuesday 24/11/2026');
  expect(text).toContain('0 of 1');
});

it('after it the statement is late, and the way to send it is there', async () => {
  await gateway.setClock('2026-11-25T05:00:00Z');
  const text = await overviewOf('treasury-officer');
  expect(text).toContain(upload);
  expect(text).toContain('0 of them are ready to close');
});

it('with the statement, the day is ready to close and the money is on its way', async () => {
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
  await gateway.app.get(MatchSettlement, { strict: false }).execute('test');
  const text = await overviewOf('treasury-officer');
  expect(text).not.toContain(upload);
  expect(text).toContain('1 of them is ready to close');
  expect(text).toContain(closing);
  expect(text).toMatch(/Funds in transit<\/span><span class="app-panel__figure">TZS 51,200\.00/);
});

it('an institution is told of its deliveries, and nothing of the treasury', async () => {
  const text = await overviewOf('institution-officer');
  expect(text).toContain('Collected today');
  for (const foreign of ['Funds in transit', 'Late statements', 'The last days', 'Open alarms'])
    expect(text).not.toContain(foreign);
});
