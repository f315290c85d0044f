/**
 * Histories of commands against the gateway and an oracle that was written from the rules: told ones, each for a bug that
 * was once made by hand (`npm run mutants`), and random ones. A failure prints seed, path and the history; MODEL_SEED and
 * MODEL_PATH play it again, MODEL_RUNS sets how many. Rules: security-reliability §3.11.
 */
import fc from 'fast-check';
import type { Command } from './commands';
import { anyCommands } from './histories';
import { stories } from './stories';
import { World } from './world';

/** Fixed, so that a run is the same everywhere; Another seed plays other histories. */
const seed = Number(process.env['MODEL_SEED'] ?? '20261124');
const path = process.env['MODEL_PATH'];
const numRuns = Number(process.env['MODEL_RUNS'] ?? '40');
const minuteMs = 60_000;

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(async () => {
  await world.close();
});

async function play(commands: Iterable<Command>): Promise<void> {
  const model = world.oracle();
  await fc.asyncModelRun(() => ({ model, real: world }), commands);
  await world.finish(model);
}

it.each(Object.entries(stories))('%s', async (_title, commands) => play(commands), minuteMs);

it(
  'answers and holds what the oracle says, in any history',
  async () => {
    await fc.assert(fc.asyncProperty(fc.commands(anyCommands, { maxCommands: 30 }), play), {
      seed,
      numRuns,
      endOnFailure: true,
      ...(path === undefined ? {} : { path }),
    });
  },
  10 * minuteMs,
);
