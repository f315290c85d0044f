/**
 * `npm run mutants [-- NUMBER…]`: puts each hand-made bug into a copy of the program and runs the model test on it, which
 * must fail. The copy without a bug comes first and must pass. About a minute a bug; exit 1 when a bug survives.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bugs } from './mutants/bugs.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const copied = [
  'src',
  'migrations',
  'test',
  'tools',
  'certs-sample',
  'docs',
  'package.json',
  'tsconfig.json',
  'jest.config.js',
];

const wanted = process.argv.slice(2).map(Number);
if (wanted.some((number) => !Number.isInteger(number) || bugs[number - 1] === undefined)) {
  process.stderr.write(`mutants: wanted numbers from 1 to ${String(bugs.length)}\n`);
  process.exit(2);
}
const chosen = wanted.length === 0 ? bugs : wanted.map((number) => bugs[number - 1]);

const folder = mkdtempSync(join(tmpdir(), 'malipo-mutants-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');

/** What the model test says of the copy as it is now. */
function play() {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'node_modules/jest/bin/jest.js'), '--ci', '--bail', 'test/model/'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const failed = [...`${stdout}${stderr}`.matchAll(/^ {2}● (.+)$/gm)].map(([, title]) => title);
  return { isGreen: status === 0, failed: [...new Set(failed)] };
}

/** Puts the bug in, and gives back what takes it out again. */
function put({ title, edits }) {
  const before = new Map(edits.map(([file]) => [file, readFileSync(join(folder, file), 'utf8')]));
  const after = new Map(before);
  for (const [file, from, to] of edits) {
    const parts = after.get(file).split(from);
    if (parts.length !== 2)
      throw new Error(
        `"${title}" no longer applies: its text stands ${String(parts.length - 1)} times in ${file}`,
      );
    after.set(file, parts.join(to));
  }
  for (const [file, text] of after) writeFileSync(join(folder, file), text);
  return () => {
    for (const [file, text] of before) writeFileSync(join(folder, file), text);
  };
}

for (const bug of chosen) {
  try {
    put(bug)();
  } catch (fault) {
    process.stderr.write(`mutants: ${fault.message}\n`);
    process.exit(1);
  }
}

const clean = play();
if (!clean.isGreen) {
  process.stderr.write(`mutants: the model test fails without a bug: ${clean.failed.join('; ')}\n`);
  process.exit(1);
}
process.stdout.write('green   without a bug\n');
let survivors = 0;
for (const bug of chosen) {
  const takeOut = put(bug);
  const { isGreen, failed } = play();
  takeOut();
  survivors += isGreen ? 1 : 0;
  process.stdout.write(
    `${isGreen ? 'LIVES ' : 'caught'}  ${bug.title}${isGreen ? '' : `  (${failed[0] ?? 'it does not run'})`}\n`,
  );
}
process.stdout.write(
  `${String(chosen.length - survivors)} of ${String(chosen.length)} bugs caught.\n`,
);
process.exit(survivors === 0 ? 0 : 1);
