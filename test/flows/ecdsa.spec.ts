/**
 * Answers signed with ECDSA P-256 by agreement: a PSP whose profile says so gets them in both generations, verified here
 * by node:crypto alone with the published certificate; everybody else gets RSA as before, and nobody gets what the
 * gateway has no key for.
 */
import { randomBytes, verify, X509Certificate } from 'node:crypto';
import { writeElement } from '../../src/gepg/xml';
import { readPartyFile } from '../../src/parties/party-file.rules';
import { PartyStore } from '../../src/parties/party.store';
import { RequireAgreedKey } from '../../src/parties/require-agreed-key';
import { WarnOfExpiry } from '../../src/parties/warn-of-expiry';
import { Secrets } from '../../src/platform/config/secrets';
import { makeEcSelfSigned } from '../../src/platform/crypto/ec-certificate';
import { Database } from '../../src/platform/database/database';
import { enquire, pay, submitBills } from '../../tools/sandbox/messages';
import { enquireV5, payV5 } from '../../tools/sandbox/messages-v5';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { createTestDatabase } from '../support/database';
import { TestGateway } from '../support/gateway';
import { unknownNumber } from '../protocol/hostile/attack';

/** A week after the day that is played here. */
const validity = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-12-01T00:00:00Z' };
const gatewayEc = makeEcSelfSigned(
  { commonName: 'gateway', organization: 'Hazina ya Mfano' },
  validity,
);
const now = '2026-11-24T10:00:00';
const agreed = { profile: { gatewaySignature: 'ecdsa' } };

let gateway: TestGateway;
let hospital: SandboxParty;
let modern: SandboxParty;
let plain: SandboxParty;

beforeAll(async () => {
  gateway = await TestGateway.start({
    database: await createTestDatabase(),
    controlNumberKey: randomBytes(32),
    gatewayEc,
  });
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  modern = await gateway.party('PSP701', agreed);
  plain = await gateway.party('PSP702');
});

afterAll(async () => {
  await gateway.stop();
});

let sent = 0;
const payment = (psp: SandboxParty, controlNumber: string) => {
  sent += 1;
  return {
    requestId: `R-${String(sent)}`,
    transactionId: `E-${String(sent)}`,
    controlNumber,
    amount: '15000.00',
    paidAt: now,
    resultUrl: `${psp.url}/result`,
  };
};
const pay4 = (psp: SandboxParty, controlNumber: string) =>
  pay(psp, gateway.url, payment(psp, controlNumber));
const pay5 = (psp: SandboxParty, controlNumber: string) =>
  payV5(psp, gateway.url, payment(psp, controlNumber));

async function billNumber(billId: string): Promise<string> {
  await submitBills(hospital, gateway.url, [
    {
      billId,
      amount: '15000.00',
      generatedAt: now,
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '15000.00' }],
    },
  ]);
  const answer = await hospital.waitFor(
    'gepgBillSubResp',
    (root) => textOf(root, 'BillId') === billId,
  );
  return textOf(answer.root, 'PayCntrNum');
}

async function published(path: string): Promise<X509Certificate> {
  const response = await fetch(`${gateway.url}${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/x-pem-file');
  return new X509Certificate(await response.text());
}

/** By the published certificates and the standards, and nothing of ours: bytes between the tags, base64, SHA-2 or 1. */
async function signatureOf(body: Buffer): Promise<{ by: string; bytes: Buffer }> {
  const text = body.toString('latin1');
  const [, element = '', tag = '', base64 = ''] =
    /^<Gepg>(.*)<(gepgSignature|signature)>([^<]*)<\/\2><\/Gepg>$/s.exec(text) ?? [];
  const signed = Buffer.from(element, 'latin1');
  const bytes = Buffer.from(base64, 'base64');
  const ec = await published('/wire/certificate-ec.pem');
  if (verify('sha256', signed, ec.publicKey, bytes)) return { by: 'ecdsa', bytes };
  const rsa = await published('/wire/certificate.pem');
  const digest = tag === 'signature' ? 'sha256' : 'sha1';
  return { by: verify(digest, signed, rsa.publicKey, bytes) ? 'rsa' : 'nobody', bytes };
}

const signerOf = async ({ body }: { body: Buffer }) => (await signatureOf(body)).by;

it('signs constant acknowledgements so: once, and the one that is kept holds', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => pay4(modern, unknownNumber)));
  for (const answer of answers) {
    expect(answer.code).toBe('7335');
    expect(await signerOf(answer)).toBe('ecdsa');
    // ECDSA is another one each time: the same bytes say that it was signed once.
    expect(answer.body.equals(answers[0]?.body ?? Buffer.alloc(0))).toBe(true);
  }
  // The same element for another PSP is kept apart, whoever was first.
  const others = [await pay4(plain, unknownNumber), await pay4(modern, unknownNumber)];
  expect(await Promise.all(others.map(signerOf))).toEqual(['rsa', 'ecdsa']);
});

it('signs unique acknowledgements so, each anew', async () => {
  const first = await pay5(modern, unknownNumber);
  const second = await pay5(modern, unknownNumber);
  expect([first.code, second.code]).toEqual(['7335', '7335']);
  const signatures = [await signatureOf(first.body), await signatureOf(second.body)];
  expect(signatures.map(({ by }) => by)).toEqual(['ecdsa', 'ecdsa']);
  expect(signatures[0]?.bytes.equals(signatures[1]?.bytes ?? Buffer.alloc(0))).toBe(false);
  expect(await signerOf(await pay5(plain, unknownNumber))).toBe('rsa');
});

it('signs answers and final results so, and what others get as before', async () => {
  for (const [psp, by, take] of [
    [modern, 'ecdsa', pay4],
    [modern, 'ecdsa', pay5],
    [plain, 'rsa', pay4],
  ] as const) {
    const number = await billNumber(`B-${psp.code}-${take.name}`);
    expect(await signerOf(await enquire(psp, gateway.url, number))).toBe(by);
    expect(await signerOf(await enquireV5(psp, gateway.url, number))).toBe(by);
    const ack = await take(psp, number);
    expect([ack.code, await signerOf(ack)]).toEqual(['7101', by]);
    const resultName = take === pay4 ? 'gepgPmtFinResp' : 'pmtFinRes';
    const transactionId = `E-${String(sent)}`;
    const result = await psp.waitFor(resultName, (root) => textOf(root, 'TrxId') === transactionId);
    expect(await signerOf(result)).toBe(by);
    const confirmed = await hospital.waitFor(
      'gepgPmtSpInfo',
      (root) => textOf(root, 'PayCtrNum') === number,
    );
    expect(await signerOf(confirmed)).toBe('rsa');
  }
  await gateway.settled();
});

it('signs with RSA what answers nobody known', async () => {
  const forged = await modern.post(
    gateway.url,
    '/api/payment/sigqrequest',
    plain.sign(writeElement('gepgPmtPstReq', { PspDtl: { PspCode: modern.code } })),
  );
  expect([forged.code, await signerOf(forged)]).toEqual(['7303', 'rsa']);
});

it('goes back to RSA when the agreement ends, and to ECDSA when it is made again', async () => {
  await gateway.party('PSP701');
  expect(await signerOf(await pay4(modern, unknownNumber))).toBe('rsa');
  await gateway.party('PSP701', agreed);
  expect(await signerOf(await pay4(modern, unknownNumber))).toBe('ecdsa');
});

it('publishes one certificate for each key', async () => {
  const rsa = await published('/wire/certificate.pem');
  expect(rsa.raw.equals(new X509Certificate(sampleKeystore('gateway').certificate.pem).raw)).toBe(
    true,
  );
  const ec = await published('/wire/certificate-ec.pem');
  expect(ec.checkPrivateKey(gatewayEc.privateKey)).toBe(true);
});

it('warns before its certificate ends too', async () => {
  await gateway.app.get(WarnOfExpiry, { strict: false }).execute();
  const { fingerprint } = gatewayEc.certificate;
  expect(await gateway.count('alarm', `subject = 'gateway ${fingerprint} 7'`)).toBe(1);
});

describe('without a P-256 key', () => {
  const withoutKey = () => {
    const get = <T>(type: abstract new (...args: never[]) => T): T =>
      gateway.app.get(type as never, { strict: false });
    const secrets = new Secrets(sampleKeystore('gateway'), gateway.controlNumberKey);
    return new RequireAgreedKey(get(Database), get(PartyStore), secrets);
  };

  it('a gateway does not start while somebody relies on it', async () => {
    await expect(withoutKey().forAll()).rejects.toThrow(
      /holds no P-256 key, but PSP701 agreed on ECDSA; bring the key back/,
    );
    await expect(
      gateway.app.get(RequireAgreedKey, { strict: false }).forAll(),
    ).resolves.toBeUndefined();
  });

  it('enrolment is refused with a sentence that says what to do, and nothing is stored', async () => {
    const other = await TestGateway.start();
    try {
      await expect(other.party('PSP701', agreed)).rejects.toMatchObject({
        code: 'party.gateway-key-missing',
        detail: expect.stringMatching(
          /PSP701 wants ECDSA.*"keystore make --gateway --ec"/,
        ) as string,
      });
      expect(await other.count('party')).toBe(0);
      expect((await fetch(`${other.url}/wire/certificate-ec.pem`)).status).toBe(404);
      await other.party('PSP701');
      await expect(other.party('PSP701', agreed)).rejects.toMatchObject({
        code: 'party.gateway-key-missing',
      });
      expect(await other.count('party', `profile ->> 'gatewaySignature' = 'rsa'`)).toBe(1);
    } finally {
      await other.stop();
    }
  });
});

it.each([
  ['payment-service-provider', 'PSP9', 'ed25519', 'one of rsa, ecdsa'],
  ['payment-service-provider', 'PSP9', true, 'one of rsa, ecdsa'],
  ['service-provider', 'SP9', 'ecdsa', 'rsa, since ecdsa is agreed on with PSPs only'],
])('refuses in the file of a %s %s the word %s', (kind, code, gatewaySignature, sentence) => {
  const file = { kind, code, name: code, certificates: ['x.pem'], profile: { gatewaySignature } };
  expect(() => readPartyFile(file)).toThrow(`/profile/gatewaySignature: ${sentence}`);
});
