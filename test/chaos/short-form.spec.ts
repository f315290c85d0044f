/**
 * The short form of `npm run chaos` on the built gateway: a kill of the gateway and one of its database, copies, and
 * SIGTERM, all under load. Nothing acknowledged is lost and nothing is taken twice.
 */
import { limitMs, play } from './play';

it(
  'loses nothing and takes nothing twice',
  async () => {
    expect(await play('--short')).toMatchObject({
      passed: true,
      lost: 0,
      doubled: 0,
      cases: ['C1', 'C2', 'C8', 'drain'].map((id) => ({ case: id, passed: true, rounds: 1 })),
    });
  },
  limitMs,
);
