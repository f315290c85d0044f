/** Keys of the published sandbox set in `certs-sample`. */
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';
import { type Keystore, openKeystore } from '../../src/platform/crypto/keystore';
import { SandboxParty } from './sandbox-party';

const samplePassword = 'malipo-sandbox';

export function sampleKeystore(name: string): Keystore {
  return openKeystore(
    readFileSync(join(projectRoot, 'certs-sample', `${name}.p12`)),
    samplePassword,
  );
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
