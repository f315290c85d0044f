/** A million mutated messages; a failure names the seeds, from which the messages are made again. */
import { randomInt } from 'node:crypto';
import { judgeMany } from './mutations/run';

it('of a million none is read as anything but what its signer signed, and none takes two seconds', async () => {
  const { broken, slowestMs } = await judgeMany(randomInt(1e9), 1_000_000);

  expect(broken).toEqual([]);
  expect(slowestMs).toBeLessThan(2_000);
}, 7_200_000);
