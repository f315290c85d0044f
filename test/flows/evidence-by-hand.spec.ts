/**
 * Evidence made with the command, and checked as a stranger would: by the steps of docs/evidence.md, carried out as they
 * stand there with openssl, sha256sum and unzip. For every way in which a payment may have been signed.
 */
import { spawnSync } from 'node:child_process';
import { type KeyObject, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { zipSync } from 'fflate';
import { checkEvidence, readBundle } from '../../src/assurance/check-evidence';
import {
  type BundleFiles,
  manifestName,
  manifestOf,
  signatureName,
} from '../../src/assurance/evidence-bundle.rules';
import { registerAssuranceCommands } from '../../src/cli/assurance.commands';
import type * as RunCommand from '../../src/cli/run-command';
import { EnvelopeParts } from '../../src/gepg/envelope-parts';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import { ask, bill, keyOf } from '../api/support';
import { runCommand } from '../support/command';
import { enrolWithEcKey } from '../support/ec-party';
import { TestGateway } from '../support/gateway';
import { detachedJws, plainHeader } from '../support/jws';
import { settledPayment } from '../support/settled-payment';

const steps = /```bash\n([\s\S]*?)```/.exec(
  readFileSync(join(__dirname, '../../docs/evidence.md'), 'utf8'),
)?.[1];
const hasTools = ['openssl', 'unzip', 'sha256sum', 'bash'].every(
  (tool) => spawnSync(tool, ['--help']).error === undefined,
);

const parts = new EnvelopeParts();
let gateway: TestGateway;
let folder: string;

/** The gateway of this spec in place of one that the command opens for itself. */
jest.mock('../../src/cli/run-command', () => ({
  ...jest.requireActual<typeof RunCommand>('../../src/cli/run-command'),
  withApp: (work: (app: INestApplicationContext) => Promise<void>) => work(gateway.app),
}));

/** What the command printed, and the file that it wrote. */
async function evidence(
  name: string,
  ...words: readonly string[]
): Promise<{ said: string; files: BundleFiles }> {
  const out = join(folder, `${name}.zip`);
  const said = await runCommand(
    registerAssuranceCommands,
    ...['audit', 'evidence', ...words, '--out', out],
  );
  return { said, files: readBundle(readFileSync(out)) };
}

/** A bill over JSON, and its payment under `algorithm`. */
async function payOverJson(
  pspCode: string,
  transactionId: string,
  key: KeyObject,
  algorithm: string,
): Promise<void> {
  const sp = await keyOf(gateway, 'SP70101');
  const submitted = await ask(gateway.url, '/v1/bills', {
    method: 'POST',
    key: sp,
    body: bill(`B-${transactionId}`),
  });
  const { controlNumber } = submitted.json as { controlNumber: string };
  const body = JSON.stringify({
    transactionId,
    controlNumber,
    amount: '150000.00',
    currency: 'TZS',
    paidAt: '2026-11-26T10:30:00+03:00',
    channel: 'MOBILE',
    payer: { name: 'Asha Juma', phone: '0712345678' },
  });
  const { status } = await ask(gateway.url, '/v1/payments', {
    method: 'POST',
    key: await keyOf(gateway, pspCode),
    body,
    headers: {
      'idempotency-key': transactionId,
      'x-jws-signature': detachedJws(body, key, { ...plainHeader, alg: algorithm }),
    },
  });
  expect(status).toBe(201);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'malipo-evidence-by-hand-'));
  gateway = await TestGateway.start();
  await settledPayment(gateway);
  const { privateKey } = await enrolWithEcKey(gateway, 'PSP703');
  await payOverJson('PSP703', 'J-ES256', privateKey, 'ES256');
  const { privateKey: rsa } = sampleKeystore('PSP701');
  await payOverJson('PSP701', 'J-PS256', rsa, 'PS256');
  await payOverJson('PSP701', 'J-RS256', rsa, 'RS256');
  await gateway.settled();
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gateway.stop();
});

describe('the command', () => {
  it('writes the bundle of the payment that is named, and says the digest of its list', async () => {
    const { said, files } = await evidence('named', '--transaction', 'T-1', '--psp', 'PSP701');
    const { rows } = await gateway.db.query<{ digest: string; actor: string }>(
      `select actor, detail ->> 'manifest' as digest from audit_event where action = 'evidence.made'`,
    );
    expect(rows).toEqual([
      { actor: 'cli', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
    expect(said).toContain(`SHA-256 of its list: ${rows[0]?.digest ?? ''}`);
    expect(checkEvidence(files, parts)).toMatchObject({ faults: [], messageCount: 2 });
    expect(JSON.parse(files.get('case/payment.json')?.toString() ?? '')).toMatchObject({
      transactionId: 'T-1',
      payerName: expect.not.stringContaining('*') as string,
    });
  });

  it('hides the payer and writes Kiswahili where that is asked', async () => {
    const { files } = await evidence(
      ...['hidden', '--transaction', 'T-1', '--hide-payer', '--language', 'sw'],
    );
    expect(checkEvidence(files, parts).faults).toEqual([]);
    expect([...files.keys()].filter((name) => /message\.|signed/.test(name))).toEqual([]);
    expect(files.get('bundle.json')?.toString()).toContain('"payer": "hidden"');
  });
});

const stranger = hasTools ? describe : describe.skip;

stranger('with openssl, sha256sum and unzip alone', () => {
  function follow(name: string, content: BundleFiles): { status: number | null; said: string } {
    const place = join(folder, name);
    mkdirSync(place);
    writeFileSync(join(place, 'evidence.zip'), zipSync(Object.fromEntries(content)));
    const run = spawnSync('bash', ['-c', steps ?? 'exit 99'], { cwd: place, encoding: 'utf8' });
    return { status: run.status, said: run.stdout + run.stderr };
  }

  /** As the bundle, with the change. */
  function changed(files: BundleFiles, change: (files: Map<string, Buffer>) => void): BundleFiles {
    const copy = new Map(files);
    change(copy);
    return copy;
  }

  // With the list that the gateway signed: the bill's submission over JSON bears no signature.
  it.each([
    ['RSA over XML', 'T-1', undefined, 3],
    ['RS256', 'J-RS256', 'RS256', 2],
    ['PS256', 'J-PS256', 'PS256', 2],
    ['ES256, with a key on P-256', 'J-ES256', 'ES256', 2],
  ])('verifies a payment signed as %s', async (_how, transactionId, algorithm, verified) => {
    const { files } = await evidence(transactionId, '--transaction', transactionId);
    const { faults, proofCount } = checkEvidence(files, parts);
    expect(faults).toEqual([]);
    const facts = [...files].filter(([name]) => /^messages\/.*\/facts\.json$/.test(name));
    const algorithms = facts.map(
      ([, bytes]) => (JSON.parse(bytes.toString()) as { algorithm: string }).algorithm,
    );
    expect(algorithms.at(-1)).toBe(algorithm ?? 'RS');
    const { status, said } = follow(`whole-${transactionId}`, files);
    expect([status, said]).toEqual([0, expect.stringContaining('Verified OK')]);
    expect(said.match(/Verified OK/g)).toHaveLength(verified);
    // The blocks and the head.
    expect(said.match(/Signature Verified Successfully/g)).toHaveLength(proofCount + 1);
  });

  it.each([
    ['RSA over XML', 'T-1'],
    ['RS256', 'J-RS256'],
    ['PS256', 'J-PS256'],
    ['ES256', 'J-ES256'],
  ])(
    'finds a message that its sender did not sign so (%s), in a list in order',
    async (_how, id) => {
      const { files } = await evidence(`forged-${id}`, '--transaction', id);
      const name = [...files.keys()].filter((each) => each.endsWith('/signature.bin')).at(-1) ?? '';
      const forged = changed(files, (copy) => {
        const signature = Buffer.from(copy.get(name) ?? '');
        signature.writeUInt8((signature.at(-1) ?? 0) ^ 1, signature.length - 1);
        copy.set(name, signature);
        copy.delete(manifestName);
        copy.delete(signatureName);
        const manifest = manifestOf(copy);
        const { privateKey } = sampleKeystore('gateway');
        copy.set(manifestName, manifest).set(signatureName, sign('sha256', manifest, privateKey));
      });
      expect(checkEvidence(forged, parts).faults).toEqual([
        expect.stringContaining('signature.bin is not its signature'),
      ]);
      const { status, said } = follow(`forged-${id}`, forged);
      expect(status).not.toBe(0);
      expect(said).toMatch(/^Verification failure$/m);
    },
  );

  it.each([
    ['changed', (copy: Map<string, Buffer>) => copy.set('case/bills.json', Buffer.from('[]'))],
    ['added', (copy: Map<string, Buffer>) => copy.set('case/more.json', Buffer.from('{}'))],
    ['missing', (copy: Map<string, Buffer>) => copy.delete('case/bills.json')],
    ['unsigned', (copy: Map<string, Buffer>) => copy.set('manifest.sha256', Buffer.from(''))],
  ])('finds what was %s', async (name, change) => {
    const { files } = await evidence(`for-${name}`, '--transaction', 'T-1');
    expect(follow(name, changed(files, change)).status).not.toBe(0);
  });
});
