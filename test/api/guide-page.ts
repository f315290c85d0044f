/** A page of docs as something that is run: blocks of commands, each with what it prints. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../src/installation';

interface Block {
  readonly code: string;
  readonly prints: string;
}

export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(projectRoot, 'docs', page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$\n+^```text\n(.*?)^```$/gms)].map(
    ([, code = '', prints = '']) => ({ code, prints }),
  );
}

/** In a folder, with the addresses of the page put to those of the test. */
export async function expectPrints(
  { code, prints }: Block,
  folder: string,
  addresses: Readonly<Record<string, string>>,
): Promise<void> {
  const here = Object.entries(addresses).reduce(
    (text, [printed, real]) => text.replaceAll(printed, real),
    code,
  );
  const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', here], {
    cwd: folder,
  });
  expect({ code, stdout }).toEqual({ code, stdout: prints });
}
