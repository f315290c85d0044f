/** Settings: defaults, ranges, and every fault reported together. */
import { buildConfig, ConfigFaults } from './config';
import { readEnvironment } from './env';

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    buildConfig(readEnvironment(env), '/srv/malipo');
    return [];
  } catch (fault) {
    if (fault instanceof ConfigFaults) return fault.faults;
    throw fault;
  }
}

describe('settings', () => {
  it('has defaults that make a sandbox of an empty environment', () => {
    expect(buildConfig(readEnvironment({}), '/srv/malipo')).toEqual({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      dataDir: '/srv/malipo/.data',
      httpProcesses: 1,
      role: 'all',
      isSandbox: true,
      auditKeyFile: '/srv/malipo/.data/audit-key.pem',
      auditHeadFile: '/srv/malipo/.data/audit-heads.log',
      consoleMark: undefined,
      consoleName: 'Malipo',
      consoleOrigin: undefined,
      cutoffMinutes: 30,
      logLevel: 'info',
    });
  });

  it('reports all faults at once, each naming its variable', () => {
    const faults = faultsOf({
      PORT: '70000',
      ROLE: 'boss',
      SANDBOX: 'maybe',
      BUSINESS_DAY_CUTOFF_HHMM: '24:10',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://x',
      CONTROL_NUMBER_KEY: 'abc',
      SMTP_URL: 'mail.example',
    });
    for (const name of [
      'PORT',
      'ROLE',
      'SANDBOX',
      'BUSINESS_DAY_CUTOFF_HHMM',
      'LOG_LEVEL',
      'DATABASE_URL',
      'CONTROL_NUMBER_KEY',
      'SMTP_URL',
      'MAIL_FROM',
    ]) {
      expect(faults.filter((fault) => fault.startsWith(name))).toHaveLength(1);
    }
  });

  it('does not repeat a database password', () => {
    expect(faultsOf({ DATABASE_URL: 'http://u:secret@h/d', SANDBOX: 'true' }).join()).not.toContain(
      'secret',
    );
  });

  it('wants a keystore and a number key of its own outside the sandbox', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://u:p@h/d' })).toEqual([
      expect.stringContaining('GATEWAY_KEYSTORE is not set'),
      expect.stringContaining('CONTROL_NUMBER_KEY is not set'),
    ]);
  });

  it.each([
    ['00:00', 0],
    ['23:59', 1439],
  ])('reads the cut-off %s as %i minutes', (text, minutes) => {
    const config = buildConfig(readEnvironment({ BUSINESS_DAY_CUTOFF_HHMM: text }), '/');
    expect(config.cutoffMinutes).toBe(minutes);
  });

  it('reads where the console is opened, and refuses what is no address and no drawing', () => {
    const env = readEnvironment({ CONSOLE_ORIGIN: 'https://malipo.example/console' });
    expect(buildConfig(env, '/').consoleOrigin).toBe('https://malipo.example');
    expect(
      faultsOf({ SANDBOX: 'true', CONSOLE_ORIGIN: 'malipo', CONSOLE_MARK: 'none.svg' }),
    ).toEqual([
      expect.stringContaining('CONSOLE_MARK is "none.svg"'),
      expect.stringContaining('CONSOLE_ORIGIN is "malipo"'),
    ]);
  });
});
