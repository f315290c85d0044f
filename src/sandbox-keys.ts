/**
 * The API keys of a sandbox, one for each of its parties, in `api-keys.json` of the data folder, so that the first
 * request needs no command. A key that signs in stays; one that does not, since the database is another one than it was
 * made for, is made anew. Only the sandbox stores a key that signs in.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeyDirectory } from './parties/api-key-directory';
import { scopesOf } from './parties/api-key.rules';
import { ChangeApiKeys } from './parties/change-api-keys';
import { PartyDirectory } from './parties/party-directory';
import { sampleCodes } from './sandbox';

export const sandboxKeyFile = 'api-keys.json';
const days = 365;

export async function makeSandboxKeys(
  app: INestApplicationContext,
  dataDir: string,
): Promise<void> {
  const path = join(dataDir, sandboxKeyFile);
  const known = readKnown(path);
  const signIn = app.get(ApiKeyDirectory, { strict: false });
  const directory = app.get(PartyDirectory, { strict: false });
  const keys: Record<string, string> = {};
  for (const code of sampleCodes()) {
    const party = await directory.find(code);
    if (party === undefined) continue;
    const kept = known[code];
    if (kept !== undefined && (await signIn.holderOf(kept))?.party.code === code) {
      keys[code] = kept;
      continue;
    }
    const made = await app
      .get(ChangeApiKeys, { strict: false })
      .create(code, scopesOf(party.kind), days, 'sandbox');
    keys[code] = made.key;
  }
  if (JSON.stringify(keys) === JSON.stringify(known)) return;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}

/** What somebody wrote there by hand is no reason not to start: it is made anew. */
function readKnown(path: string): Readonly<Record<string, string>> {
  if (!existsSync(path)) return {};
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const entries = typeof read === 'object' && read !== null ? Object.entries(read) : [];
    return Object.fromEntries(entries.filter(([, key]) => typeof key === 'string'));
  } catch {
    return {};
  }
}
