/**
 * Runs before `npm start` and `npm test`: installs and builds only when something changed.
 * Uses Node alone, since nothing may be installed yet. An unchanged tree costs a few milliseconds.
 * `--no-build` stops after the installation (Jest compiles for itself).
 */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockPath = join(root, '.prepare.lock');

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

function digestOf(paths, ...extra) {
  const hash = createHash('sha256');
  for (const text of extra) hash.update(text);
  for (const path of paths.flatMap((each) => filesBelow(join(root, each)))) {
    hash.update(path.slice(root.length));
    hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

function stampEquals(path, digest) {
  return existsSync(path) && readFileSync(path, 'utf8') === digest;
}

function npm(args) {
  const entry = process.env.npm_execpath;
  const [command, prefix] = entry ? [process.execPath, [entry]] : ['npm', []];
  const done = spawnSync(command, [...prefix, ...args], { cwd: root, stdio: 'inherit' });
  if (done.status !== 0) {
    process.stderr.write(`malipo: "npm ${args.join(' ')}" failed; see the lines above.\n`);
    process.exit(1);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return fault.code === 'EPERM';
  }
}

/** Two first starts at once would delete each other's half-written node_modules. */
function takeLock() {
  for (;;) {
    try {
      const file = openSync(lockPath, 'wx');
      writeFileSync(file, String(process.pid));
      closeSync(file);
      process.on('exit', () => rmSync(lockPath, { force: true }));
      return;
    } catch (fault) {
      if (fault.code !== 'EEXIST') throw fault;
      const holder = Number(readFileSync(lockPath, 'utf8'));
      const isFresh = Date.now() - statSync(lockPath).mtimeMs < 1000;
      if (holder ? !isAlive(holder) : !isFresh) rmSync(lockPath, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
  }
}

const installStamp = join(root, 'node_modules', '.malipo-installed');
const buildStamp = join(root, 'dist', '.malipo-built');
const installDigest = () =>
  digestOf(['package-lock.json', '.npmrc'], process.version, process.platform, process.arch);
const buildDigest = () =>
  digestOf(
    ['src', 'migrations', 'tools', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'],
    installDigest(),
  );
const needsInstall = () => !stampEquals(installStamp, installDigest());
const wantsBuild = !process.argv.includes('--no-build');
const needsBuild = () =>
  wantsBuild &&
  !(stampEquals(buildStamp, buildDigest()) && existsSync(join(root, 'dist/src/main.js')));

if (needsInstall() || needsBuild()) {
  takeLock();
  if (needsInstall()) {
    npm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
    mkdirSync(dirname(installStamp), { recursive: true });
    writeFileSync(installStamp, installDigest());
  }
  if (needsBuild()) {
    const digest = buildDigest();
    npm(['run', '--silent', 'build']);
    writeFileSync(buildStamp, digest);
  }
}
