/**
 * The self-test for integrators: what a good endpoint, a trusting one and a broken one are told, and that nothing is
 * sent where it may not be. The endpoints are those of the sandbox parties, over real HTTP.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { registerCertifyCommands } from '../../src/cli/certify.commands';
import { makeKeystore, makeSelfSigned } from '../../src/platform/crypto/keystore';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { runCommand } from '../support/command';
import { TestGateway } from '../support/gateway';

jest.mock('../../src/installation', () =>
  jest.requireActual<object>('../support/careless-installation'),
);

interface Report {
  readonly generation: string;
  readonly cases: readonly {
    readonly number: number;
    readonly verdict: string;
    readonly sentence: string;
    readonly exchanges: readonly { readonly request: string; readonly answer: string }[];
  }[];
}

let gateway: TestGateway;
let folder: string;
let hospital: SandboxParty;
let water: SandboxParty;
let bank: SandboxParty;

async function certify(
  party: SandboxParty,
  ...words: readonly string[]
): Promise<{ printed: string; exitCode: typeof process.exitCode }> {
  process.exitCode = undefined;
  try {
    const printed = await runCommand(
      registerCertifyCommands,
      ...['certify', '--party', party.code, '--against', `${party.url}/test`, ...words],
    );
    return { printed, exitCode: process.exitCode };
  } finally {
    process.exitCode = undefined;
  }
}

const verdictsOf = ({ cases }: Report): string[] =>
  cases.map((each) => `${String(each.number)} ${each.verdict}`);

const namesOf = (party: SandboxParty): string[] => party.received.map(({ name }) => name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'malipo-certify-'));
  gateway = await TestGateway.start();
  const { url } = gateway.app.get(DataSource).options as { url: string };
  // What a command reads.
  Object.assign(process.env, { DATABASE_URL: url, SANDBOX: 'true', LOG_LEVEL: 'silent' });
  hospital = await gateway.party('SP70101');
  water = await gateway.party('SP70202', {
    delivery: 'gepg-v5',
    groups: [],
    profile: { ackSignature: 'required' },
  });
  bank = await gateway.party('PSP701');
}, 60_000);

beforeEach(() => {
  for (const party of [hospital, water, bank]) {
    party.isUnderTest = true;
    party.behaviour = 'verified-ack';
    party.received.length = 0;
  }
});

afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('an endpoint that verifies and acknowledges', () => {
  it.each([
    ['v4', () => hospital, 'gepgBillSubResp', 'gepgPmtSpInfo', 'gepgSpReconcResp'],
    ['v5', () => water, 'billSubRes', 'pmtSpNtfReq', 'sucSpPmtRes'],
  ] as const)('passes every case in %s', async (generation, party, bill, payment, day) => {
    const reconciliation = ['--reconciliation', `${party().url}/day`];
    const { printed, exitCode } = await certify(party(), ...reconciliation, '--json');

    const report = JSON.parse(printed) as Report;
    expect(report.generation).toBe(generation);
    expect(verdictsOf(report)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((number) => `${String(number)} pass`),
    );
    expect(exitCode).toBeUndefined();
    expect(report.cases[2]?.sentence).toBe('acknowledged, and signed');
    expect(namesOf(party())).toEqual([
      ...[bill, bill],
      ...Array<string>(11).fill(payment),
      ...[day, day, payment],
    ]);
    // What was sent is signed by the gateway, but for the two forgeries of cases 8 and 9.
    const forged = party().received.flatMap(({ isSigned }, i) => (isSigned ? [] : [i]));
    expect(forged).toEqual([10, 11]);
    const bodies = party().received.map(({ body }) => body.toString());
    expect(bodies[1]).toContain('7226;7201');
    expect(bodies[4]).toBe(bodies[3]);
    expect(bodies[8]).toBe(bodies[7]);
    const names = party().received.map(({ root }) => textOf(root, 'PyrName'));
    expect(names[12]).toContain('Mwanaïdi Öztürk & Ndugu');
    expect(
      party()
        .received.slice(13, 15)
        .map(({ path }) => path),
    ).toEqual(['/day', '/day']);
    expect(bodies[14]?.match(/CERTIFY-\w+-11-3-\d-B<\/(?:SpBillId|BillId)>/g)).toHaveLength(3);
    expect(report.cases[3]?.exchanges[1]?.request).toBe(bodies[4]);
    expect(report.cases[7]?.exchanges[0]?.answer).toContain('7303');
  });

  it('passes as a PSP that takes final results, and may choose its cases', async () => {
    const { printed } = await certify(bank, '--only', '1,2,3', '--bytes');

    expect(printed).toContain('PSP701, generation v4');
    expect(printed).toContain('3 passed, 0 with a warning, 0 failed');
    expect(printed).toMatch(/-> http:.*\n<Gepg><gepgPmtFinResp>/);
    expect(namesOf(bank)).toEqual(Array(4).fill('gepgPmtFinResp'));
  });

  it('leaves the books alone', async () => {
    await certify(hospital, '--only', '1,3');

    for (const each of ['bill', 'payment', 'delivery']) expect(await gateway.count(each)).toBe(0);
  });
});

describe('an endpoint that takes everything', () => {
  it('is warned of forgeries', async () => {
    hospital.behaviour = 'ack';
    const { printed, exitCode } = await certify(hospital, '--only', '3,8,9', '--json');

    expect(verdictsOf(JSON.parse(printed) as Report)).toEqual(['3 pass', '8 warning', '9 warning']);
    expect(exitCode).toBeUndefined();
  });

  it('fails where its profile requires signed acknowledgements', async () => {
    water.behaviour = 'ack';
    const { printed, exitCode } = await certify(water, '--only', '8,9', '--json');

    expect(verdictsOf(JSON.parse(printed) as Report)).toEqual(['8 fail', '9 fail']);
    expect(exitCode).toBe(2);
  });
});

describe('an endpoint whose answers are no acknowledgements', () => {
  it.each(['garbage', 'http-500', 'code-7102', 'empty'] as const)(
    'fails with %s, and exit 2',
    async (behaviour) => {
      hospital.behaviour = behaviour;
      const { printed, exitCode } = await certify(hospital, '--only', '1,6,12', '--json');

      expect(verdictsOf(JSON.parse(printed) as Report)).toEqual(['1 fail', '6 fail', '12 fail']);
      expect(exitCode).toBe(2);
    },
  );

  it('passes unsigned, and is told so, where signatures are optional', async () => {
    hospital.behaviour = 'unsigned-ack';
    water.behaviour = 'unsigned-ack';

    expect((await certify(hospital, '--only', '1')).printed).toContain('acknowledged; not signed');
    expect((await certify(water, '--only', '1')).printed).toContain('acknowledgement-unsigned');
  });
});

describe('what is refused before anything is posted', () => {
  it('an endpoint that does not say that it is under test', async () => {
    hospital.isUnderTest = false;

    await expect(certify(hospital)).rejects.toThrow('certify.not-under-test');
    expect(hospital.received).toEqual([]);
  });

  it('an endpoint that is under test for another party, or takes day batches and is not', async () => {
    const reconciliation = ['--reconciliation', `${water.url}/day`];

    await expect(certify(hospital, ...reconciliation)).rejects.toThrow('malipo-under-test');
    expect([...hospital.received, ...water.received]).toEqual([]);
  });

  it.each([
    ['a party', 'SP99999', 'no party SP99999', []],
    ['a case', 'SP70101', 'certify.case-unknown', ['--only', '13']],
    ['an address', 'SP70101', 'certify.url-malformed', ['--against', 'ftp://127.0.0.1/']],
    ['an endpoint', 'SP70101', 'certify.not-reachable', ['--against', 'http://127.0.0.1:1/']],
    ['a case without its endpoint', 'SP70101', 'certify.reconciliation-missing', ['--only', '11']],
  ])('%s that is unknown', async (_what, code, sentence, words) => {
    const known = ['certify', '--party', code, '--against', hospital.url];

    await expect(runCommand(registerCertifyCommands, ...known, ...words)).rejects.toThrow(sentence);
    expect(hospital.received).toEqual([]);
  });

  it('a party that takes webhooks', async () => {
    await gateway.party('SP70202', { delivery: 'webhook', groups: [] });

    await expect(certify(water)).rejects.toThrow('certify.form-unknown');
    expect(water.received).toEqual([]);
  });

  it('a gateway with a key of its own', async () => {
    const file = join(folder, 'own.p12');
    const validity = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
    const own = makeSelfSigned({ commonName: 'own', organization: 'own' }, validity);
    writeFileSync(file, makeKeystore(own.privateKey, own.certificatePem, 'secret-password'));
    Object.assign(process.env, {
      GATEWAY_KEYSTORE: file,
      GATEWAY_KEYSTORE_PASSWORD: 'secret-password',
    });
    try {
      await expect(certify(hospital)).rejects.toThrow('certify.not-sandbox');
      expect(hospital.received).toEqual([]);
    } finally {
      delete process.env['GATEWAY_KEYSTORE'];
      delete process.env['GATEWAY_KEYSTORE_PASSWORD'];
    }
  });
});
