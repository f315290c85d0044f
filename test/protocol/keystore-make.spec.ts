/**
 * What `keystore make` writes is what it says: Java and OpenSSL find the entries in every file, a gateway starts on its
 * key, nothing is written over, and a mistake leaves nothing behind. Tools that the machine lacks skip their tests.
 */
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerKeystoreCommands } from '../../src/cli/keystore.commands';
import { projectRoot } from '../../src/installation';
import { buildConfig } from '../../src/platform/config/config';
import { readSecrets } from '../../src/platform/config/secrets';
import { openGatewayKeystore } from '../../src/platform/crypto/gateway-keystore';
import { openKeystore } from '../../src/platform/crypto/keystore';
import { runCommand } from '../support/command';
import { withTool } from '../support/tools';

// Java starts slowly on a machine that is busy.
jest.setTimeout(120_000);

const password = 'siri ya Mfano';
let folder: string;
let passwordFile: string;

function make(...words: readonly string[]): Promise<string> {
  return runCommand(registerKeystoreCommands, 'keystore', 'make', ...words);
}

function makeIn(out: string, ...words: readonly string[]): Promise<string> {
  return make('--out', join(folder, out), '--password-file', passwordFile, ...words);
}

const fileOf = (out: string, name: string): string => join(folder, out, name);

function run(tool: string, ...words: readonly string[]): string {
  const ran = spawnSync(tool, words, { encoding: 'utf8' });
  expect({ status: ran.status, said: ran.status === 0 ? '' : ran.stdout + ran.stderr }).toEqual({
    status: 0,
    said: '',
  });
  return ran.stdout;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'malipo-keystore-'));
  passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`);
  await makeIn('gateway', '--gateway', '--name', 'gateway', '--organization', 'Hazina ya Mfano');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('writes every form of the key, private ones for their owner only', () => {
  const modes = readdirSync(join(folder, 'gateway')).map((name) => [
    name,
    (statSync(fileOf('gateway', name)).mode & 0o777).toString(8),
  ]);
  expect(Object.fromEntries(modes)).toEqual({
    'gateway.p12': '600',
    'gateway-legacy.p12': '600',
    'gateway-certificate.pem': expect.stringMatching(/^6[04][04]$/),
    'gateway-certificate.der': expect.stringMatching(/^6[04][04]$/),
    'gateway-trusted.p12': expect.stringMatching(/^6[04][04]$/),
    'gateway-trusted-legacy.p12': expect.stringMatching(/^6[04][04]$/),
  });
  const pem = new X509Certificate(readFileSync(fileOf('gateway', 'gateway-certificate.pem')));
  const der = readFileSync(fileOf('gateway', 'gateway-certificate.der'));
  expect(pem.raw.equals(der)).toBe(true);
  const legacy = openKeystore(readFileSync(fileOf('gateway', 'gateway-legacy.p12')), password);
  expect(pem.checkPrivateKey(legacy.privateKey)).toBe(true);
});

it('gives production its GATEWAY_KEYSTORE', () => {
  const env = {
    GATEWAY_KEYSTORE: fileOf('gateway', 'gateway.p12'),
    GATEWAY_KEYSTORE_PASSWORD: password,
    CONTROL_NUMBER_KEY: 'ab'.repeat(32),
    DATABASE_URL: 'postgres://malipo:x@127.0.0.1/malipo',
  };
  const config = buildConfig(env, projectRoot);
  expect(config.isSandbox).toBe(false);
  const { gateway } = readSecrets(env, config, projectRoot);
  expect(gateway.certificate.subject).toBe('C=TZ, O=Hazina ya Mfano, CN=gateway');
});

withTool('keytool', 'shows each file to Java as it is meant, under the alias gepgclient', () => {
  const entry = (name: string, secret: string) =>
    run('keytool', '-list', '-keystore', fileOf('gateway', name), '-storepass', secret);
  const expected = [
    ['gateway.p12', password, 'PrivateKeyEntry'],
    ['gateway-legacy.p12', password, 'PrivateKeyEntry'],
    ['gateway-trusted.p12', 'changeit', 'trustedCertEntry'],
    ['gateway-trusted-legacy.p12', 'changeit', 'trustedCertEntry'],
  ] as const;
  for (const [name, secret, kind] of expected) {
    expect(entry(name, secret)).toMatch(new RegExp(`contains 1 entry\\s+gepgclient, .*, ${kind}`));
  }
});

withTool('openssl', 'opens in OpenSSL, with its legacy provider and without', () => {
  const open = (name: string, ...words: readonly string[]) =>
    run('openssl', 'pkcs12', '-in', fileOf('gateway', name), ...words);
  const secret = ['-passin', `file:${passwordFile}`];
  for (const name of ['gateway.p12', 'gateway-legacy.p12']) {
    for (const provider of [[], ['-legacy']]) {
      const text = open(name, ...secret, '-nodes', ...provider);
      expect(text).toContain('BEGIN PRIVATE KEY');
      expect(text).toContain('BEGIN CERTIFICATE');
    }
  }
  for (const name of ['gateway-trusted.p12', 'gateway-trusted-legacy.p12']) {
    const text = open(name, '-passin', 'pass:changeit', '-nodes');
    expect(text).toContain('friendlyName: gepgclient');
    expect(text).not.toContain('PRIVATE KEY');
  }
});

describe('the P-256 key of a gateway', () => {
  const names = [
    'gateway-certificate.der',
    'gateway-certificate.pem',
    'gateway-ec-certificate.der',
    'gateway-ec-certificate.pem',
    'gateway-ec-trusted-legacy.p12',
    'gateway-ec-trusted.p12',
    'gateway-legacy.p12',
    'gateway-trusted-legacy.p12',
    'gateway-trusted.p12',
    'gateway.p12',
  ];
  const keysIn = (out: string) =>
    openGatewayKeystore(readFileSync(fileOf(out, 'gateway.p12')), password);

  beforeAll(async () => {
    await makeIn(
      ...(['both', '--gateway', '--ec', '--name', 'gateway', '--keystore'] as const),
      fileOf('gateway', 'gateway.p12'),
    );
  });

  it('stands beside its RSA key, which stays, in one file and under one name', () => {
    expect(readdirSync(join(folder, 'both')).sort()).toEqual(names);
    const before = openKeystore(readFileSync(fileOf('gateway', 'gateway.p12')), password);
    const { rsa, ec } = keysIn('both');
    expect(rsa.certificate.fingerprint).toBe(before.certificate.fingerprint);
    expect(ec?.certificate.subject).toBe(before.certificate.subject);
    const handedOut = new X509Certificate(
      readFileSync(fileOf('both', 'gateway-ec-certificate.pem')),
    );
    expect(handedOut.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(
      ec?.certificate.fingerprint,
    );
    // Clients that cannot open the first file are of before ECDSA.
    const legacy = readFileSync(fileOf('both', 'gateway-legacy.p12'));
    expect(openKeystore(legacy, password).certificate.fingerprint).toBe(
      rsa.certificate.fingerprint,
    );
  });

  it('stays when the file is made again', async () => {
    const said = await makeIn(
      ...(['again', '--gateway', '--name', 'gateway', '--json', '--keystore'] as const),
      fileOf('both', 'gateway.p12'),
    );
    const fingerprint = keysIn('both').ec?.certificate.fingerprint;
    expect(keysIn('again').ec?.certificate.fingerprint).toBe(fingerprint);
    expect(JSON.parse(said)).toMatchObject({ ec: { fingerprint } });
  });

  it('is for the gateway only', async () => {
    await expect(
      makeIn('none', '--ec', '--name', 'SP1', '--organization', 'Mfano'),
    ).rejects.toMatchObject({ code: 'keystore.ec-misplaced' });
    expect(readdirSync(folder)).not.toContain('none');
  });

  withTool('keytool', 'is an entry of its own to Java', () => {
    const listed = run(
      ...(['keytool', '-list', '-keystore'] as const),
      fileOf('both', 'gateway.p12'),
      ...['-storepass', password],
    );
    expect(listed).toMatch(/contains 2 entries/);
    expect(listed).toMatch(/^gepgclient, .*, PrivateKeyEntry/m);
    expect(listed).toMatch(/^gepgclient-ec, .*, PrivateKeyEntry/m);
    const trusted = fileOf('both', 'gateway-ec-trusted.p12');
    expect(run('keytool', '-list', '-keystore', trusted, '-storepass', 'changeit')).toMatch(
      /contains 1 entry\s+gepgclient, .*, trustedCertEntry/,
    );
  });

  withTool('openssl', 'opens in OpenSSL with the other', () => {
    const text = run(
      ...(['openssl', 'pkcs12', '-nodes', '-in'] as const),
      fileOf('both', 'gateway.p12'),
      ...['-passin', `file:${passwordFile}`],
    );
    expect(text.split('BEGIN PRIVATE KEY')).toHaveLength(3);
    expect(text.split('BEGIN CERTIFICATE')).toHaveLength(3);
  });
});

describe('an existing key', () => {
  it('keeps its certificate, and gets the new password', async () => {
    writeFileSync(join(folder, 'old-password'), 'malipo-sandbox');
    const said = await makeIn(
      ...(['sample', '--name', 'SP70101', '--json', '--keystore'] as const),
      join(projectRoot, 'certs-sample', 'SP70101.p12'),
      ...['--keystore-password-file', join(folder, 'old-password')],
    );
    const made = JSON.parse(said) as { fingerprint: string; files: { path: string }[] };
    const opened = openKeystore(readFileSync(fileOf('sample', 'SP70101.p12')), password);
    expect(opened.certificate.fingerprint).toBe(made.fingerprint);
    expect(readFileSync(fileOf('sample', 'SP70101-certificate.pem'), 'utf8')).toBe(
      readFileSync(join(projectRoot, 'certs-sample', 'SP70101-certificate.pem'), 'utf8'),
    );
    expect(made.files).toHaveLength(4);
  });

  it('with a wrong password is refused, and nothing is written', async () => {
    const keystore = join(projectRoot, 'certs-sample', 'SP70101.p12');
    await expect(makeIn('none', '--name', 'SP70101', '--keystore', keystore)).rejects.toMatchObject(
      {
        code: 'keystore.password-wrong',
      },
    );
    expect(readdirSync(folder)).not.toContain('none');
  });
});

describe('a mistake', () => {
  const named = ['--name', 'SP1', '--organization', 'Mfano'] as const;

  it('does not write over a file, nor beside it', async () => {
    const before = readFileSync(fileOf('gateway', 'gateway.p12'));
    writeFileSync(fileOf('gateway', 'SP1-certificate.der'), 'mine');
    const others = readdirSync(join(folder, 'gateway'));
    for (const name of ['gateway', 'SP1']) {
      await expect(makeIn('gateway', ...named, '--name', name)).rejects.toMatchObject({
        code: 'keystore.file-exists',
      });
    }
    expect(readFileSync(fileOf('gateway', 'gateway.p12')).equals(before)).toBe(true);
    expect(readdirSync(join(folder, 'gateway'))).toEqual(others);
  });

  it('in the folder is said', async () => {
    await expect(makeIn('password', ...named)).rejects.toMatchObject({ code: 'file.unwritable' });
  });

  it.each([
    ['short', 'keystore.password-unusable'],
    ['nywila ya siri ñ', 'keystore.password-unusable'],
    ['', 'keystore.password-missing'],
  ])('in the password "%s" is said', async (text, code) => {
    const file = join(folder, 'bad-password');
    writeFileSync(file, text);
    const out = join(folder, 'none');
    await expect(make(...named, '--out', out, '--password-file', file)).rejects.toMatchObject({
      code,
    });
    expect(readdirSync(folder)).not.toContain('none');
  });

  it('that leaves out whose key it is, is said', async () => {
    await expect(makeIn('none', '--name', 'SP1')).rejects.toMatchObject({
      code: 'keystore.organization-missing',
    });
  });
});

it('takes the password from KEYSTORE_PASSWORD too', async () => {
  process.env['KEYSTORE_PASSWORD'] = 'kutoka mazingira';
  try {
    await make('--name', 'SP2', '--organization', 'Mfano', '--out', join(folder, 'env'));
  } finally {
    delete process.env['KEYSTORE_PASSWORD'];
  }
  const { certificate } = openKeystore(readFileSync(fileOf('env', 'SP2.p12')), 'kutoka mazingira');
  expect(certificate.subject).toBe('C=TZ, O=Mfano, CN=SP2');
});
