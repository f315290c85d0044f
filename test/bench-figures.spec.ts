/** What a benchmark says of its measurements: medians, ratios to the anchors of the same run, verdicts, the table. */
import { readSpeed } from '../tools/bench/anchors/signing';
import { atLeast, atMost, Tally } from '../tools/bench/figures';
import { asMarkdown } from '../tools/bench/print';

const machine = { cpu: 'two cores' };

function reportOf(tally: Tally) {
  return {
    bench: 'intake',
    isQuick: false,
    machine,
    commit: 'abc1234',
    figures: tally.figures(),
    skipped: tally.skipped,
    notes: tally.notes,
  };
}

it('divides the median of a figure by the median of its anchor, whatever their order in the run', () => {
  const tally = new Tally();
  const rest = { against: ['S', 'F'] as const, targets: [atLeast('S', 0.45), atLeast('F', 1)] };
  for (const value of [300, 500, 450]) tally.add('payments, unique', value, 'per second', rest);
  for (const value of [1_000, 900, 800]) tally.anchor('S', 'signs', value, 'per second');

  const [payments] = tally.figures();

  expect(payments).toMatchObject({ value: 450, ratios: { S: 0.5 }, rounds: [300, 500, 450] });
  expect(asMarkdown(reportOf(tally))).toContain(
    '| payments, unique | 450 | per second | 0.5 S | ≥ 0.45 S, ≥ 1 F | holds, not measured |',
  );
});

it.each([
  [2, 'holds'],
  [2.01, 'MISSED'],
])('a latency of %d ms against at most 2 ms %s', (value, verdict) => {
  const tally = new Tally();
  tally.add('latency', value, 'ms', { targets: [atMost('value', 2)] });

  expect(asMarkdown(reportOf(tally))).toContain(`≤ 2 | ${verdict} |`);
});

it.each([
  ['rsa 2048 bits 0.000124s 0.000009s   8061.2 110882.4'],
  ['rsa  2048 bits 0.000124s 0.000009s 0.000010s 0.000125s   8061.2 110882.4 99000.0 8000.0'],
])('reads signs and verifies from %j', (line) => {
  expect(readSpeed(`version: 3\nsign verify\n${line}\n`)).toEqual({
    signs: 8061.2,
    verifies: 110882.4,
  });
});
