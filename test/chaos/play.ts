/** Plays experiments of `npm run chaos` on the built gateway, and gives back the evidence. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../src/installation';
import type { Report } from '../../tools/chaos/report';

/** Ten times what it takes beside other work: for what never ends. */
export const limitMs = 12 * 60_000;

async function run(...words: string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, words, { cwd: projectRoot, timeout: limitMs });
  } catch (fault) {
    const { code, stdout, stderr } = fault as { code: number; stdout: string; stderr: string };
    throw new Error(`${words.join(' ')} ended with ${String(code)}\n${stdout}${stderr}`);
  }
}

/** Throws with all that was printed when a case does not hold. */
export async function play(...words: string[]): Promise<Report> {
  await run('tools/prepare.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'malipo-chaos-spec-'));
  try {
    const evidence = join(folder, 'evidence.json');
    await run('dist/tools/chaos/main.js', '--json', evidence, ...words);
    return JSON.parse(readFileSync(evidence, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
