/** What a row of the work sheet is bound to, and what is read of one that comes back. */
import { readSheetRow, rowHash } from './work-sheet.rules';

const facts = {
  id: 7n,
  revision: 1,
  state: 'open',
  theirMinor: 5n,
  ourMinor: null,
  currency: 'TZS',
};

it.each([
  { revision: 2 },
  { state: 'resolved' },
  { theirMinor: 6n },
  { ourMinor: 0n },
  { currency: 'USD' },
])('the hash of a row is another after %p', (change) => {
  expect(rowHash({ ...facts, ...change })).not.toBe(rowHash(facts));
  expect(rowHash({ ...facts })).toBe(rowHash(facts));
});

it('a row without a resolution is left alone; one with a broken cell is named', () => {
  const cells = { id: '7', row_hash: rowHash(facts), resolution: 'ignore', note: ' seen ' };
  expect(readSheetRow(2, cells)).toMatchObject({ id: 7n, input: { note: 'seen' } });
  expect(readSheetRow(2, { ...cells, resolution: ' ' })).toBeUndefined();
  expect(readSheetRow(2, { ...cells, id: '7.0' })).toMatch(/^id/);
  expect(readSheetRow(2, { ...cells, row_hash: 'x' })).toMatch(/^row_hash/);
  expect(readSheetRow(2, { ...cells, control_number: '99E9' })).toMatch(/^control_number/);
});

it('what a resolution asks for is read where it is written; a sheet of an earlier form has less, and is read', () => {
  const early = { id: '7', row_hash: rowHash(facts), resolution: 'link', note: '' };
  const read = (more: Record<string, string>) => readSheetRow(2, { ...early, ...more });
  expect(read({})).toMatchObject({ resolution: 'link', input: { note: '' } });
  const link = { link_psp: 'PSP701', link_day: '2026-11-24', link_account: ' 0150 ', refund: '' };
  expect(read(link)).toHaveProperty('input', {
    note: '',
    psp: 'PSP701',
    day: '2026-11-24',
    account: '0150',
  });
  expect(read({ refund: 'MLP1' })).toHaveProperty('input', { note: '', refund: 'MLP1' });
});
