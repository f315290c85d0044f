/** Answers to COMMIT that are lost on the way: what was committed is found when it is sent again, with its receipt. */
import { limitMs, play } from './play';

it(
  'finds what was committed without an answer, and takes it no second time',
  async () => {
    const { inDoubtCommitted, ...report } = await play('--short', '--case', 'C5');
    expect(report).toMatchObject({
      passed: true,
      lost: 0,
      doubled: 0,
      cases: [{ case: 'C5', passed: true, rounds: 1 }],
    });
    expect(inDoubtCommitted).toBeGreaterThan(0);
  },
  limitMs,
);
