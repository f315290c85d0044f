/**
 * Makes the sandbox set anew: a keystore and a certificate for the gateway and for every party of
 * `certs-sample/parties`, and `sandbox-keys.ts`, the list by which production refuses them all.
 * Run in the repository root after a build: `node dist/tools/make-sandbox-certificates.js`. Every key changes.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCertificate } from '../src/platform/crypto/certificate';
import { makeKeystore, makeSelfSigned, type Subject } from '../src/platform/crypto/keystore';

const folder = 'certs-sample';
const listFile = 'src/platform/crypto/sandbox-keys.ts';
const password = 'malipo-sandbox';
const validity = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };

interface Made {
  readonly owner: string;
  readonly publicKeyFingerprint: string;
}

function partyOf(file: string): Subject {
  const party = JSON.parse(readFileSync(join(folder, 'parties', file), 'utf8')) as { name: string };
  return { commonName: basename(file, '.json'), organization: party.name };
}

function make(owner: string, subject: Subject): Made {
  const { privateKey, certificatePem } = makeSelfSigned(subject, validity);
  writeFileSync(join(folder, `${owner}.p12`), makeKeystore(privateKey, certificatePem, password));
  writeFileSync(join(folder, `${owner}-certificate.pem`), certificatePem);
  const { publicKeyFingerprint } = readCertificate(Buffer.from(certificatePem));
  return { owner, publicKeyFingerprint };
}

function listing(made: readonly Made[]): string {
  const lines = made.map((each) => `  // ${each.owner}\n  '${each.publicKeyFingerprint}',`);
  return `/**
 * The public keys of certs-sample, whose private keys everybody has; production refuses them.
 * Written by tools/make-sandbox-certificates.ts: run that, do not edit this.
 */

/** SHA-256 of each DER public key (SPKI), in lower-case hexadecimal. */
export const sandboxKeyFingerprints: ReadonlySet<string> = new Set([
${lines.join('\n')}
]);

export function isSandboxKey(publicKeyFingerprint: string): boolean {
  return sandboxKeyFingerprints.has(publicKeyFingerprint);
}
`;
}

const gateway = make('gateway', { commonName: 'gateway', organization: 'Malipo sandbox' });
const parties = readdirSync(join(folder, 'parties'))
  .toSorted()
  .map(partyOf)
  .map((subject) => make(subject.commonName, subject));
const made = [gateway, ...parties];
writeFileSync(listFile, listing(made));
for (const { owner, publicKeyFingerprint } of made) {
  process.stdout.write(`${owner} ${publicKeyFingerprint}\n`);
}
