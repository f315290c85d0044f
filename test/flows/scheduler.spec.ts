/**
 * Timed work is done by one process at a time, and a process that slept while another took over keeps nothing of what
 * it had begun: its commit fails (security-reliability §3.4).
 */
import { Database } from '../../src/platform/database/database';
import { JobLeaseStore } from '../../src/platform/jobs/job-lease.store';
import { JobLoop } from '../../src/platform/jobs/job-loop';
import { Log } from '../../src/platform/logging/logger';
import { TestGateway } from '../support/gateway';
import { setTimeout as pause } from 'node:timers/promises';

let gateway: TestGateway;
let database: Database;
const loops: JobLoop[] = [];

function loop(): JobLoop {
  const made = new JobLoop(database, new JobLeaseStore(), new Log('silent'));
  loops.push(made);
  return made;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  database = gateway.app.get(Database, { strict: false });
  // The gateway's own loop would take the lease whenever it is free.
  await gateway.app.get(JobLoop, { strict: false }).onApplicationShutdown();
  await gateway.db.query(`create table done (by_whom text); grant all on done to malipo_system`);
});

afterEach(async () => {
  for (const each of loops.splice(0)) await each.onApplicationShutdown();
  await gateway.db.query(`delete from done`);
});

afterAll(async () => {
  await gateway.db.query(`drop table done`);
  await gateway.stop();
});

const endLease = () => gateway.db.query(`update job_lease set lease_until = '-infinity'`);
const count = (who: string) => gateway.count('done', `by_whom = '${who}'`);

function writer(
  who: string,
  meanwhile: () => Promise<void> = async () => Promise.resolve(),
  pauseMs = 20,
) {
  return {
    name: 'write',
    pauseMs,
    isExclusive: true,
    run: async () => {
      await database.transaction(async (tx) => {
        await tx.query(`insert into done values ($1)`, [who]);
        await meanwhile();
      });
      return false;
    },
  };
}

async function until(fact: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await fact()) return;
    await pause(20);
  }
  throw new Error('it did not come about');
}

it('one process at a time does it, and the next one when that ends', async () => {
  const [first, second] = [loop(), loop()];
  first.start([writer('first')]);
  await until(async () => (await count('first')) > 0);
  second.start([writer('second')]);
  const before = await count('first');
  await until(async () => (await count('first')) >= before + 5);
  expect(await count('second')).toBe(0);

  await first.onApplicationShutdown();
  await until(async () => (await count('second')) > 0);
});

it('a job whose pause is an hour is taken over as soon as the lease is free', async () => {
  const [first, second] = [loop(), loop()];
  first.start([writer('first')]);
  await until(async () => (await count('first')) > 0);
  second.start([writer('second', undefined, 3_600_000)]);
  const before = await count('first');
  await until(async () => (await count('first')) >= before + 5);

  await first.onApplicationShutdown();
  await until(async () => (await count('second')) > 0);
  expect(await count('second')).toBe(1);
});

it('a process that slept through the end of its lease commits nothing', async () => {
  let wake = (): void => undefined;
  const awake = new Promise<void>((resolve) => (wake = resolve));
  let isAsleep = false;
  const [sleeper, other] = [loop(), loop()];
  sleeper.start([
    writer('sleeper', async () => {
      isAsleep = true;
      await awake;
    }),
  ]);
  await until(() => Promise.resolve(isAsleep));
  other.start([writer('other')]);
  await until(async () => {
    if ((await count('other')) === 0) await endLease();
    return (await count('other')) > 0;
  });

  wake();
  // Its turn is over, and another has found that the lease is somebody else's.
  await sleeper.onApplicationShutdown();
  expect(await count('sleeper')).toBe(0);
});
