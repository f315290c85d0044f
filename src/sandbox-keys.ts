/**
 * The API keys of a sandbox, one for each of its parties, in `api-keys.json` of the data folder, so that the first
 * request needs no command. Made once; only the sandbox stores a key that signs in.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
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
  if (existsSync(path)) return;
  const directory = app.get(PartyDirectory, { strict: false });
  const keys: Record<string, string> = {};
  for (const code of sampleCodes()) {
    const party = await directory.find(code);
    if (party === undefined) continue;
    const made = await app
      .get(ChangeApiKeys, { strict: false })
      .create(code, scopesOf(party.kind), days, 'sandbox');
    keys[code] = made.key;
  }
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}
