/** Blocks follow each other, hold a thousand events at most, and say in their text all that they are. */
import { instantFromIso } from '../../kernel/clock';
import {
  blockText,
  firstHash,
  hashOfText,
  isWithin,
  mostEvents,
  nextBlocks,
} from './audit-chain.rules';
import { merkleRoot } from './merkle.rules';

const sealedAt = instantFromIso('2026-11-24T08:00:00.125Z');
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_each, i) => ({
    place: BigInt(700 + Math.floor(i / 3)),
    id: BigInt(from + i),
    hash: hashOfText(String(i)),
  }));

it('makes no block of nothing', () => {
  expect(nextBlocks(undefined, [], sealedAt)).toEqual([]);
});

it('cuts what there is into blocks, each naming the one before', () => {
  const all = rows(mostEvents + 1);
  const [first, second, ...rest] = nextBlocks(undefined, all, sealedAt);
  if (first === undefined || second === undefined) throw new Error('two blocks are wanted');
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ sequence: 1n, previousHash: firstHash, eventCount: mostEvents });
  expect(first.root).toEqual(merkleRoot(all.slice(0, mostEvents).map(({ hash }) => hash)));
  expect(second).toMatchObject({ sequence: 2n, eventCount: 1, lastId: BigInt(mostEvents) });
  expect(second.previousHash).toEqual(hashOfText(blockText(first)));
  const [third] = nextBlocks({ sequence: 2n, hash: hashOfText('two') }, rows(1), sealedAt);
  expect(third).toMatchObject({ sequence: 3n, previousHash: hashOfText('two') });
});

it('says everything in its text', () => {
  const [block] = nextBlocks(undefined, rows(1), sealedAt);
  if (block === undefined) throw new Error('one block is wanted');
  expect(blockText(block)).toBe(
    `{"count":1,"lastId":"0","lastPlace":"700","previous":"${'00'.repeat(32)}","root":"${block.root.toString('hex')}",` +
      `"sealedAt":"2026-11-24T08:00:00.125Z","sequence":"1"}`,
  );
});

it('knows which rows stand before its end, by place and then by id', () => {
  const [block] = nextBlocks(undefined, rows(3), sealedAt);
  if (block === undefined) throw new Error('one block is wanted');
  const hash = firstHash;
  expect(isWithin({ place: 699n, id: 99n, hash }, block)).toBe(true);
  expect(isWithin({ place: 700n, id: 2n, hash }, block)).toBe(true);
  expect(isWithin({ place: 700n, id: 3n, hash }, block)).toBe(false);
  expect(isWithin({ place: 701n, id: 0n, hash }, block)).toBe(false);
});
