/** Reads a party file with its certificates (paths relative to the file) and enrols the party. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { Refusal } from './kernel/refusal';
import { type EnrolledParty, EnrolParty } from './parties/enrol-party';
import { readPartyFile } from './parties/party-file.rules';
import { readCertificate } from './platform/crypto/certificate';

/** Refuses: file.unreadable. */
export function readInput(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new Refusal('file.unreadable', `cannot read ${path}`);
  }
}

/** Refuses: file.unreadable, and what is no JSON by `code`. */
export function readJson(path: string, code: string): unknown {
  try {
    return JSON.parse(readInput(path).toString('utf8')) as unknown;
  } catch (fault) {
    if (fault instanceof Refusal) throw fault;
    throw new Refusal(code, `${path} is not JSON`);
  }
}

export async function enrolFromFile(
  app: INestApplicationContext,
  path: string,
  actor: string,
): Promise<EnrolledParty> {
  const file = readPartyFile(readJson(path, 'party.file-malformed'));
  const certificates = file.certificates.map((each) =>
    readCertificate(readInput(resolve(dirname(path), each)), 'rsa or ec'),
  );
  return app.get(EnrolParty, { strict: false }).execute(file, certificates, actor);
}
