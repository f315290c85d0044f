/**
 * The gateway process: settings, database, application, jobs; drains on SIGTERM and Ctrl-C. What it prints at the start
 * is for a person; everything after is structured log lines.
 */
import 'reflect-metadata';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app';
import { takeGatewayLock } from './gateway-lock';
import { type Installation, openInstallation, readSettings, sentenceOf } from './installation';
import { startJobs } from './jobs';
import { NumberIssuer } from './bills/number-issuer';
import { RequireAgreedKey } from './parties/require-agreed-key';
import { Drain } from './platform/http/drain';
import type { Config } from './platform/config/config';
import { Log } from './platform/logging/logger';
import { isSibling, tellPrimary } from './platform/processes/siblings';
import { ProcessGroup } from './process-group';
import { seedSandbox } from './sandbox';
import { makeSandboxKeys, sandboxKeyFile } from './sandbox-keys';
import { makeSandboxOfficers, type SandboxOfficer } from './sandbox-officers';

/**
 * On the two cores of a small machine the helpers of a collection of what died young stand in line behind PostgreSQL,
 * and the event loop behind them: without helpers a payment takes 7 % less of the server's time.
 */
const coresToHelp = 2;
if (availableParallelism() <= coresToHelp) setFlagsFromString('--no-parallel-scavenge');

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What the sandbox made for whoever tries it. */
interface Seeded {
  readonly parties: readonly string[];
  readonly officers: readonly SandboxOfficer[];
}

async function seed(app: NestFastifyApplication, config: Config): Promise<Seeded> {
  if (!config.isSandbox) return { parties: [], officers: [] };
  const parties = await seedSandbox(app);
  await makeSandboxKeys(app, config.dataDir);
  return { parties, officers: await makeSandboxOfficers(app, config.dataDir) };
}

function greet(config: Config, installation: Installation, seeded: Seeded): void {
  const base = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${String(config.port)}`;
  say(`Malipo ${config.isSandbox ? '(sandbox) ' : ''}is ready: ${base}`);
  if (config.httpProcesses > 1) say(`  processes    ${String(config.httpProcesses)} on one port`);
  say(`  health       ${base}/health/ready    metrics ${base}/metrics`);
  say(`  certificate  ${base}/wire/certificate.pem`);
  say(`  GePG paths   ${base}/api/bill/sigqrequest, ${base}/api/payment/sigqrequest, …`);
  say(
    `  database     ${config.databaseUrl === undefined ? `embedded PostgreSQL in ${config.dataDir}` : 'DATABASE_URL'}`,
  );
  if (installation.settings.databaseRole === undefined) {
    say('  warning      this login may not create roles, so the books are not protected by grants');
  }
  if (seeded.parties.length > 0)
    say(
      `  enrolled     ${seeded.parties.join(', ')} (keys in certs-sample, password malipo-sandbox)`,
    );
  say(`  JSON API     ${base}/docs`);
  if (config.isSandbox) say(`  API keys     ${join(config.dataDir, sandboxKeyFile)}`);
  say(`  console      ${base}/console`);
  for (const { name, role, password } of seeded.officers)
    say(`    ${name.padEnd(12)} ${password}   ${role}`);
  if (seeded.officers.length > 0)
    say('    these sandbox accounts sign in with the password alone, without an authenticator');
  say('Play the whole job with "npm run demo"; stop with Ctrl-C.');
}

/** Hard limit of a stop: in-flight answers and the running turn of each job get this long. */
const stopMs = 25_000;
/** What several processes get of it; the rest is for the database. */
const groupStopMs = 20_000;

/** Runs once, whichever of the signals comes, and how often; the terminal sends Ctrl-C to every process of the group. */
function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const stopOnce = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    const limit = setTimeout(() => process.exit(1), stopMs);
    await stop();
    clearTimeout(limit);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stopOnce());
  // The process that started this one is gone, and with it the port.
  if (isSibling) process.on('disconnect', () => void stopOnce());
}

function superviseDatabase(log: Log, installation: Installation): void {
  installation.superviseDatabase((change) => {
    switch (change.state) {
      case 'lost':
        log.error('database-lost');
        break;
      case 'failed':
        log.error('database-restart-failed', { reason: change.reason });
        break;
      case 'back':
        log.info('database-back', { ms: change.ms });
        break;
      case 'moved':
        process.stderr.write('malipo: another process moved the database; start again\n');
        process.exit(1);
    }
  });
}

async function drain(app: NestFastifyApplication): Promise<void> {
  await app.get(Drain).execute();
  await app.close();
}

/** The keys that the books and the parties rely on are those of this start. */
async function requireKeys(app: NestFastifyApplication): Promise<void> {
  await app.get(NumberIssuer, { strict: false }).requireSameKey();
  await app.get(RequireAgreedKey, { strict: false }).forAll();
}

/** The whole gateway in one process. */
async function serve(installation: Installation, release: () => void): Promise<void> {
  const { config } = installation.settings;
  const app = await createApp(installation.settings);
  await requireKeys(app);
  const seeded = await seed(app, config);
  await listen(app, config);
  if (config.role !== 'http') startJobs(app);
  stopOnSignal(async () => {
    await drain(app);
    await installation.stopDatabase();
    release();
    say('Malipo has stopped.');
  });
  superviseDatabase(app.get(Log), installation);
  greet(config, installation, seeded);
}

/**
 * As many connections may wait to be accepted as a system commonly allows. Of 511, Node's own choice, a crowd that comes
 * all at once loses the others' first packets, and a client that lost several of them comes through after 16 s.
 */
const mostToAccept = 4_096;

async function listen(app: NestFastifyApplication, { port, host }: Config): Promise<void> {
  await app.listen({ port, host, backlog: mostToAccept });
}

/** One of several: the port is the group's, and the database is open and ready. */
async function serveAsSibling(installation: Installation): Promise<void> {
  const { config } = installation.settings;
  const app = await createApp(installation.settings);
  await requireKeys(app);
  if (config.role === 'worker') startJobs(app);
  else await listen(app, config);
  stopOnSignal(async () => {
    await drain(app);
    await installation.stopDatabase();
  });
  tellPrimary({ kind: 'ready' });
}

/** Makes the sandbox's parties before anybody asks for them, then starts the others. */
async function serveAsGroup(installation: Installation, release: () => void): Promise<void> {
  const { settings } = installation;
  const { config, databaseUrl } = settings;
  const app = await createApp({ ...settings, config: { ...config, role: 'worker' } });
  await requireKeys(app);
  const seeded = await seed(app, config);
  await app.close();
  const log = new Log(config.logLevel);
  const group = new ProcessGroup({ config, databaseUrl }, log);
  const stop = async (): Promise<void> => {
    await group.stop(groupStopMs);
    await installation.stopDatabase();
    release();
  };
  stopOnSignal(async () => {
    await stop();
    say('Malipo has stopped.');
  });
  superviseDatabase(log, installation);
  try {
    await group.start();
  } catch (fault) {
    await group.stop(groupStopMs);
    throw fault;
  }
  greet(config, installation, seeded);
}

async function start(): Promise<void> {
  const settings = readSettings();
  const { config } = settings;
  const release =
    config.databaseUrl === undefined ? takeGatewayLock(config.dataDir) : () => undefined;
  let installation: Installation | undefined;
  try {
    installation = await openInstallation(settings);
    if (isSibling) await serveAsSibling(installation);
    else if (config.httpProcesses > 1) await serveAsGroup(installation, release);
    else await serve(installation, release);
  } catch (fault) {
    await installation?.stopDatabase();
    release();
    throw fault;
  }
}

start().catch((fault: unknown) => {
  process.stderr.write(`malipo: ${sentenceOf(fault)}\n`);
  process.exit(1);
});
