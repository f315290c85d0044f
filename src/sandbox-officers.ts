/**
 * One account for each role of a sandbox, so that a newcomer is inside within a minute: made on the first start, with
 * random passwords that each start prints again from `officers.json` of the data folder. They need no authenticator and
 * no change of the password; that holds for them alone, and only while the sandbox is on.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { ManageOfficers } from './officers/manage-officers';
import { isBoundToParty, type Role } from './officers/permission.rules';
import { PartyDirectory } from './parties/party-directory';
import { sampleCodes } from './sandbox';

const sandboxOfficerFile = 'officers.json';

export interface SandboxOfficer {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

const accounts: readonly (readonly [string, Role, string])[] = [
  ['treasury', 'treasury-officer', 'Sandbox treasury officer'],
  ['approver', 'treasury-approver', 'Sandbox treasury approver'],
  ['institution', 'institution-officer', 'Sandbox institution officer'],
  ['auditor', 'auditor', 'Sandbox auditor'],
  ['admin', 'administrator', 'Sandbox administrator'],
  ['support', 'support', 'Sandbox support'],
];

/** Returns the accounts, also those made by an earlier start. */
export async function makeSandboxOfficers(
  app: INestApplicationContext,
  dataDir: string,
): Promise<readonly SandboxOfficer[]> {
  const path = join(dataDir, sandboxOfficerFile);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as SandboxOfficer[];
  const officers = app.get(ManageOfficers, { strict: false });
  const partyCode = await firstInstitution(app);
  const taken = new Set((await officers.list()).map((each) => each.name));
  const made: SandboxOfficer[] = [];
  for (const [name, role, fullName] of accounts) {
    if (taken.has(name) || (isBoundToParty(role) && partyCode === undefined)) continue;
    const wanted = { name, fullName, role };
    const placed = isBoundToParty(role) && partyCode !== undefined ? { partyCode } : {};
    const { password } = await officers.create({ ...wanted, ...placed }, 'sandbox', true);
    made.push({ name, role, password });
  }
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}

async function firstInstitution(app: INestApplicationContext): Promise<string | undefined> {
  const directory = app.get(PartyDirectory, { strict: false });
  for (const code of sampleCodes()) {
    if ((await directory.find(code))?.kind === 'service-provider') return code;
  }
  return undefined;
}
