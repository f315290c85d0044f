/**
 * Our own sample requests: the files are what the script writes, byte for byte, and the gateway answers each as a
 * client of the field needs it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';
import { sampleFiles } from '../../tools/sandbox/sample-files';
import { type Answer, type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { readRecordedRequest } from '../support/recorded-request';

const folder = join(projectRoot, 'certs-sample', 'requests');

it('holds exactly the files that the script writes', () => {
  const made = sampleFiles();
  expect(readdirSync(folder).sort()).toEqual([...made.keys()].sort());
  const different = [...made].filter(
    ([name, bytes]) => !readFileSync(join(folder, name)).equals(bytes),
  );
  expect(different.map(([name]) => name)).toEqual([]);
});

describe('replayed', () => {
  let gateway: TestGateway;
  let parties: ReadonlyMap<string, SandboxParty>;

  const partyOf = (code: string): SandboxParty => {
    const party = parties.get(code);
    if (party === undefined) throw new Error(`no party ${code}`);
    return party;
  };

  async function send(name: string, by: string): Promise<Answer> {
    const { path, headers, body } = readRecordedRequest(join(folder, `${name}.http`));
    const answer = await partyOf(by).post(gateway.url, path, body, headers);
    expect(answer.status).toBe(200);
    return answer;
  }

  async function numberOf(code: string, billId: string): Promise<string> {
    const answer = await partyOf(code).waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === billId,
    );
    expect(textOf(answer.root, 'TrxStsCode')).toBe('7101');
    return textOf(answer.root, 'PayCntrNum');
  }

  beforeAll(async () => {
    gateway = await TestGateway.start();
    await gateway.setClock('2026-11-24T08:00:00Z');
    const codes = ['SP70101', 'SP70202', 'PSP701', 'PSP703'];
    const enrolled: [string, SandboxParty][] = [];
    for (const code of codes) enrolled.push([code, await gateway.party(code)]);
    parties = new Map(enrolled);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it.each([
    ['java-01', 'SP70101', ['MFANO-J-1'], `payer_name = 'Juma &amp; Wanawe'`],
    ['java-02', 'SP70101', ['MFANO-J-2'], `amount_minor = 1250000000`],
    ['node-01', 'SP70202', ['MFANO-N-1'], `description = 'Maji <kaya>'`],
    [
      'dotnet-01',
      'SP70202',
      ['MFANO-41001', 'MFANO-41002', 'MFANO-41003'],
      `description = 'Dira 3' and amount_minor = 788550`,
    ],
    ['php-01', 'SP70101', ['MFANO-P-1'], `payer_email = '' and payer_name = 'Neema Swai'`],
    ['php-02', 'SP70101', ['MFANO-P-2'], `payer_name = 'Rehema Massawe'`],
  ])('%s: takes the bills and answers a number for each', async (name, by, billIds, where) => {
    const answer = await send(name, by);
    expect(answer).toMatchObject({ code: '7101', isSigned: true });
    for (const billId of billIds) expect(await numberOf(by, billId)).toMatch(/^997\d{9}$/);
    expect(await gateway.count('bill', where)).toBe(1);
  });

  it('verifies what the PHP client signed: the line breaks with the element', async () => {
    expect(await gateway.count('inbound_message', `signature_candidate = 'between'`)).toBe(2);
  });

  it('java-03: takes the ill-formed text that the client signed escaped', async () => {
    expect(await send('java-03', 'SP70101')).toMatchObject({ code: '7101', isSigned: true });
    expect(await numberOf('SP70101', 'MFANO-J-3')).toMatch(/^997\d{9}$/);
    expect(await gateway.count('bill', `payer_name = 'Baraka & Wana'`)).toBe(1);
  });

  /** The combined bill is authenticated and not served yet. */
  it.each([
    ['java-05', 'SP70101', 'gepgSpReconcReqAck', 'ReconcStsCode', '7101'],
    ['node-03', 'SP70202', 'gepgBillSubReqAck', 'TrxStsCode', '7101'],
    ['node-04', 'SP70202', 'gepgBillSubReqAck', 'TrxStsCode', '7101'],
    ['node-05', 'SP70202', 'gepgSpReconcReqAck', 'ReconcStsCode', '7101'],
    ['python-01', 'SP70101', 'billSubReqAck', 'AckStsCode', '7101'],
    ['python-02', 'SP70101', 'billCanclRes', 'CanclStsCode', '7283'],
    ['python-03', 'SP70101', 'sucSpPmtReqAck', 'AckStsCode', '7101'],
    ['python-04', 'SP70101', 'billSubReqAck', 'AckStsCode', '7101'],
  ])('%s: answers cleanly', async (name, by, root, element, code) => {
    const answer = await send(name, by);
    expect(answer.root.name).toBe(root);
    expect(answer.isSigned).toBe(true);
    expect(textOf(answer.root, element)).toBe(code);
  });

  it('node-03 and node-04: moves the expiry, and knows no such number to use again', async () => {
    const changed = `sp_bill_id = 'MFANO-N-1' and expires_at = '2028-03-31T20:59:59Z'`;
    await partyOf('SP70202').waitFor(
      'gepgBillSubResp',
      (root) =>
        textOf(root, 'BillId') === 'MFANO-N-1' && textOf(root, 'TrxStsCode').includes('7334'),
    );
    expect(await gateway.count('bill', changed)).toBe(1);
    const refused = await partyOf('SP70202').waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === 'MFANO-N-2',
    );
    expect(textOf(refused.root, 'TrxStsCode')).toBe('7335;7201');
  });

  it('node-02 and java-04: cancel, and say per bill what became of it', async () => {
    expect((await send('node-02', 'SP70202')).body.toString()).toContain(
      '<BillCanclTrxDt><BillId>MFANO-N-1</BillId><TrxSts>GS</TrxSts><TrxStsCode>7283</TrxStsCode></BillCanclTrxDt>' +
        '<BillCanclTrxDt><BillId>MFANO-N-9</BillId><TrxSts>GF</TrxSts><TrxStsCode>7204</TrxStsCode></BillCanclTrxDt>',
    );
    expect((await send('java-04', 'SP70101')).body.toString()).toContain(
      '<BillId>MFANO-J-2</BillId><TrxSts>GS</TrxSts><TrxStsCode>7283</TrxStsCode>',
    );
  });

  it.each([
    ['bank-01', 'PSP701', '7335'],
    ['bank-02', 'PSP701', '7335'],
    ['bank-03', 'PSP701', '7335'],
    // Its money cannot be taken back, so it is kept in suspense.
    ['operator-01', 'PSP703', '7101'],
  ])('%s from %s: answers %s for a number that was never issued', async (name, by, code) => {
    expect(await send(name, by)).toMatchObject({ code, isSigned: true });
  });

  it('reads the time of payment with a fraction, with a zone and without', async () => {
    const { rows } = await gateway.db.query<{ id: string; paidAt: Date }>(
      `select psp_transaction_id as id, paid_at as "paidAt" from payment_notification order by 1`,
    );
    expect(rows.map((row) => [row.id, row.paidAt.toISOString()])).toEqual([
      ['MFANO-T-1', '2026-11-24T06:15:00.000Z'],
      ['MFANO-T-2', '2026-11-24T06:15:00.250Z'],
      ['MFANO-T-3', '2026-11-24T06:15:00.000Z'],
    ]);
  });
});
