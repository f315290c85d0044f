/** Every text that a template names is there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasText } from '../platform/locale/locale';

it('no template names a text that nobody wrote', () => {
  const templates = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.njk'),
  );
  expect(templates.length).toBeGreaterThan(5);
  const missing = templates.flatMap((path) => {
    const text = readFileSync(join(__dirname, path), 'utf8');
    return [...text.matchAll(/\bt\(\s*["']([^"']+)["']\s*[,)]/g)]
      .map((found) => found[1] ?? '')
      .filter((key) => !hasText('en', key))
      .map((key) => `${path}: ${key}`);
  });
  expect(missing).toEqual([]);
});
