/** A key of the institution of the ground, made as an operator makes one. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';
import { environmentFor } from './intake/setting';
import { type Ground, spCode } from './stage/ground';

export function apiKeyFor(ground: Ground, database: string, scopes: string): string {
  const words = ['--party', spCode, '--scope', scopes, '--json'];
  const said = execFileSync(
    process.execPath,
    [join(projectRoot, 'dist/src/cli.js'), 'api-key', 'create', ...words],
    {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], ...environmentFor(ground, database, 'all') },
      encoding: 'utf8',
    },
  );
  return (JSON.parse(said) as { key: string }).key;
}
