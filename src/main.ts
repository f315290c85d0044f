/**
 * The gateway process: settings, database, application, jobs; drains on SIGTERM and Ctrl-C. What it prints at the start
 * is for a person; everything after is structured log lines.
 */
import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app';
import { takeGatewayLock } from './gateway-lock';
import { type Installation, openInstallation, readSettings, sentenceOf } from './installation';
import { startJobs } from './jobs';
import { NumberIssuer } from './bills/number-issuer';
import { Drain } from './platform/http/drain';
import type { Config } from './platform/config/config';
import { Log } from './platform/logging/logger';
import { seedSandbox } from './sandbox';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function greet(config: Config, installation: Installation, seeded: readonly string[]): void {
  const base = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${String(config.port)}`;
  say(`Malipo ${config.isSandbox ? '(sandbox) ' : ''}is ready: ${base}`);
  say(`  health       ${base}/health/ready    metrics ${base}/metrics`);
  say(`  certificate  ${base}/wire/certificate.pem`);
  say(`  GePG paths   ${base}/api/bill/sigqrequest, ${base}/api/payment/sigqrequest, …`);
  say(
    `  database     ${config.databaseUrl === undefined ? `embedded PostgreSQL in ${config.dataDir}` : 'DATABASE_URL'}`,
  );
  if (installation.settings.databaseRole === undefined) {
    say('  warning      this login may not create roles, so the books are not protected by grants');
  }
  if (seeded.length > 0)
    say(`  enrolled     ${seeded.join(', ')} (keys in certs-sample, password malipo-sandbox)`);
  say('Play the whole job with "npm run demo"; stop with Ctrl-C.');
}

/** Hard limit of a stop: in-flight answers and the running turn of each job get this long. */
const stopMs = 25_000;

function stopOnSignal(
  app: NestFastifyApplication,
  installation: Installation,
  release: () => void,
): void {
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    const limit = setTimeout(() => process.exit(1), stopMs);
    await app.get(Drain).execute();
    await app.close();
    await installation.stopDatabase();
    release();
    clearTimeout(limit);
    say('Malipo has stopped.');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}

function superviseDatabase(app: NestFastifyApplication, installation: Installation): void {
  const log = app.get(Log);
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

async function start(): Promise<void> {
  const settings = readSettings();
  const { config } = settings;
  const release =
    config.databaseUrl === undefined ? takeGatewayLock(config.dataDir) : () => undefined;
  let installation: Installation | undefined;
  try {
    installation = await openInstallation(settings);
    const app = await createApp(installation.settings);
    await app.get(NumberIssuer, { strict: false }).requireSameKey();
    const seeded = config.isSandbox ? await seedSandbox(app) : [];
    await app.listen(config.port, config.host);
    if (config.role !== 'http') startJobs(app);
    stopOnSignal(app, installation, release);
    superviseDatabase(app, installation);
    greet(config, installation, seeded);
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
