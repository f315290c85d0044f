/** Bad messages over real HTTP: the code of each, always HTTP 200 and signed, and exactly the trace it may leave. */
import { submitBills } from '../../tools/sandbox/messages';
import { sampleParty } from '../../tools/sandbox/sample-keys';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { writeElement } from '../../src/gepg/xml';
import { PartyDirectory } from '../../src/parties/party-directory';
import { TestGateway } from '../support/gateway';

const path = '/api/payment/sigqrequest';

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;

function payment(changes: Readonly<Record<string, string>> = {}, pspCode = 'PSP701'): Buffer {
  return writeElement('gepgPmtPstReq', {
    PspDtl: { PspCode: pspCode, ResultUrl: '' },
    PymtTrxInf: {
      TrxId: 'T-bad',
      BillCtrNum: '997010000000',
      PaidAmt: '100.00',
      CCy: 'TZS',
      TrxDtTm: '2026-11-24T10:00:00',
      ...changes,
    },
  });
}

async function traces(): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const table of ['inbound_message', 'payment_notification', 'payment']) {
    counts.push(await gateway.count(table));
  }
  return counts;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
});

afterAll(async () => {
  await gateway.stop();
});

describe('a message of nobody known leaves no row', () => {
  const unsigned = (element: Buffer, signature = '') =>
    `<Gepg>${element.toString()}${signature}</Gepg>`;

  it.each<[string, string, () => Buffer | string, Record<string, string>]>([
    ['empty', '7242', () => '', {}],
    ['not XML', '7242', () => 'hello', {}],
    ['with a DOCTYPE', '7242', () => `<!DOCTYPE x>${bank.sign(payment()).toString()}`, {}],
    [
      'with a duplicate element',
      '7242',
      () => {
        const text = payment().toString().replace('<CCy>', '<CCy>USD</CCy><CCy>');
        return bank.sign(Buffer.from(text));
      },
      {},
    ],
    [
      'of another operation',
      '7242',
      () => bank.sign(writeElement('gepgBillQryReq', { BillReqId: '1', BillCtrNum: '1' })),
      {},
    ],
    ['without a signature', '7303', () => unsigned(payment()), {}],
    [
      'with an empty signature',
      '7303',
      () => unsigned(payment(), '<gepgSignature></gepgSignature>'),
      {},
    ],
    [
      'with the signature of another message',
      '7303',
      () => bank.sign(payment()).toString().replace('100.00', '900.00'),
      {},
    ],
    ['signed by another party', '7303', () => sampleParty('PSP702').sign(payment()), {}],
    [
      'of an unknown PSP',
      '7215',
      () => bank.sign(payment({}, 'PSP999')),
      { 'gepg-code': 'PSP999' },
    ],
  ])('%s: %s', async (_case, code, body, headers) => {
    const before = await traces();
    const answer = await bank.post(gateway.url, path, body(), headers);
    expect(answer).toMatchObject({ status: 200, code, isSigned: true });
    expect(await traces()).toEqual(before);
  });

  it('of an unknown institution: 7205', async () => {
    const answer = await hospital.post(
      gateway.url,
      '/api/bill/sigqrequest',
      hospital.sign(
        writeElement('gepgBillSubReq', { BillHdr: { SpCode: 'SP9', RtrRespFlg: 'true' } }),
      ),
      { 'gepg-code': 'SP9' },
    );
    expect(answer).toMatchObject({ status: 200, code: '7205', isSigned: true });
  });
});

describe('a message of a known party is kept with its code, and takes no money', () => {
  it.each<[string, () => Buffer, Record<string, string>]>([
    ['7242', () => payment({ PaidAmt: '1e3' }), {}],
    ['7242', () => payment({ PaidAmt: '-1' }), {}],
    ['7242', () => payment({ PaidAmt: '1,000' }), {}],
    ['7242', () => payment({ PaidAmt: '1000.001' }), {}],
    ['7242', () => payment({ PaidAmt: '0' }), {}],
    ['7242', () => payment({ TrxId: 'a b' }), {}],
    ['7219', () => payment({ CCy: 'XYZ' }), {}],
    ['7281', () => payment({ TrxDtTm: '2026-11-26T10:00:00' }), {}],
    ['7323', () => payment({}, 'PSP702'), {}],
  ])('%s', async (code, element, headers) => {
    const [messages = 0, ...rest] = await traces();
    const answer = await bank.post(gateway.url, path, bank.sign(element()), headers);
    expect(answer).toMatchObject({ status: 200, code, isSigned: true });
    expect(await traces()).toEqual([messages + 1, ...rest]);
    expect(await gateway.count('inbound_message', `status_code = '${code}'`)).toBeGreaterThan(0);
  });

  it('of the wrong role: 7203', async () => {
    const body = hospital.sign(payment({}, 'SP70101'));
    expect(await hospital.post(gateway.url, path, body)).toMatchObject({
      status: 200,
      code: '7203',
    });
  });

  it('of a suspended party: 7216', async () => {
    await gateway.db.query(`update party set status = 'suspended' where code = 'PSP701'`);
    gateway.app.get(PartyDirectory, { strict: false }).forget();
    const answer = await bank.post(gateway.url, path, bank.sign(payment()));
    await gateway.db.query(`update party set status = 'active' where code = 'PSP701'`);
    gateway.app.get(PartyDirectory, { strict: false }).forget();
    expect(answer).toMatchObject({ status: 200, code: '7216', isSigned: true });
  });
});

it("answers a bill's faults after the acknowledgement, with every code", async () => {
  const answer = await submitBills(hospital, gateway.url, [
    {
      billId: 'BAD-1',
      amount: '1,000',
      generatedAt: '2026-11-24T10:00:00',
      subSpCode: '9999',
      systemId: 'THOSP001',
      items: [{ gfsCode: '14', amount: '1000' }],
    },
  ]);
  expect(answer.code).toBe('7101');
  const refused = await hospital.waitFor(
    'gepgBillSubResp',
    (root) => textOf(root, 'BillId') === 'BAD-1',
  );
  expect(textOf(refused.root, 'TrxSts')).toBe('GF');
  expect(textOf(refused.root, 'PayCntrNum')).toBe('0');
  expect(textOf(refused.root, 'TrxStsCode')).toMatch(/^7228;7224;.*;7201$/);
  expect(await gateway.count('bill')).toBe(0);
});
