/** S: RSA-2048 signatures a second that this machine makes with all cores; V: verifications. */
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { cpus } from 'node:os';
import { outputOf } from '../machine';

export interface SigningRates {
  readonly signs: number;
  readonly verifies: number;
  readonly by: 'openssl speed' | 'node:crypto';
}

/** The last line reads `rsa 2048 bits 0.000124s 0.000009s 8061.2 110882.4`, in newer versions with more columns. */
export function readSpeed(output: string): { signs: number; verifies: number } | undefined {
  const line = /^rsa\s+2048 bits\s+(.*)$/m.exec(output)?.[1];
  const rates = line
    ?.split(/\s+/)
    .filter((word) => /^[\d.]+$/.test(word))
    .map(Number);
  const [signs, verifies] = rates ?? [];
  return signs === undefined || verifies === undefined ? undefined : { signs, verifies };
}

export async function signingRates(seconds: number): Promise<SigningRates> {
  const output = outputOf('openssl', [
    'speed',
    ...['-multi', String(cpus().length)],
    ...['-seconds', String(seconds)],
    'rsa2048',
  ]);
  const found = output === undefined ? undefined : readSpeed(output);
  if (found !== undefined) return { ...found, by: 'openssl speed' };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const bytes = Buffer.alloc(1_500, 'a');
  return {
    signs: await onPool(seconds, privateKey, bytes),
    verifies: await verifyOnPool(seconds, publicKey, sign('sha256', bytes, privateKey), bytes),
    by: 'node:crypto',
  };
}

function repeated(seconds: number, once: (done: () => void) => void): Promise<number> {
  return new Promise((resolve) => {
    const began = performance.now();
    let count = 0;
    let open = 0;
    const next = (): void => {
      open -= 1;
      count += 1;
      if (performance.now() - began < seconds * 1_000) launch();
      else if (open === 0) resolve((count * 1_000) / (performance.now() - began));
    };
    const launch = (): void => {
      open += 1;
      once(next);
    };
    for (let i = 0; i < cpus().length * 2; i++) launch();
  });
}

function onPool(seconds: number, key: KeyObject, bytes: Buffer): Promise<number> {
  return repeated(seconds, (done) => {
    sign('sha256', bytes, key, done);
  });
}

function verifyOnPool(
  seconds: number,
  key: KeyObject,
  signature: Buffer,
  bytes: Buffer,
): Promise<number> {
  return repeated(seconds, (done) => {
    verify('sha256', bytes, key, signature, done);
  });
}

const timedSigns = 400;

/** CPU time of one signature in this Node, which the load of others does not change. */
export function signCpuMicroseconds(): number {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const bytes = Buffer.alloc(500, 'a');
  const atStart = process.cpuUsage();
  for (let i = 0; i < timedSigns; i++) sign('sha256', bytes, privateKey);
  const { user, system } = process.cpuUsage(atStart);
  return (user + system) / timedSigns;
}
