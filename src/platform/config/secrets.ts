/**
 * Keys and passwords, apart from Config so that Config may be logged. In the sandbox the keystore is the published
 * sample, and the control-number key and a P-256 key are made once and kept in DATA_DIR; production brings its own.
 */
import { createPrivateKey, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificate } from '../crypto/certificate';
import { makeEcSelfSigned } from '../crypto/ec-certificate';
import { openGatewayKeystore } from '../crypto/gateway-keystore';
import type { Keystore } from '../crypto/keystore';
import { isSandboxKey } from '../crypto/sandbox-keys';
import { Refusal } from '../../kernel/refusal';
import { type Config, ConfigFaults } from './config';
import type { Environment } from './env';
import { writeOnce } from './write-once';

/** Holds the password of the mail server, if it wants one. */
export interface MailSettings {
  readonly url: string;
  readonly from: string;
  /** Without TLS where the server offers none: in the sandbox only. */
  readonly mayBePlain: boolean;
}

export class Secrets {
  constructor(
    readonly gateway: Keystore,
    readonly controlNumberKey: Buffer,
    /** P-256: signs what goes to PSPs that agreed on ECDSA. */
    readonly gatewayEc?: Keystore,
    /** Absent: no mail is sent. */
    readonly mail?: MailSettings,
  ) {}

  /**
   * A key for what is kept encrypted, another for each purpose. Made from the control-number key: the one secret that
   * never changes while the keystore does, and a start with another one is refused.
   */
  keyFor(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.controlNumberKey, '', `malipo ${purpose}`, 32));
  }
}

const sandboxPassword = 'malipo-sandbox';

function readControlNumberKey(env: Environment, config: Config): Buffer {
  if (env.CONTROL_NUMBER_KEY) return Buffer.from(env.CONTROL_NUMBER_KEY, 'hex');
  const path = join(config.dataDir, 'control-number.key');
  if (existsSync(path)) return Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  mkdirSync(config.dataDir, { recursive: true });
  const key = randomBytes(32);
  writeFileSync(path, key.toString('hex'), { mode: 0o600 });
  return key;
}

/** As the samples of certs-sample. */
const sandboxValidity = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };

function sandboxEcKey({ dataDir }: Config): Keystore {
  const path = join(dataDir, 'gateway-ec.pem');
  if (!existsSync(path)) {
    const subject = { commonName: 'gateway', organization: 'Malipo sandbox' };
    const { privateKey, certificate } = makeEcSelfSigned(subject, sandboxValidity);
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    writeOnce(path, `${key}${certificate.pem}`);
  }
  try {
    const pem = readFileSync(path);
    return { privateKey: createPrivateKey(pem), certificate: readCertificate(pem, 'ec') };
  } catch {
    throw new ConfigFaults([
      `${path} holds no P-256 key; remove it, and the sandbox makes one anew`,
    ]);
  }
}

/** Refuses with ConfigFaults; never repeats a password. `root` holds `certs-sample`. */
export function readSecrets(env: Environment, config: Config, root: string): Secrets {
  const path = env.GATEWAY_KEYSTORE ?? join(root, 'certs-sample', 'gateway.p12');
  const password = env.GATEWAY_KEYSTORE ? (env.GATEWAY_KEYSTORE_PASSWORD ?? '') : sandboxPassword;
  if (!existsSync(path)) throw new ConfigFaults([`GATEWAY_KEYSTORE: there is no file ${path}`]);
  try {
    const { rsa: gateway, ec } = openGatewayKeystore(readFileSync(path), password);
    const isSample = isSandboxKey(gateway.certificate.publicKeyFingerprint);
    if (isSample && !config.isSandbox) {
      throw new ConfigFaults([
        'GATEWAY_KEYSTORE holds a published sandbox key; production needs its own',
      ]);
    }
    if (!isSample && config.isSandbox && env.SANDBOX !== 'true') {
      throw new ConfigFaults([
        'GATEWAY_KEYSTORE holds a key of its own, but the sandbox is on; set SANDBOX=false or, to try the key, SANDBOX=true',
      ]);
    }
    const controlNumberKey = readControlNumberKey(env, config);
    return new Secrets(
      gateway,
      controlNumberKey,
      ec ?? (isSample ? sandboxEcKey(config) : undefined),
      env.SMTP_URL === undefined
        ? undefined
        : { url: env.SMTP_URL, from: env.MAIL_FROM ?? '', mayBePlain: config.isSandbox },
    );
  } catch (fault) {
    if (fault instanceof Refusal) throw new ConfigFaults([`GATEWAY_KEYSTORE: ${fault.detail}`]);
    throw fault;
  }
}
