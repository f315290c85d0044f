/** docs/operations.md says what the code does: every invariant in its words, every alarm that can be raised. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariants } from '../src/assurance/invariants';

const root = join(__dirname, '..');
const guide = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');

/** First cells of the rows of the table below a header. */
function tableBelow(header: string): readonly (readonly string[])[] {
  const [, rest = ''] = guide.split(`${header}\n`);
  return rest
    .split('\n')
    .slice(1)
    .slice(
      0,
      rest
        .split('\n')
        .slice(1)
        .findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

it('lists the invariants as they are in the code', () => {
  expect(tableBelow('| | must hold |')).toEqual(
    invariants.map(({ id, sentence }) => [id, sentence]),
  );
});

it('says of every alarm that the program can raise what to do', () => {
  const raised = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => readFileSync(join(root, 'src', path), 'utf8'))
    .flatMap((text) => text.split(/\.raiseAlarm(?:Once)?\(\s*tx,\s*\{/).slice(1))
    .map(
      (call) => /^\s*kind: '([a-z-]+)'/.exec(call)?.[1] ?? `not a plain kind: ${call.slice(0, 60)}`,
    );
  const rows = tableBelow('| kind | what it means | what to do |');

  expect(rows.map(([kind]) => kind)).toEqual(
    [...new Set(raised)].sort().map((kind) => `\`${kind}\``),
  );
  expect(rows.filter((cells) => cells.length !== 3 || cells.includes(''))).toEqual([]);
});

it('names tests of the embedded server that exist', () => {
  const spec = readFileSync(join(root, 'test', 'database', 'embedded-database.spec.ts'), 'utf8');
  const named = tableBelow('| trap | test, in `test/database/embedded-database.spec.ts` |')
    .map(([, test = '']) => test)
    .filter((test) => !test.includes('`'));
  expect(named).toHaveLength(9);
  for (const test of named) expect(spec).toContain(`it('${test}'`);
});
