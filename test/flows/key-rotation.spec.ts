/**
 * A party changes its key without a gap; a retired key is out within five seconds in every gateway process; the ends of
 * certificates are told in time. What changes keys here is another process than the one that serves, as in the field.
 */
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module';
import { registerCertificateCommands } from '../../src/cli/certificates.commands';
import { registerPartyCommands } from '../../src/cli/parties.commands';
import { enrolFromFile } from '../../src/enrol-file';
import { projectRoot, readSettings } from '../../src/installation';
import { ChangeCertificates, type PartyCertificate } from '../../src/parties/change-certificates';
import { WarnOfExpiry } from '../../src/parties/warn-of-expiry';
import { readCertificate } from '../../src/platform/crypto/certificate';
import { makeSelfSigned, type Validity } from '../../src/platform/crypto/keystore';
import { enquire } from '../../tools/sandbox/messages';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { runCommand } from '../support/command';
import { TestGateway } from '../support/gateway';

jest.mock('../../src/installation', () =>
  jest.requireActual<object>('../support/careless-installation'),
);

let gateway: TestGateway;
let other: INestApplicationContext;
let change: ChangeCertificates;
let folder: string;

interface Key {
  readonly file: string;
  readonly fingerprint: string;
  readonly privateKey: KeyObject;
}

/** Published keys serve for parties of this spec too; only other dates need a new one. */
function sampleKey(owner: string): Key {
  const { privateKey, certificate } = sampleKeystore(owner);
  const file = join(projectRoot, 'certs-sample', `${owner}-certificate.pem`);
  return { file, fingerprint: certificate.fingerprint, privateKey };
}

function newKey(name: string, validity: Validity): Key {
  const { privateKey, certificatePem } = makeSelfSigned(
    { commonName: name, organization: name },
    validity,
  );
  const file = join(folder, `${name}.pem`);
  writeFileSync(file, certificatePem);
  const { fingerprint } = readCertificate(Buffer.from(certificatePem));
  return { file, fingerprint, privateKey };
}

const facts = (key: Key) => readCertificate(readFileSync(key.file));
const byOfficer = { isForced: false, actor: 'test' };
const byForce = { isForced: true, actor: 'test' };

function enrolmentFile(code: string, keys: readonly Key[]): string {
  const file = join(folder, `${code}.json`);
  const certificates = keys.map((each) => each.file);
  writeFileSync(
    file,
    JSON.stringify({ kind: 'payment-service-provider', code, name: code, certificates }),
  );
  return file;
}

async function enrol(code: string, ...keys: readonly Key[]): Promise<void> {
  await enrolFromFile(other, enrolmentFile(code, keys), 'test');
}

async function states(code: string): Promise<readonly string[]> {
  return (await change.list(code)).map((each) => each.state);
}

/** The code that the gateway answers an enquiry with: 7303 is a signature that does not hold. */
async function answerTo(code: string, key: Key): Promise<string> {
  const party = new SandboxParty(code, key.privateKey, gatewayKey);
  return (await enquire(party, gateway.url, '997011234567')).code;
}

/** Runs `work` as if so much time had gone by for what is kept in memory. */
async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const real = performance.now.bind(performance);
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => real() + ms);
  try {
    return await work();
  } finally {
    clock.mockRestore();
  }
}

const gatewayKey = sampleKeystore('gateway').certificate.publicKey;
const tenYears = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
const ended = { ...tenYears, notAfter: '2026-02-01T00:00:00Z' };
const one = sampleKey('PSP701');
const two = sampleKey('PSP702');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'malipo-keys-'));
  gateway = await TestGateway.start();
  const { url } = gateway.app.get(DataSource).options as { url: string };
  // What a command reads.
  Object.assign(process.env, { DATABASE_URL: url, SANDBOX: 'true', LOG_LEVEL: 'silent' });
  other = await NestFactory.createApplicationContext(
    AppModule.register({ ...readSettings(), databaseUrl: url, databaseRole: 'malipo_system' }),
    { logger: false },
  );
  change = other.get(ChangeCertificates, { strict: false });
});

afterAll(async () => {
  await other.close();
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the rotation of a key', () => {
  const code = 'PSP801';

  it('has both keys accepted, then the new one alone, five seconds after the change at most', async () => {
    await enrol(code, one);
    const accepted = await answerTo(code, one);
    expect(accepted).not.toBe('7303');
    expect(await answerTo(code, two)).toBe('7303');

    expect((await change.add(code, facts(two), byOfficer)).outcome).toBe('added');
    await later(5_000, async () => {
      expect(await answerTo(code, one)).toBe(accepted);
      expect(await answerTo(code, two)).toBe(accepted);
    });

    expect((await change.retire(code, one.fingerprint, byOfficer)).outcome).toBe('retired');
    await later(10_000, async () => {
      expect(await answerTo(code, one)).toBe('7303');
      expect(await answerTo(code, two)).toBe(accepted);
    });
  });

  it('says so when there is nothing to do, and writes each change in the audit trail once', async () => {
    expect((await change.retire(code, one.fingerprint, byOfficer)).outcome).toBe('unchanged');
    expect((await change.add(code, facts(two), byOfficer)).outcome).toBe('unchanged');
    const { rows } = await gateway.db.query<{ action: string }>(
      `select action from audit_event where subject = $1 order by id`,
      [code],
    );
    expect(rows.map((row) => row.action)).toEqual([
      'party.enrolled',
      'certificate.added',
      'certificate.retired',
    ]);
  });
});

describe('the last key', () => {
  it('is retired only by force, though an expired and a coming one stand beside it', async () => {
    const code = 'PSP802';
    const coming = { notBefore: '2036-01-01T00:00:00Z', notAfter: '2037-01-01T00:00:00Z' };
    await enrol(code, one, newKey('ended', ended), newKey('coming', coming));
    await expect(change.retire(code, one.fingerprint, byOfficer)).rejects.toMatchObject({
      code: 'certificate.last',
    });
    expect(await states(code)).toEqual(['usable', 'expired', 'not-yet-valid']);
    expect((await change.retire(code, one.fingerprint, byForce)).outcome).toBe('retired');
  });

  it('is kept when two retire one each at once', async () => {
    const code = 'PSP803';
    await enrol(code, one, two);
    const outcomes = await Promise.allSettled(
      [one, two].map((each) => change.retire(code, each.fingerprint, byOfficer)),
    );
    expect(outcomes.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([...(await states(code))].sort()).toEqual(['retired', 'usable']);
  });
});

it('a retired key does not come back by its enrolment file, and the command says so', async () => {
  const code = 'PSP804';
  const file = enrolmentFile(code, [one, two]);
  await enrol(code, one, two);
  await change.retire(code, one.fingerprint, byOfficer);

  expect(await runCommand(registerPartyCommands, 'enrol', '--file', file)).toContain(
    `retired, and stays so ("certificate add --force" accepts it again): ${one.fingerprint}`,
  );
  expect(await states(code)).toEqual(['retired', 'usable']);
  await expect(change.add(code, facts(one), byOfficer)).rejects.toMatchObject({
    code: 'certificate.retired',
  });
  expect((await change.add(code, facts(one), byForce)).outcome).toBe('accepted-again');
  expect(await states(code)).toEqual(['usable', 'usable']);
});

it('the commands do the same, by the first digits of a fingerprint', async () => {
  const code = 'PSP806';
  await enrol(code, one);
  const certificate = (...words: string[]) =>
    runCommand(registerCertificateCommands, 'certificate', ...words, '--party', code);

  expect(await certificate('add', '--file', two.file)).toContain(`Added ${two.fingerprint}`);
  expect(await certificate('retire', '--fingerprint', one.fingerprint.slice(0, 12))).toContain(
    `Retired ${one.fingerprint}`,
  );
  const listed = JSON.parse(await certificate('list', '--json')) as PartyCertificate[];
  expect(listed.map(({ fingerprint, state }) => [fingerprint, state])).toEqual([
    [one.fingerprint, 'retired'],
    [two.fingerprint, 'usable'],
  ]);
  await expect(certificate('add', '--file', '/nowhere')).rejects.toMatchObject({
    code: 'file.unreadable',
  });
});

it('a party or certificate that nobody knows, or that has ended, is refused', async () => {
  await expect(change.list('PSP899')).rejects.toMatchObject({ code: 'party.unknown' });
  await expect(change.add('PSP899', facts(one), byOfficer)).rejects.toMatchObject({
    code: 'party.unknown',
  });
  await expect(change.retire('PSP801', '0'.repeat(64), byForce)).rejects.toMatchObject({
    code: 'certificate.unknown',
  });
  await expect(
    change.add('PSP801', facts(newKey('ended-too', ended)), byForce),
  ).rejects.toMatchObject({ code: 'certificate.expired' });
});

describe('the end of a certificate', () => {
  it('raises one alarm at each of the five warnings, and never again', async () => {
    const code = 'PSP805';
    await enrol(code, newKey('ending', { ...tenYears, notAfter: '2030-06-30T00:00:00Z' }));
    const warn = other.get(WarnOfExpiry, { strict: false });
    const told: (readonly (string | undefined)[])[] = [];
    for (const day of ['04-30', '05-02', '05-31', '06-17', '06-28', '07-03']) {
      await gateway.setClock(`2030-${day}T00:00:00Z`);
      await warn.execute();
      await gateway.db.query(`update alarm set acknowledged_at = gateway_now()`);
      await warn.execute();
      const { rows } = await gateway.db.query<{ subject: string }>(
        `select subject from alarm where kind = 'certificate-expiring' and subject like $1 order by id`,
        [`${code} %`],
      );
      told.push(rows.map((row) => row.subject.split(' ')[2]));
    }
    const all = ['60', '30', '14', '7', '1'];
    expect(told).toEqual([[], ...all.map((_days, i) => all.slice(0, i + 1))]);
  });

  it('is told for our own too', async () => {
    await gateway.setClock('2035-12-20T00:00:00Z');
    await other.get(WarnOfExpiry, { strict: false }).execute();
    // The RSA certificate and the one of P-256, which the sandbox makes with the same end.
    expect(await gateway.count('alarm', `subject like 'gateway % 14'`)).toBe(2);
  });
});
