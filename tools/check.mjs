/**
 * `npm run check`: layout, lint, types, order, dead code and unit tests, two steps at a time.
 * Prints a line a step, and the output of the failing ones only. Exit 1 when any step fails.
 * Tests that need PostgreSQL are not here; `npm test` runs all.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = 'node_modules/.cache';

/** The longest first, so that the two lanes end together. */
const steps = [
  ['eslint', 'eslint', '.', '--max-warnings=0', '--cache', `--cache-location=${cache}/eslint/`],
  ['types', 'tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', `${cache}/types`],
  ['unit tests', 'jest', '--maxWorkers=1', join(root, 'src/'), join(root, 'test/tidy.spec.ts')],
  ['prettier', 'prettier', '--check', '.', '--log-level=warn'],
  ['order', 'depcruise', 'src', 'tools', 'migrations', 'test', '--config'],
  ['dead code', 'knip', '--no-progress'],
];

function run([title, command, ...words]) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules/.bin', command), words, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk) => (output += String(chunk));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => keep(error.message));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'}  ${title}  ${seconds} s\n`);
      if (code !== 0) process.stdout.write(`${output.trimEnd()}\n\n`);
      resolve(code === 0);
    });
  });
}

const waiting = [...steps];
let failures = 0;

async function lane() {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    if (!(await run(step))) failures += 1;
  }
}

await Promise.all([lane(), lane()]);
process.exitCode = failures === 0 ? 0 : 1;
