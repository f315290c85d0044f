/** The manifest of a backup, and the order of its tables. */
import { fillOrder, type Manifest, readManifest } from './manifest.rules';

const good: Manifest = {
  format: 1,
  madeAt: '2026-11-24 10:00:00+00',
  serverVersion: '18.4',
  migrations: ['CreateFoundation1764000000001'],
  months: ['2026-11-01'],
  tables: [
    {
      name: 'party',
      columns: ['id', 'code'],
      file: 'party.copy.gz',
      rows: 2,
      bytes: 40,
      sha256: 'a'.repeat(64),
    },
  ],
  sequences: [
    { name: 'party_id_seq', lastValue: '2' },
    { name: 'delivery_id_seq', lastValue: null },
  ],
};
const [table] = good.tables;

it('reads back what was written', () => {
  expect(readManifest(JSON.stringify(good))).toEqual(good);
});

it.each([
  ['no JSON', '{"format": 1'],
  ['no object', '7'],
  ['another format', JSON.stringify({ ...good, format: 2 })],
  ['no tables', JSON.stringify({ ...good, tables: undefined })],
  [
    'a file elsewhere',
    JSON.stringify({ ...good, tables: [{ ...table, file: '../party.copy.gz' }] }),
  ],
  ['a digest cut short', JSON.stringify({ ...good, tables: [{ ...table, sha256: 'ab' }] })],
  [
    'a sequence of words',
    JSON.stringify({ ...good, sequences: [{ name: 'x', lastValue: '1; x' }] }),
  ],
  ['months of numbers', JSON.stringify({ ...good, months: [5] })],
])('refuses %s', (_case, text) => {
  expect(() => readManifest(text)).toThrow('backup.manifest-malformed');
});

it('puts a table after those it refers to, and knows a circle', () => {
  const references = [
    { from: 'payment', to: 'party' },
    { from: 'allocation', to: 'payment' },
    { from: 'allocation', to: 'bill' },
    { from: 'bill', to: 'party' },
    { from: 'bill', to: 'bill' },
  ];
  const order = fillOrder(['allocation', 'bill', 'party', 'payment'], references);
  for (const { from, to } of references) {
    expect(order.indexOf(from)).toBeGreaterThanOrEqual(order.indexOf(to));
  }
  expect(() =>
    fillOrder(
      ['a', 'b'],
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    ),
  ).toThrow('a, b refer to each other');
});
