/** Group commit: what is batched together, what waits, and what one bad item costs. */
import { MicroBatch, Overload } from './micro-batch';

const never = (): boolean => false;
const limits = { maxBatch: 4, maxWaiting: 100, lanes: 1 };

/** Work that ends when it is told, and remembers its batches. */
function slowWork() {
  const batches: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const work = async (items: readonly number[]) => {
    batches.push(items);
    await new Promise<void>((resolve) => gates.push(resolve));
    return items.map((item) => item * 10);
  };
  return { batches, work, turn, open: () => gates.shift()?.() };
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What came is a crowd of one turn: the next brings nothing more, and the batch begins. */
async function turn(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

it('makes one batch of what arrives in a turn, and the next of what arrived meanwhile', async () => {
  const { batches, work, turn, open } = slowWork();
  const lane = new MicroBatch(work, limits, never);
  const results = [1, 2].map((item) => lane.submit(item));
  await turn();
  results.push(...[3, 4, 5, 6, 7].map((item) => lane.submit(item)));
  await turn();
  expect(batches).toEqual([[1, 2]]);
  for (let i = 0; i < 3; i++) {
    open();
    await turn();
    await turn();
  }
  expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(batches).toEqual([[1, 2], [3, 4, 5, 6], [7]]);
});

it('waits while each turn brings more, though not for ever', async () => {
  const { batches, work } = slowWork();
  const lane = new MicroBatch(work, { ...limits, maxBatch: 100 }, never);
  for (let item = 1; item <= 20; item++) {
    void lane.submit(item);
    void lane.submit(-item);
    await nextTurn();
  }
  const [first = []] = batches;
  expect(first.length).toBeGreaterThan(4);
  expect(first.length).toBeLessThan(20);
});

it('does not make one wait that is alone', async () => {
  const { batches, work } = slowWork();
  void new MicroBatch(work, limits, never).submit(1);
  await nextTurn();
  expect(batches).toEqual([[1]]);
});

it('begins a second batch beside the first when enough wait for it, or the first takes long', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const { batches, work, turn, open } = slowWork();
  const lane = new MicroBatch(work, { ...limits, lanes: 2, worthALane: 3 }, never);
  const results = [lane.submit(1)];
  await turn();
  results.push(lane.submit(2), lane.submit(3));
  await turn();
  expect(batches).toEqual([[1]]);
  results.push(lane.submit(4));
  await turn();
  expect(batches).toEqual([[1], [2, 3, 4]]);
  open();
  await turn();
  results.push(lane.submit(5));
  await turn();
  expect(batches).toHaveLength(2);
  // The one under way waits for a lock, say: the next does not wait with it for ever.
  jest.runAllTimers();
  await turn();
  expect(batches[2]).toEqual([5]);
  jest.useRealTimers();
  open();
  open();
  expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50]);
});

it('refuses what may not wait, and says so', async () => {
  const { work, open, turn } = slowWork();
  const lane = new MicroBatch(work, { ...limits, maxWaiting: 2 }, never);
  const first = lane.submit(1);
  const second = lane.submit(2);
  await expect(lane.submit(3)).rejects.toBeInstanceOf(Overload);
  await turn();
  open();
  expect(await Promise.all([first, second])).toEqual([10, 20]);
});

it('lets a bad item fail alone', async () => {
  const tries: number[] = [];
  const lane = new MicroBatch(
    (items: readonly number[]) => {
      tries.push(items.length);
      if (items.includes(3)) return Promise.reject(new Error('three'));
      return Promise.resolve(items);
    },
    limits,
    never,
  );
  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => lane.submit(item)));
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(tries).toEqual([4, 2, 2, 1, 1]);
});

it('tells how many tries of the batch have failed, and ends when that is too many', async () => {
  const told: string[] = [];
  const lane = new MicroBatch(
    (items: readonly number[], failures) => {
      told.push(`${items.join()} after ${String(failures)}`);
      return items.includes(2) || items.includes(4)
        ? Promise.reject(new Error('held'))
        : Promise.resolve(items);
    },
    limits,
    (_fault, failures) => failures >= 3,
  );
  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => lane.submit(item)));
  expect(told).toEqual(['1,2,3,4 after 0', '1,2 after 1', '1 after 2', '2 after 2', '3,4 after 3']);
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
  ]);
});

it('does not try again what failed for everybody', async () => {
  let tries = 0;
  const lane = new MicroBatch(
    () => {
      tries += 1;
      return Promise.reject(new Error('database lost'));
    },
    limits,
    () => true,
  );
  const results = await Promise.allSettled([1, 2, 3].map((item) => lane.submit(item)));
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  expect(tries).toBe(1);
});
