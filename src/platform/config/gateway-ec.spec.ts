/** The P-256 key of the gateway: the sandbox makes its own, once; elsewhere it comes with the keystore or not at all. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCertificate } from '../crypto/certificate';
import { makeEcSelfSigned } from '../crypto/ec-certificate';
import { makeGatewayKeystore } from '../crypto/gateway-keystore';
import { makeSelfSigned } from '../crypto/keystore';
import { buildConfig, ConfigFaults } from './config';
import type { Environment } from './env';
import { readSecrets } from './secrets';

const root = join(__dirname, '..', '..', '..');
const validity = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
const subject = { commonName: 'gateway', organization: 'Hazina ya Mfano' };
let folder: string;

const secretsOf = (more: Environment = {}) => {
  const env = { DATA_DIR: join(folder, 'data'), SANDBOX: 'true', ...more };
  return readSecrets(env, buildConfig(env, root), root);
};

function ownKeystore(withEc: boolean): Environment {
  const { privateKey, certificatePem } = makeSelfSigned(subject, validity);
  const rsa = { privateKey, certificate: readCertificate(Buffer.from(certificatePem)) };
  const ec = withEc ? makeEcSelfSigned(subject, validity) : undefined;
  const path = join(folder, 'own.p12');
  writeFileSync(path, makeGatewayKeystore({ rsa, ec }, 'secret'));
  return { GATEWAY_KEYSTORE: path, GATEWAY_KEYSTORE_PASSWORD: 'secret' };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malipo-secrets-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('is made once by the sandbox, for its owner only', () => {
  const first = secretsOf().gatewayEc;
  expect(first?.privateKey.asymmetricKeyType).toBe('ec');
  expect(secretsOf().gatewayEc?.certificate.fingerprint).toBe(first?.certificate.fingerprint);
  expect(readdirSync(join(folder, 'data')).sort()).toEqual([
    'control-number.key',
    'gateway-ec.pem',
  ]);
  expect(statSync(join(folder, 'data', 'gateway-ec.pem')).mode & 0o777).toBe(0o600);
});

it('is said to be broken, with what to do, when its file is', () => {
  secretsOf();
  const path = join(folder, 'data', 'gateway-ec.pem');
  const whole = readFileSync(path, 'utf8');
  for (const broken of ['', whole.slice(0, 100), readFileSync(join(root, 'README.md'), 'utf8')]) {
    writeFileSync(path, broken);
    expect(() => secretsOf()).toThrow(ConfigFaults);
    expect(() => secretsOf()).toThrow(`${path} holds no P-256 key; remove it`);
  }
});

it('comes with a keystore of its own, in the sandbox too, and is never made up for one', () => {
  expect(secretsOf(ownKeystore(true)).gatewayEc?.certificate.subject).toContain('Hazina ya Mfano');
  expect(secretsOf(ownKeystore(false)).gatewayEc).toBeUndefined();
  expect(readdirSync(join(folder, 'data'))).toEqual(['control-number.key']);
});
