/**
 * Brings an installation up, for the gateway and the operator commands alike: settings, secrets, the database (the
 * embedded one unless DATABASE_URL is set), its safety, and its schema.
 */
import { join } from 'node:path';
import { buildConfig, type Config, ConfigFaults } from './platform/config/config';
import { readEnvironment } from './platform/config/env';
import { readSecrets } from './platform/config/secrets';
import { type EmbeddedServer, startEmbeddedDatabase } from './platform/database/embedded-database';
import { migrate, readServerState } from './platform/database/migrate';
import { serverFaults } from './platform/database/server-safety.rules';
import type { ServerChange } from './platform/database/supervise-server';
import type { PlatformSettings } from './platform/platform.module';

/** The project's folder, from `dist/src` as from `src`. */
export const projectRoot = __dirname.includes(join('dist', 'src'))
  ? join(__dirname, '../..')
  : join(__dirname, '..');

export interface Installation {
  readonly settings: PlatformSettings;
  readonly applied: readonly string[];
  readonly wasDatabaseStarted: boolean;
  stopDatabase(): Promise<void>;
  /** Keeps the embedded server alive from now on; with DATABASE_URL that is the work of whoever runs the server. */
  superviseDatabase(tell: (change: ServerChange) => void): void;
}

/** Refuses with ConfigFaults, before anything is started. */
export function readSettings(): Pick<PlatformSettings, 'config' | 'secrets'> {
  const env = readEnvironment();
  const config = buildConfig(env, projectRoot);
  return { config, secrets: readSecrets(env, config, projectRoot) };
}

/** The server that the settings name; the embedded one is started unless it runs. Nothing is read or written yet. */
export async function openDatabase(config: Config): Promise<EmbeddedServer> {
  if (config.databaseUrl !== undefined) {
    return {
      url: config.databaseUrl,
      wasStarted: false,
      stop: () => Promise.resolve(),
      supervise: () => undefined,
    };
  }
  return startEmbeddedDatabase({ dataDir: config.dataDir });
}

/** Refuses with ConfigFaults, every reason at once, a server that may not hold acknowledged payments. */
export async function requireSafeServer(url: string): Promise<void> {
  const faults = serverFaults(await readServerState(url));
  if (faults.length > 0) throw new ConfigFaults(faults);
}

export async function openInstallation(
  settings: Pick<PlatformSettings, 'config' | 'secrets'>,
): Promise<Installation> {
  const server = await openDatabase(settings.config);
  try {
    await requireSafeServer(server.url);
    const { applied, role } = await migrate(server.url);
    return {
      settings: { ...settings, databaseUrl: server.url, databaseRole: role },
      applied,
      wasDatabaseStarted: server.wasStarted,
      stopDatabase: () => server.stop(),
      superviseDatabase: (tell) => {
        server.supervise(tell);
      },
    };
  } catch (fault) {
    await server.stop();
    throw fault;
  }
}

/** One sentence for the operator; never a stack. */
export function sentenceOf(fault: unknown): string {
  if (fault instanceof AggregateError && fault.errors.length > 0)
    return sentenceOf(fault.errors[0]);
  const { code, message } = fault as { code?: string; message?: string };
  if (code === 'ECONNREFUSED') return 'the database does not answer at DATABASE_URL';
  if (code === '28P01' || code === '28000')
    return 'the database refuses the user or password of DATABASE_URL';
  if (code === 'EADDRINUSE') return 'the port is in use; stop what uses it or set PORT';
  return message ?? String(fault);
}
