/** When a database may not hold payments, in one sentence for each reason. */
import { serverFaults, type ServerState } from './server-safety.rules';

const safe: ServerState = {
  fsync: 'on',
  fullPageWrites: 'on',
  synchronousCommit: 'on',
  unknownMigrations: [],
  clockAheadMs: 0,
};

it.each<[string, Partial<ServerState>]>([
  ['as it should be', {}],
  ['that waits for a standby to apply', { synchronousCommit: 'remote_apply' }],
  ['2 s ahead', { clockAheadMs: 2_000 }],
  ['2 s behind', { clockAheadMs: -2_000 }],
])('takes a database %s', (_case, change) => {
  expect(serverFaults({ ...safe, ...change })).toEqual([]);
});

it.each<[Partial<ServerState>, string]>([
  [{ fsync: 'off' }, 'fsync=off'],
  [{ fullPageWrites: 'off' }, 'full_page_writes=off'],
  [{ synchronousCommit: 'off' }, 'synchronous_commit=off'],
  [{ synchronousCommit: 'local' }, 'synchronous_commit=local'],
  [{ unknownMigrations: ['A', 'B'] }, 'newer version than this program (it has B)'],
  [{ clockAheadMs: 2_001 }, 'this machine is 2.0 s behind'],
  [{ clockAheadMs: -3_600_000 }, 'this machine is 3600.0 s ahead of'],
])('refuses %j with a sentence', (change, part) => {
  expect(serverFaults({ ...safe, ...change })).toEqual([expect.stringContaining(part)]);
});

it('says all faults at once', () => {
  const worst = {
    fsync: 'off',
    fullPageWrites: 'off',
    synchronousCommit: 'off',
    unknownMigrations: ['A'],
    clockAheadMs: 9_000,
  };
  expect(serverFaults(worst)).toHaveLength(5);
});
