/** Keys of the published sandbox set in `certs-sample`. */
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';
import { type Keystore, openKeystore } from '../../src/platform/crypto/keystore';
import { SandboxParty } from './sandbox-party';

const samplePassword = 'malipo-sandbox';

/** Opened once: deriving the key of a keystore takes node-forge longer than a hundred signatures. */
const opened = new Map<string, Keystore>();

export function sampleKeystore(name: string): Keystore {
  const known = opened.get(name);
  if (known !== undefined) return known;
  const file = readFileSync(join(projectRoot, 'certs-sample', `${name}.p12`));
  const keystore = openKeystore(file, samplePassword);
  opened.set(name, keystore);
  return keystore;
}

export function sampleParty(
  code: string,
  gatewayKey: KeyObject = gatewayPublicKey(),
): SandboxParty {
  return new SandboxParty(code, sampleKeystore(code).privateKey, gatewayKey);
}

function gatewayPublicKey(): KeyObject {
  return sampleKeystore('gateway').certificate.publicKey;
}
