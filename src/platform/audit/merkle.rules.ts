/**
 * The tree over the events of a block, after RFC 6962 §2.1: leaves and nodes are hashed with different first bytes, so
 * that no node can be passed off as a leaf. A path proves that one leaf is below a root.
 */
import { hash as digestOf } from 'node:crypto';

export interface Step {
  /** Where the hash stands when both are put together. */
  readonly side: 'left' | 'right';
  readonly hash: Buffer;
}

const leafMark = Buffer.of(0);
const nodeMark = Buffer.of(1);

function hashOf(...parts: readonly Buffer[]): Buffer {
  return digestOf('sha256', Buffer.concat(parts), 'buffer');
}

/** Level by level; one without a neighbour goes up as it is, which gives the tree of the RFC. */
function above(level: readonly Buffer[]): Buffer[] {
  const next: Buffer[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i], level[i + 1]];
    if (left !== undefined) next.push(right === undefined ? left : hashOf(nodeMark, left, right));
  }
  return next;
}

/** Of at least one row hash. */
export function merkleRoot(rows: readonly Buffer[]): Buffer {
  let level = rows.map((row) => hashOf(leafMark, row));
  while (level.length > 1) level = above(level);
  const [root] = level;
  if (root === undefined) throw new Error('a tree has a leaf');
  return root;
}

/** From the leaf of the row at `index` up to the root. */
export function merklePath(rows: readonly Buffer[], index: number): readonly Step[] {
  const path: Step[] = [];
  let level = rows.map((row) => hashOf(leafMark, row));
  for (let place = index; level.length > 1; place >>= 1, level = above(level)) {
    const hash = level[place ^ 1];
    if (hash !== undefined) path.push({ side: place % 2 === 1 ? 'left' : 'right', hash });
  }
  return path;
}

/** The root that a row and its path lead to. */
export function rootOfPath(row: Buffer, path: readonly Step[]): Buffer {
  return path.reduce(
    (below, { side, hash }) =>
      side === 'left' ? hashOf(nodeMark, hash, below) : hashOf(nodeMark, below, hash),
    hashOf(leafMark, row),
  );
}
