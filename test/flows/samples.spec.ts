/**
 * Requests recorded from real integrations, replayed byte for byte, and all answered. Read from the samples folder
 * beside the project; skipped with a message where it is absent.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { EnrolParty } from '../../src/parties/enrol-party';
import { readPartyFile } from '../../src/parties/party-file.rules';
import { readCertificate } from '../../src/platform/crypto/certificate';
import { projectRoot } from '../../src/installation';
import { sampleParty } from '../../tools/sandbox/sample-keys';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { readRecordedRequest } from '../support/recorded-request';

const folder = join(projectRoot, '../shared/samples');
const isPresent = existsSync(join(folder, 'signer-cert.pem'));
const replay = isPresent ? describe : describe.skip;
if (!isPresent)
  process.stderr.write('samples.spec: no recorded samples beside the project; skipped\n');

let gateway: TestGateway;
/** Only its endpoint is used: it answers the callbacks of all three institutions. */
let endpoint: SandboxParty;

async function send(name: string): Promise<string> {
  const { path, headers, body } = readRecordedRequest(join(folder, `${name}.http`));
  const answer = await request(`${gateway.url}${path}`, { method: 'POST', headers, body });
  expect(answer.statusCode).toBe(200);
  return answer.body.text();
}

async function enrol(code: string, prefix: string, facts: object, base: string): Promise<void> {
  const file = readPartyFile({
    kind: 'service-provider',
    code,
    name: code,
    certificates: ['signer-cert.pem'],
    controlNumberPrefixes: [prefix],
    endpoints: { controlNumber: `${base}/${code}`, payment: `${base}/${code}` },
    ...facts,
  });
  const certificate = readCertificate(readFileSync(join(folder, 'signer-cert.pem')));
  await gateway.app.get(EnrolParty, { strict: false }).execute(file, [certificate], 'test');
}

replay('recorded requests of real integrations', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
    await gateway.setClock('2026-11-24T08:00:00Z');
    endpoint = sampleParty('SP70101');
    const base = await endpoint.listen();
    await enrol(
      'SP534',
      '534',
      { systemIds: ['LTRAB001'], subSpCodes: ['1001'], gfsCodes: ['140283'] },
      base,
    );
    await enrol('SP023', '23', { systemIds: ['SYS1'], gfsCodes: ['140206'] }, base);
    await enrol('SP199', '199', { groups: [{ code: 'SPG1', members: ['SP199'] }] }, base);
  });

  afterAll(async () => {
    await endpoint.close();
    await gateway.stop();
  });

  it('answers the Java integration: a bill, its number, its cancellation', async () => {
    expect(await send('trab-01')).toContain('<gepgBillSubReqAck><TrxStsCode>7101</TrxStsCode>');
    const answer = await endpoint.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === 'BILL-T-1',
    );
    expect(textOf(answer.root, 'TrxStsCode')).toBe('7101');
    expect(textOf(answer.root, 'PayCntrNum')).toMatch(/^99534\d{7}$/);
    expect(await gateway.count('bill', `payer_name = 'Asha &amp; Sons'`)).toBe(1);

    expect(await send('trab-02')).toContain(
      '<gepgBillCanclResp><BillCanclTrxDt><BillId>BILL-T-1</BillId><TrxSts>GS</TrxSts><TrxStsCode>7283</TrxStsCode>',
    );
  });

  it('answers the Node integration: a bill of two item lists, and the cancellation of two bills', async () => {
    expect(await send('node-bridge-01')).toContain('<TrxStsCode>7101</TrxStsCode>');
    const answer = await endpoint.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === 'BILL-N-1',
    );
    expect(textOf(answer.root, 'PayCntrNum')).toMatch(/^9923\d{8}$/);
    expect(await gateway.count('bill_item', `reference in ('IT-A', 'IT-B')`)).toBe(2);
    expect(await gateway.count('bill', `description = 'Service <payment>'`)).toBe(1);

    const cancelled = await send('node-bridge-02');
    expect(cancelled).toContain(
      '<BillId>BILL-N-1</BillId><TrxSts>GS</TrxSts><TrxStsCode>7283</TrxStsCode>',
    );
    expect(cancelled).toContain(
      '<BillId>BILL-N-2</BillId><TrxSts>GF</TrxSts><TrxStsCode>7204</TrxStsCode>',
    );
  });

  it('answers the Node integration: a change by three fields', async () => {
    expect(await send('node-bridge-03')).toContain('<TrxStsCode>7101</TrxStsCode>');
    const answer = await endpoint.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === 'BILL-N-1' && textOf(root, 'TrxSts') === 'GF',
    );
    expect(textOf(answer.root, 'TrxStsCode')).toBe('7283;7201');
  });

  it('answers the Python integration: a bill of a group member, its number, its cancellation', async () => {
    expect(await send('django-et-01')).toContain('<AckStsCode>7101</AckStsCode>');
    const answer = await endpoint.waitFor(
      'billSubRes',
      (root) => textOf(root, 'GrpBillId') === 'BILL-D-1',
    );
    expect(answer.isSigned).toBe(true);
    expect(textOf(answer.root, 'BillCntrNum')).toMatch(/^99199\d{7}$/);
    expect(await gateway.count('bill', `payer_name = 'Asha Özil'`)).toBe(1);

    expect(await send('django-et-03')).toContain(
      '<CanclSts>GS</CanclSts><CanclStsCode>7283</CanclStsCode>',
    );
  });

  it.each(['trab-03', 'node-bridge-04'])('takes the request for a day of %s', async (name) => {
    await gateway.setClock('2026-11-25T08:00:00Z');
    expect(await send(name)).toContain('<ReconcStsCode>7101</ReconcStsCode>');
  });
});
