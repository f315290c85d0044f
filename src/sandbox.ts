/** Enrols the sample parties of `certs-sample/parties` on the first start of a sandbox. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { enrolFromFile } from './enrol-file';
import { projectRoot } from './installation';
import { PartyDirectory } from './parties/party-directory';

const folder = join(projectRoot, 'certs-sample', 'parties');

export function sampleCodes(): readonly string[] {
  return readdirSync(folder)
    .filter((each) => each.endsWith('.json'))
    .map((each) => each.replace(/\.json$/, ''))
    .sort();
}

/** Returns the codes enrolled now; parties that are known stay as they are. */
export async function seedSandbox(app: INestApplicationContext): Promise<readonly string[]> {
  const directory = app.get(PartyDirectory, { strict: false });
  const enrolled: string[] = [];
  for (const code of sampleCodes()) {
    if ((await directory.find(code)) !== undefined) continue;
    enrolled.push((await enrolFromFile(app, join(folder, `${code}.json`), 'sandbox')).code);
  }
  directory.forget();
  return enrolled;
}
