/**
 * The installation as the real one, without its judgement of the server: the test server does not wait for the disk, and
 * is refused. For specs of operator commands: `jest.mock('../../src/installation', () =>
 * jest.requireActual<object>('../support/careless-installation'))`.
 */
import type * as Installation from '../../src/installation';

const real = jest.requireActual<typeof Installation>('../../src/installation');

module.exports = {
  ...real,
  openInstallation: (settings: ReturnType<typeof real.readSettings>) =>
    Promise.resolve({
      settings: {
        ...settings,
        databaseUrl: settings.config.databaseUrl,
        databaseRole: 'malipo_system',
      },
      stopDatabase: () => Promise.resolve(),
    }),
};
