/** The gateway of the demonstration: the one that runs on PORT and DATA_DIR, or one started for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { projectRoot } from '../../src/installation';
import type { Config } from '../../src/platform/config/config';
import { sampleKeystore } from '../sandbox/sample-keys';
import { DemoFault } from './screen';

export interface RunningGateway {
  readonly url: string;
  /** Undefined when it ran before. */
  readonly child: ChildProcess | undefined;
}

const startLimitMs = 180_000;

async function get(url: string): Promise<{ status: number; text: string } | undefined> {
  try {
    const answer = await request(url, { signal: AbortSignal.timeout(5_000) });
    return { status: answer.statusCode, text: await answer.body.text() };
  } catch {
    return undefined;
  }
}

function isReady(answer: { status: number; text: string } | undefined): boolean {
  return answer?.status === 200 && answer.text.includes('"status":"up"');
}

export async function findOrStartGateway(config: Config): Promise<RunningGateway> {
  if (!config.isSandbox)
    throw new DemoFault(
      'The demonstration plays with published keys and needs a sandbox: set SANDBOX=true.',
    );
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host;
  const url = `http://${host}:${String(config.port)}`;
  const health = await get(`${url}/health/ready`);
  if (health === undefined) return { url, child: await start(url) };
  if (!isReady(health))
    throw new DemoFault(
      `Something on ${url} answers, but not as a gateway that is ready; set PORT to another port.`,
    );
  const certificate = await get(`${url}/wire/certificate.pem`);
  if (certificate?.text.trim() !== sampleKeystore('gateway').certificate.pem.trim())
    throw new DemoFault(`The gateway on ${url} does not sign with the key of certs-sample.`);
  if (config.databaseUrl === undefined && !existsSync(join(config.dataDir, 'gateway.lock')))
    throw new DemoFault(
      `The gateway on ${url} does not keep its data in ${config.dataDir}: set DATA_DIR as for that gateway, or PORT to a free port.`,
    );
  return { url, child: undefined };
}

async function start(url: string): Promise<ChildProcess> {
  const main = join(projectRoot, 'dist/src/main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    cwd: projectRoot,
    env: { ...process.env, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-4_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const began = performance.now();
  for (;;) {
    if (child.exitCode !== null)
      throw new DemoFault(`The gateway did not start. It said: ${said.trim()}`);
    if (isReady(await get(`${url}/health/ready`))) return child;
    if (performance.now() - began > startLimitMs) {
      await stopGateway(child);
      throw new DemoFault(`The gateway was not ready in three minutes. It said: ${said.trim()}`);
    }
    await pause(200);
  }
}

export async function stopGateway(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  child.kill('SIGTERM');
  await ended;
}
