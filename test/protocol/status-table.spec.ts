/** The published status codes are those of the code, in the table and in the annotations of the schemas. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultCodes, statusTextOf } from '../../src/gepg/status-codes';
import { projectRoot } from '../../src/installation';
import { statusTable } from '../../tools/wire/status-table';
import { readSchema } from '../support/schema-shape';

const published = readFileSync(join(projectRoot, 'docs', 'status-codes.md'), 'utf8');
const codesIn = (text: string): string[] => [...new Set(text.match(/\b7[0-9]{3}\b/g))].sort();

it('docs/status-codes.md is what the code says', () => {
  expect(published).toBe(statusTable());
}, 60_000);

const failure = faultCodes([]);
const isMeant = (code: string): boolean =>
  code === failure || statusTextOf(code) !== statusTextOf(failure);

it('every code has a meaning of its own', () => {
  expect(codesIn(published).filter((code) => !isMeant(code))).toEqual([]);
});

it.each(['gepg-v4.xsd', 'gepg-v5.xsd', 'malipo-psp-v5.xsd'])('%s names no other code', (file) => {
  expect(codesIn(readSchema(file).documentation).filter((code) => !isMeant(code))).toEqual([]);
});
