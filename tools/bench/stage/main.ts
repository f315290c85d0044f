/**
 * The database stage alone, as a process: the use case that takes payments, called with decoded notifications, without
 * HTTP, signatures or XML on the clock. What is left is its decisions, its statements and the commit.
 */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { createApp } from '../../../src/app';
import { projectRoot } from '../../../src/installation';
import { buildConfig } from '../../../src/platform/config/config';
import { Secrets } from '../../../src/platform/config/secrets';
import { sampleKeystore } from '../../sandbox/sample-keys';
import type { MessageFile } from '../load/job';
import { controlNumberKey } from './ground';
import { type Decoded, decodeBody, PaymentStage } from './payment-stage';

export interface StageOrder {
  readonly databaseUrl: string;
  readonly role: string | undefined;
  readonly pspCode: string;
  readonly warmUp: MessageFile;
  readonly messages: MessageFile;
  readonly batch: number;
  readonly lanes: number;
  readonly seconds: number;
}

export interface StageOutcome {
  readonly warmedUp: number;
  readonly accepted: number;
  readonly seconds: number;
  readonly cpuMs: number;
}

function decoded(file: MessageFile): readonly Decoded[] {
  const bytes = readFileSync(file.path);
  return Array.from({ length: file.count }, (_, i) =>
    decodeBody(bytes.subarray(i * file.bodyBytes, (i + 1) * file.bodyBytes)),
  );
}

async function run(
  stage: PaymentStage,
  all: readonly Decoded[],
  { batch, lanes, seconds }: StageOrder,
): Promise<number> {
  let next = 0;
  let accepted = 0;
  const giveUp = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < all.length && performance.now() < giveUp) {
        const part = all.slice(next, next + batch);
        next += batch;
        // Not `accepted += await …`, which would read the sum before the other lane adds to it.
        const taken = await stage.take(part);
        accepted += taken;
      }
    }),
  );
  return accepted;
}

async function execute(order: StageOrder): Promise<StageOutcome> {
  const app = await createApp({
    config: buildConfig({ LOG_LEVEL: 'silent', SANDBOX: 'true' }, projectRoot),
    secrets: new Secrets(sampleKeystore('gateway'), controlNumberKey),
    databaseUrl: order.databaseUrl,
    databaseRole: order.role,
  });
  try {
    const stage = await PaymentStage.open(app, order.pspCode);
    const warmedUp = await run(stage, decoded(order.warmUp), order);
    const all = decoded(order.messages);
    const cpuAtStart = process.cpuUsage();
    const began = performance.now();
    const accepted = await run(stage, all, order);
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(cpuAtStart);
    return { warmedUp, accepted, seconds, cpuMs: (user + system) / 1_000 };
  } finally {
    await app.close();
  }
}

process.on('message', (order: StageOrder) => {
  execute(order).then(
    (outcome) => process.send?.(outcome),
    (fault: unknown) => {
      process.stderr.write(`${String(fault)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  process.exit(0);
});
