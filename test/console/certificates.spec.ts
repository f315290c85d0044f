/**
 * Certificates of a party from the console: one administrator brings the file or names what goes, another sees what
 * changes and carries it out, once; what changed meanwhile is asked for again.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';
import { Approvals } from '../../src/officers/approvals';
import { ProposeCertificates } from '../../src/officers/propose-certificates';
import { ChangeCertificates } from '../../src/parties/change-certificates';
import { readBroughtCertificate } from '../../src/platform/crypto/brought-certificate';
import { makeKeystore, makeSelfSigned } from '../../src/platform/crypto/keystore';
import { certificateBag, sealedFile } from '../../src/platform/crypto/pkcs12-file';
import { makeTrustKeystore } from '../../src/platform/crypto/trust-keystore';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { chromiumPath, lookAt } from './browser';
import { Visitor } from './support';

const home = '/console/parties/SP70101/certificates';
const made = makeSelfSigned(
  { commonName: 'SP70101', organization: 'Hospitali ya Mfano' },
  { notBefore: '2026-11-01T00:00:00Z', notAfter: '2028-11-01T00:00:00Z' },
);
const facts = readBroughtCertificate(Buffer.from(made.certificatePem), '');

let gateway: TestGateway;
let maker: Visitor;
let checker: Visitor;

async function standing(): Promise<Readonly<Record<string, string>>> {
  const all = await gateway.app.get(ChangeCertificates, { strict: false }).list('SP70101');
  return Object.fromEntries(all.map(({ fingerprint, state }) => [fingerprint, state]));
}

/** The way to the request that a form led to. */
async function askedFor(answer: Promise<{ status: number; headers: Headers; text: string }>) {
  const { status, headers, text } = await answer;
  const to = headers.get('location') ?? '';
  if (status !== 303 || !to.startsWith('/console/approvals/')) throw new Error(text);
  return to;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  const password = await makeOfficer(gateway.app, 'asha', 'administrator');
  maker = await Visitor.signedIn(gateway.url, gateway.app, 'asha', password);
  const other = await makeOfficer(gateway.app, 'baraka', 'administrator');
  checker = await Visitor.signedIn(gateway.url, gateway.app, 'baraka', other);
}, 120_000);

afterAll(() => gateway.stop());

it('a file that is none, or too large, is said to be so, and nothing waits', async () => {
  await maker.get(home);
  for (const [content, code] of [
    ['', 'this is not an X.509 certificate'],
    ['x'.repeat(70_000), 'at most 65536 are read'],
    [Buffer.from('300602010004', 'hex'), 'this is not a PKCS#12 keystore'],
  ] as const) {
    const { status, text } = await maker.sendFile(`${home}/add`, {}, 'x.pem', content);
    expect([status, text.includes(code)]).toEqual([422, true]);
  }
  const known = join(projectRoot, 'certs-sample', 'SP70101-certificate.pem');
  const again = await maker.sendFile(`${home}/add`, {}, 'x.pem', readFileSync(known, 'utf8'));
  expect([again.status, again.text.includes('stands so already')]).toEqual([422, true]);
  await expect(
    gateway.app
      .get(ProposeCertificates, { strict: false })
      .add('SP70101', readBroughtCertificate(readFileSync(known), ''), false, 'asha'),
  ).rejects.toThrow('certificate.unchanged');
  const last = await maker.post(`${home}/retire`, {
    fingerprint: Object.keys(await standing())[0] ?? '',
  });
  expect([last.status, last.text.includes('would cut it off')]).toEqual([422, true]);
  expect(await gateway.count('approval_request')).toBe(0);
});

it('is brought by one, carried out by another, once, with what changes in the trail', async () => {
  const before = await standing();
  await maker.get(home);
  const page = await askedFor(maker.sendFile(`${home}/add`, {}, 'new.pem', made.certificatePem));
  expect(await standing()).toEqual(before);
  const shown = await maker.get(page);
  expect(shown.text).toContain(facts.fingerprint);
  expect(shown.text).not.toContain(`${page}/approve`);
  expect((await maker.post(`${page}/approve`)).text).toContain('who asks does not decide');
  expect((await maker.get(home)).text).toContain(page);
  await checker.get(page);
  expect((await checker.post(`${page}/approve`)).status).toBe(303);
  expect(await standing()).toEqual({ ...before, [facts.fingerprint]: 'usable' });
  const again = await checker.post(`${page}/approve`);
  expect([again.status, again.text.includes('it was approved by baraka')]).toEqual([422, true]);
  const { rows } = await gateway.db.query<{ actor: string; detail: Record<string, unknown> }>(
    `select actor, detail from audit_event where action = 'certificate.added'`,
  );
  expect(rows).toHaveLength(1);
  const [old = ''] = Object.keys(before);
  expect(rows[0]).toMatchObject({
    actor: 'baraka',
    detail: {
      before: { [old]: 'active' },
      after: { [old]: 'active', [facts.fingerprint]: 'active' },
    },
  });
  expect((await maker.get(home)).text).toContain('More than one certificate is accepted until');
});

it('that changed since it was asked for is asked for again', async () => {
  const [old = ''] = Object.keys(await standing());
  await maker.get(home);
  const first = await askedFor(maker.post(`${home}/retire`, { fingerprint: old }));
  const second = await askedFor(maker.post(`${home}/retire`, { fingerprint: facts.fingerprint }));
  await checker.get(first);
  expect((await checker.post(`${first}/approve`)).status).toBe(303);
  const stale = await checker.post(`${second}/approve`);
  expect([stale.status, stale.text.includes('decline it and ask again')]).toEqual([422, true]);
  expect(await standing()).toEqual({ [old]: 'retired', [facts.fingerprint]: 'usable' });
  await expect(
    gateway.app.get(Approvals, { strict: false }).approve(second.split('/').at(-1) ?? '', 'baraka'),
  ).rejects.toThrow('certificate.changed-meanwhile');
  await checker.post(`${second}/decline`, { reason: 'others now' });
  const back = readFileSync(join(projectRoot, 'certs-sample', 'SP70101-certificate.pem'), 'utf8');
  const refused = await maker.sendFile(`${home}/add`, {}, 'old.pem', back);
  expect([refused.status, refused.text.includes('was retired, or its key was')]).toEqual([
    422,
    true,
  ]);
  const forced = await askedFor(maker.sendFile(`${home}/add`, { force: 'yes' }, 'old.pem', back));
  await checker.get(forced);
  expect((await checker.post(`${forced}/approve`)).status).toBe(303);
  expect(await standing()).toEqual({ [old]: 'usable', [facts.fingerprint]: 'usable' });
});

describe('a PKCS#12 file', () => {
  it('gives its certificate, and not one of several; a key in it is passed over', () => {
    const withKey = makeKeystore(made.privateKey, made.certificatePem, 'secret');
    const trust = makeTrustKeystore(made.certificatePem, 'secret');
    for (const file of [withKey, trust])
      expect(readBroughtCertificate(file, 'secret').fingerprint).toBe(facts.fingerprint);
    const other = makeSelfSigned(
      { commonName: 'other', organization: 'other' },
      { notBefore: '2026-11-01T00:00:00Z', notAfter: '2028-11-01T00:00:00Z' },
    );
    const bags = [made, other].map(({ certificatePem }) =>
      certificateBag(new X509Certificate(certificatePem), []),
    );
    const two = sealedFile(bags, 'secret', 'modern');
    expect(() => readBroughtCertificate(two, 'secret')).toThrow('certificate.ambiguous');
    expect(() => readBroughtCertificate(withKey, 'wrong')).toThrow('keystore.password-wrong');
  });
});

(chromiumPath === undefined ? it.skip : it)(
  'the pages pass axe, in both languages, on a narrow and a wide screen',
  async () => {
    const [known = ''] = Object.keys(await standing());
    await maker.get(home);
    const page = await askedFor(maker.post(`${home}/retire`, { fingerprint: known }));
    expect(await lookAt(gateway.url, maker, [home, page])).toEqual([]);
  },
  180_000,
);
