/**
 * The repository itself: rules of the house that no linter knows.
 * Each test gathers the offenders and expects none, so that a failure names what to mend.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { variables } from '../src/platform/config/env';

const root = join(__dirname, '..');

/** Paths relative to the root, with `/`, in order. A folder that does not exist holds nothing. */
function filesBelow(folder: string, name = /./): string[] {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const allFound = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap((found) => found.slice(1).filter((group) => group));

const roots = ['src', 'tools', 'migrations', 'test'];
const sources = roots.flatMap((folder) => filesBelow(folder, /\.(ts|mjs)$/));
const sqlFiles = filesBelow('src', /\.sql$/);

/** `bills` for `src/bills/sql/insert-bills.sql`. */
const featureOf = (path: string): string => path.split('/')[1] ?? '';
const withoutSqlComments = (sql: string): string =>
  sql.replace(/--.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');

describe('the order of folders', () => {
  it('holds: dependency-cruiser exits clean', () => {
    const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const run = spawnSync(
      process.execPath,
      [cruiser, ...roots, '--config', '--output-type', 'err'],
      { cwd: root, encoding: 'utf8' },
    );

    expect({ status: run.status, said: run.status === 0 ? '' : run.stdout + run.stderr }).toEqual({
      status: 0,
      said: '',
    });
  }, 60_000);

  it('has a place for every folder of src', () => {
    const lists = allFound(
      read('.dependency-cruiser.cjs'),
      /^const (?:order|edges|top) = \[([^\]]*)\]/gm,
    );
    const named = allFound(lists.join(), /'([a-z]+)'/g);
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);

    expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
  });
});

describe('every source file', () => {
  it('opens by saying what it is for', () => {
    expect(sources.filter((path) => !/^(#!.*\n)?\/\*\*/.test(read(path)))).toEqual([]);
  });

  it('of src is short enough to be read at one sitting: 400 lines', () => {
    const long = filesBelow('src', /\.(ts|mjs|sql|njk|css)$/).filter(
      (path) => read(path).trimEnd().split('\n').length > 400,
    );

    expect(long).toEqual([]);
  });

  it('is finished: no notes about work left undone', () => {
    const note = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME'].join('|')})\\b`);

    expect([...sources, ...sqlFiles].filter((path) => note.test(read(path)))).toEqual([]);
  });

  it('has a name that says what is inside', () => {
    const vague = /(^|[-.])(utils?|helpers?|common|managers?)([-.]|$)/;

    expect(sources.filter((path) => path.split('/').some((part) => vague.test(part)))).toEqual([]);
  });
});

it('every rules file has a spec beside it', () => {
  const rules = filesBelow('src', /\.rules\.ts$/);

  expect(
    rules.filter((path) => !existsSync(join(root, path.replace(/\.ts$/, '.spec.ts')))),
  ).toEqual([]);
});

it('every refusal code is well formed and expected by some spec', () => {
  const codes = filesBelow('src', /(?<!\.spec)\.ts$/).flatMap((path) =>
    allFound(read(path), /new Refusal\(\s*['"`]([^'"`]+)['"`]/g),
  );
  const specs = ['src', 'test'].flatMap((folder) => filesBelow(folder, /\.spec\.ts$/));
  const expected = specs.map(read).join('\n');

  const unproved = [...new Set(codes)].filter(
    (code) =>
      !/^[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/.test(code) ||
      !new RegExp(`(?<![\\w.-])${code.replace('.', '\\.')}(?![\\w.-])`).test(expected),
  );

  expect(unproved).toEqual([]);
});

describe('every .sql file', () => {
  it('opens with its contract: purpose, each parameter, what it returns', () => {
    const unclear = sqlFiles.flatMap((path) => {
      const sql = read(path);
      const contract = /^(--.*\n)*/.exec(sql)?.[0] ?? '';
      const body = withoutSqlComments(sql);
      const missing = [...new Set(body.match(/\$\d+/g))].filter(
        (parameter) => !new RegExp(`\\${parameter}(?!\\d)`).test(contract),
      );
      if (!/^-- \S/.test(contract)) missing.push('purpose');
      if (!/\breturns\b/i.test(contract)) missing.push('returns');
      return missing.map((part) => `${path}: ${part}`);
    });

    expect(unclear).toEqual([]);
  });

  it('writes at home: only tables of its own folder', () => {
    const owners = new Map(
      filesBelow('src', /\.tables\.ts$/).flatMap((path) =>
        allFound(read(path), /@Entity\(\s*(?:\{[^}]*?\bname:\s*)?['"`](\w+)['"`]/g).map(
          (table) => [table, featureOf(path)] as const,
        ),
      ),
    );
    const written =
      /\binsert\s+into\s+(?:only\s+)?([\w.]+)|\bmerge\s+into\s+([\w.]+)|\bdelete\s+from\s+(?:only\s+)?([\w.]+)|\btruncate\s+(?:table\s+)?([\w.]+)|(?<!\b(?:for|do|for\s+no\s+key)\s+)\bupdate\s+(?:only\s+)?([\w.]+)/gi;

    const away = sqlFiles.flatMap((path) =>
      allFound(withoutSqlComments(read(path)), written)
        .filter((table) => owners.get(table) !== featureOf(path))
        .map((table) => `${path} writes ${table} of ${owners.get(table) ?? 'no tables file'}`),
    );

    expect(away).toEqual([]);
  });

  it('asks gateway_now() for the time, so that a test can set it', () => {
    const wallClock =
      /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b/i;

    expect(sqlFiles.filter((path) => wallClock.test(withoutSqlComments(read(path))))).toEqual([]);
  });
});

it('.env.example lists exactly the settings that are read', () => {
  const listed = allFound(read('.env.example'), /^#? ?([A-Z][A-Z0-9_]*)=/gm);

  expect(listed.sort()).toEqual(Object.keys(variables).sort());
});

it('every golden case is complete', () => {
  const kind = /\.[a-z]+\.(xml|json)$/;
  const files = filesBelow('test/protocol/golden', kind);
  const folders = new Set(files.map((path) => dirname(path)));

  const incomplete = [...folders].flatMap((folder) => {
    const inFolder = files.filter((path) => dirname(path) === folder);
    const inbound = inFolder.some((path) => path.endsWith('.request.xml'));
    const needed = inbound ? ['.request.xml', '.command.json', '.reply.xml'] : ['.json', '.xml'];
    const cases = new Set(inFolder.map((path) => path.replace(kind, '')));
    return [...cases].flatMap((name) =>
      needed
        .filter(
          (ending) =>
            !inFolder.some((path) => path.startsWith(`${name}.`) && path.endsWith(ending)),
        )
        .map((ending) => `${name} lacks ${ending}`),
    );
  });

  expect(incomplete).toEqual([]);
});

describe('the lockfile', () => {
  const lock = read('package-lock.json');

  it('names no registry host, so that any mirror serves it', () => {
    expect(lock.match(/"resolved": "(?:git\+)?(?:https?|ssh):.*"/g) ?? []).toEqual([]);
  });

  it('holds the database for every platform, whichever machine wrote it', () => {
    const { packages } = JSON.parse(lock) as { packages: Record<string, unknown> };
    const wanted = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };

    const missing = Object.keys(wanted.optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in packages),
    );

    expect(missing).toEqual([]);
  });
});
