/** A party of the samples that signs with a key on P-256 of its own, enrolled from a file as an operator would. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';
import { makeEcSelfSigned } from '../../src/platform/crypto/ec-certificate';
import type { Keystore } from '../../src/platform/crypto/keystore';
import type { TestGateway } from './gateway';

export function makeEcKey(code: string): Keystore {
  return makeEcSelfSigned(
    { commonName: code, organization: 'Benki ya Mfano' },
    { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-12-01T00:00:00Z' },
  );
}

export async function enrolWithEcKey(gateway: TestGateway, code: string): Promise<Keystore> {
  const own = makeEcKey(code);
  const folder = mkdtempSync(join(tmpdir(), 'malipo-es256-'));
  try {
    const sample = readFileSync(join(projectRoot, `certs-sample/parties/${code}.json`), 'utf8');
    const file = { ...(JSON.parse(sample) as object), certificates: ['own.pem'] };
    writeFileSync(join(folder, 'own.pem'), own.certificate.pem);
    writeFileSync(join(folder, `${code}.json`), JSON.stringify(file));
    await gateway.enrolFile(join(folder, `${code}.json`));
  } finally {
    rmSync(folder, { recursive: true });
  }
  return own;
}
