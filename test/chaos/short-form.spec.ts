/**
 * The short form of `npm run chaos` on the built gateway: a few kills of the gateway and of its database, answers to
 * COMMIT that are lost, copies, and SIGTERM under load. Nothing acknowledged is lost and nothing is taken twice.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';

/** About a minute alone on two cores; six times that beside other work. */
const limitMs = 12 * 60_000;

function run(...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: projectRoot,
    encoding: 'utf8',
    timeout: limitMs,
  });
  if (status !== 0)
    throw new Error(`${words.join(' ')} ended with ${String(status)}\n${stdout}${stderr}`);
  return stdout;
}

it(
  'loses nothing and takes nothing twice',
  () => {
    run('tools/prepare.mjs');
    const folder = mkdtempSync(join(tmpdir(), 'malipo-chaos-spec-'));
    try {
      const evidence = join(folder, 'evidence.json');
      run('dist/tools/chaos/main.js', '--short', '--json', evidence);
      expect(JSON.parse(readFileSync(evidence, 'utf8'))).toMatchObject({
        passed: true,
        lost: 0,
        doubled: 0,
        acknowledged: expect.any(Number),
        inDoubtCommitted: expect.any(Number),
        cases: ['C1', 'C2', 'C5', 'C8', 'drain'].map((id) => ({ case: id, passed: true })),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  limitMs,
);
