/** The tree of a block: known roots of RFC 6962, and every path of every size leads to its root. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { merklePath, merkleRoot, rootOfPath } from './merkle.rules';

const row = (text: string) => createHash('sha256').update(text).digest();

it('has the roots that the trees of Certificate Transparency have', () => {
  const known = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const leaves = known.map((hex) => Buffer.from(hex, 'hex'));
  expect(merkleRoot(leaves.slice(0, 1)).toString('hex')).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  );
  expect(merkleRoot(leaves).toString('hex')).toBe(
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  );
});

it('leads from every row to the root, and from no other row', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (size, pick) => {
      const rows = Array.from({ length: size }, (_each, i) => row(String(i)));
      const index = pick % size;
      const path = merklePath(rows, index);
      const leaf = rows[index] ?? row('');
      expect(rootOfPath(leaf, path)).toEqual(merkleRoot(rows));
      expect(rootOfPath(row('another'), path)).not.toEqual(merkleRoot(rows));
    }),
  );
});

it('has no root without a row', () => {
  expect(() => merkleRoot([])).toThrow('leaf');
});
