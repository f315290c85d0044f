/** Portions of work: who begins at once, who waits for a turn of the loop, and in which order. */
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { Turns } from './turns';

it('begins at once as long as the portion of a turn lasts, then so many in each turn, first come first served', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  for (let i = 1; i <= 5; i++) void turns.take().then(() => begun.push(i));
  await Promise.resolve();
  await Promise.resolve();
  expect(begun).toEqual([1, 2]);
  await turnOfLoop();
  expect(begun).toEqual([1, 2, 3, 4]);
  await turnOfLoop();
  expect(begun).toEqual([1, 2, 3, 4, 5]);
});

it('lets nobody overtake who waits', async () => {
  const turns = new Turns(1);
  const begun: string[] = [];
  for (const name of ['a', 'b', 'c']) void turns.take().then(() => begun.push(name));
  await turnOfLoop();
  void turns.take().then(() => begun.push('late'));
  for (let i = 0; i < 3; i++) await turnOfLoop();
  expect(begun).toEqual(['a', 'b', 'c', 'late']);
});

it('looks at the sockets between two portions', async () => {
  const turns = new Turns(1);
  const seen: string[] = [];
  void turns.take().then(() => seen.push('first'));
  void turns.take().then(() => seen.push('second'));
  setImmediate(() => seen.push('something else'));
  void turns.take().then(() => seen.push('third'));
  for (let i = 0; i < 3; i++) await turnOfLoop();
  expect(seen).toEqual(['first', 'second', 'something else', 'third']);
});
