/**
 * Keys and passwords, apart from Config so that Config may be logged. In the sandbox the keystore is the published
 * sample and the control-number key is made once and kept in DATA_DIR; production brings both.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Keystore, openKeystore } from '../crypto/keystore';
import { isSandboxKey } from '../crypto/sandbox-keys';
import { Refusal } from '../../kernel/refusal';
import { type Config, ConfigFaults } from './config';
import type { Environment } from './env';

export class Secrets {
  constructor(
    readonly gateway: Keystore,
    readonly controlNumberKey: Buffer,
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

/** Refuses with ConfigFaults; never repeats a password. `root` holds `certs-sample`. */
export function readSecrets(env: Environment, config: Config, root: string): Secrets {
  const path = env.GATEWAY_KEYSTORE ?? join(root, 'certs-sample', 'gateway.p12');
  const password = env.GATEWAY_KEYSTORE ? (env.GATEWAY_KEYSTORE_PASSWORD ?? '') : sandboxPassword;
  if (!existsSync(path)) throw new ConfigFaults([`GATEWAY_KEYSTORE: there is no file ${path}`]);
  try {
    const gateway = openKeystore(readFileSync(path), password);
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
    return new Secrets(gateway, readControlNumberKey(env, config));
  } catch (fault) {
    if (fault instanceof Refusal) throw new ConfigFaults([`GATEWAY_KEYSTORE: ${fault.detail}`]);
    throw fault;
  }
}
