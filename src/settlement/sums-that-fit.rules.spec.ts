/** Neighbours that make a sum, two to ten of them, and groups in their order. */
import { grouped, runsOf } from './sums-that-fit.rules';

const runs = (amounts: readonly bigint[], wanted: bigint) =>
  runsOf(amounts, (each) => each, wanted).map((run) => run.join('+'));

it.each<[readonly bigint[], bigint, readonly string[]]>([
  [[1n, 2n, 3n], 3n, ['1+2']],
  [[1n, 2n, 1n], 3n, ['1+2', '2+1']],
  [[1n, 5n, 2n], 3n, []],
  [[3n], 3n, []],
  [Array.from({ length: 10 }, () => 1n), 10n, [Array.from({ length: 10 }, () => '1').join('+')]],
  [Array.from({ length: 11 }, () => 1n), 11n, []],
])('of %j, %s is made by %j', (amounts, wanted, expected) => {
  expect(runs(amounts, wanted)).toEqual(expected);
});

it('groups keep the order of what is in them', () => {
  expect([...grouped([3, 1, 2, 5], (each) => (each % 2 === 0 ? 'even' : 'odd'))]).toEqual([
    ['odd', [3, 1, 5]],
    ['even', [2]],
  ]);
});
