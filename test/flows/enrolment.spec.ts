/** Enrolment: what is idempotent, what is refused, and what only production refuses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';
import { enrolFromFile } from '../../src/enrol-file';
import { AdmitCertificate, SandboxSwitch } from '../../src/parties/admit-certificate';
import { CertificateStore } from '../../src/parties/certificate.store';
import { EnrolParty } from '../../src/parties/enrol-party';
import { NumberRanges } from '../../src/parties/number-ranges';
import { PartyDirectory } from '../../src/parties/party-directory';
import { readPartyFile } from '../../src/parties/party-file.rules';
import { PartySettings } from '../../src/parties/party-settings';
import { PartyStore } from '../../src/parties/party.store';
import { RequireAgreedKey } from '../../src/parties/require-agreed-key';
import { AuditTrail } from '../../src/platform/audit/audit-trail';
import { readCertificate } from '../../src/platform/crypto/certificate';
import { makeSelfSigned } from '../../src/platform/crypto/keystore';
import { Database } from '../../src/platform/database/database';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
let production: EnrolParty;

const folder = join(projectRoot, 'certs-sample', 'parties');
const validity = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };

function ownCertificate(name: string) {
  const { certificatePem } = makeSelfSigned({ commonName: name, organization: name }, validity);
  return readCertificate(Buffer.from(certificatePem));
}

function file(code: string, changes: object = {}) {
  return readPartyFile({
    kind: 'service-provider',
    code,
    name: code,
    certificates: ['x.pem'],
    endpoints: { payment: 'https://sp.example/payment' },
    ...changes,
  });
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  const get = <T>(type: abstract new (...args: never[]) => T): T =>
    gateway.app.get(type as never, { strict: false });
  production = new EnrolParty(
    get(Database),
    get(PartyStore),
    new AdmitCertificate(get(CertificateStore), new SandboxSwitch(false)),
    get(PartyDirectory),
    get(AuditTrail),
    get(NumberRanges),
    new SandboxSwitch(false),
    get(RequireAgreedKey),
    get(PartySettings),
  );
});

afterAll(async () => {
  await gateway.stop();
});

describe('enrolment', () => {
  it('is idempotent, and leaves an audit event each time', async () => {
    const path = join(folder, 'SP70101.json');
    expect((await enrolFromFile(gateway.app, path, 'test')).isNew).toBe(true);
    expect((await enrolFromFile(gateway.app, path, 'test')).isNew).toBe(false);
    expect(await gateway.count('party_certificate')).toBe(1);
    expect(await gateway.count('audit_event', `subject = 'SP70101'`)).toBe(2);
  });

  it('allots a prefix to one party, for ever', async () => {
    const enrol = gateway.app.get(EnrolParty, { strict: false });
    const certificate = [ownCertificate('A')];
    await enrol.execute(file('SP1', { controlNumberPrefixes: ['55'] }), certificate, 'test');
    for (const prefix of ['5', '55', '551']) {
      await expect(
        enrol.execute(file('SP2', { controlNumberPrefixes: [prefix] }), certificate, 'test'),
      ).rejects.toMatchObject({ code: 'control-number.prefix-taken' });
    }
    await expect(enrol.execute(file('SP1'), certificate, 'test')).rejects.toMatchObject({
      code: 'control-number.prefix-removed',
    });
    expect(await gateway.count('party', `code = 'SP2'`)).toBe(0);
  });

  it('does not turn an institution into a bank', async () => {
    const psp = readPartyFile({
      kind: 'payment-service-provider',
      code: 'PSP9',
      name: 'x',
      certificates: ['x.pem'],
    });
    await expect(
      gateway.app
        .get(EnrolParty, { strict: false })
        .execute({ ...psp, code: 'SP70101' }, [ownCertificate('B')], 'test'),
    ).rejects.toMatchObject({ code: 'party.kind-different' });
  });

  it('in production refuses published keys, shared keys and plain http', async () => {
    const published = readCertificate(readFileSync(join(folder, '..', 'SP70202-certificate.pem')));
    await expect(production.execute(file('SP3'), [published], 'test')).rejects.toMatchObject({
      code: 'party.key-published',
    });
    const own = ownCertificate('C');
    await production.execute(file('SP3'), [own], 'test');
    await expect(production.execute(file('SP4'), [own], 'test')).rejects.toMatchObject({
      code: 'party.key-shared',
    });
    await expect(
      production.execute(
        file('SP5', { endpoints: { payment: 'http://sp.example/' } }),
        [ownCertificate('D')],
        'test',
      ),
    ).rejects.toMatchObject({ code: 'party.endpoint-insecure' });
  });

  it('says which file it cannot read', async () => {
    await expect(enrolFromFile(gateway.app, '/nowhere/party.json', 'test')).rejects.toMatchObject({
      code: 'file.unreadable',
    });
    await expect(
      enrolFromFile(gateway.app, join(projectRoot, 'README.md'), 'test'),
    ).rejects.toMatchObject({ code: 'party.file-malformed' });
  });
});
