/** Which of several items may make one sum. Pure. */

const longestRun = 10;

/** Neighbouring items, two to ten of them, whose sum is the wanted one. */
export function runsOf<T>(items: readonly T[], amount: (item: T) => bigint, wanted: bigint): T[][] {
  const runs: T[][] = [];
  for (let from = 0; from < items.length; from++) {
    let sum = 0n;
    for (let to = from; to < Math.min(items.length, from + longestRun); to++) {
      sum += amount(items[to] as T);
      if (sum > wanted) break;
      if (sum === wanted && to > from) runs.push(items.slice(from, to + 1));
    }
  }
  return runs;
}

export function grouped<T>(
  items: readonly T[],
  key: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
