/**
 * `npm run demo`: plays the main job against the gateway on PORT and DATA_DIR, or against one that it starts. One that it
 * started on a terminal goes on, to be looked at, until Ctrl-C. A failure is one sentence and exit 1.
 */
import 'reflect-metadata';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { withApp } from '../src/cli/run-command';
import { table } from '../src/cli/text-table';
import { projectRoot, readSettings, sentenceOf } from '../src/installation';
import { Refusal } from '../src/kernel/refusal';
import type { Config } from '../src/platform/config/config';
import { fewestBills, mostBills } from './demo/plan';
import { playDemo } from './demo/play';
import { findOrStartGateway, type RunningGateway, stopGateway } from './demo/running-gateway';
import { Screen } from './demo/screen';

const screen = new Screen(process.stdout);

function readBills(text: string): number {
  const bills = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (bills < fewestBills || bills > mostBills)
    throw new InvalidArgumentError(
      `Wanted a number from ${String(fewestBills)} to ${String(mostBills)}.`,
    );
  return bills;
}

/** Ctrl-C reaches the gateway too, as it is of the same group; a signal to this process alone is passed on. */
function passSignalsTo(child: ChildProcess, isPlaying: () => boolean): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      child.kill('SIGTERM');
      if (isPlaying()) process.exit(130);
    });
  }
}

async function playAgainst(gateway: RunningGateway, config: Config, bills: number): Promise<void> {
  const began = performance.now();
  await withApp((app) =>
    playDemo({
      app,
      gateway: gateway.url,
      isOwnProcess: false,
      folder: join(config.dataDir, 'demo'),
      screen,
      bills,
    }),
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  screen.blank();
  screen.say(`The demonstration ended well, in ${seconds} seconds.`);
}

function sayWhereToLook(gateway: RunningGateway, config: Config): void {
  const stays = gateway.child === undefined || process.stdout.isTTY;
  screen.say(stays ? 'To look at:' : 'The gateway is stopped. With one that runs, look at:');
  screen.show(
    table(
      ['', ''],
      [
        [`${gateway.url}/console`, 'the day, its discrepancies, what is in transit'],
        [`${gateway.url}/health/ready`, 'whether it is up'],
        [`${gateway.url}/metrics`, 'messages and deliveries, counted'],
        [`${gateway.url}/wire/certificate.pem`, 'what verifies its signatures'],
      ],
    ).trimStart(),
  );
  const isDefault = config.dataDir === join(projectRoot, '.data');
  screen.blank();
  screen.say(
    isDefault || config.databaseUrl !== undefined
      ? 'and, beside the gateway or alone:'
      : `and, beside the gateway or alone, with DATA_DIR=${config.dataDir}:`,
  );
  screen.show(
    table(
      ['', ''],
      [
        ['npm run cli -- report', 'the day again'],
        ['npm run cli -- discrepancies list', 'what somebody must look at'],
        ['npm run cli -- settlement transit', 'who holds how much'],
        ['npm run cli -- trial-balance', 'the ledger'],
        ['npm run cli -- audit verify', 'whether the books are sound'],
        ['npm run cli -- deliveries list', 'what was sent, and how often'],
      ],
    ).trimStart(),
  );
}

async function run(bills: number): Promise<void> {
  const { config } = readSettings();
  screen.show('The main job of Malipo, on a day of invented bills and payments');
  const gateway = await findOrStartGateway(config);
  const { child } = gateway;
  let isPlaying = true;
  if (child !== undefined) passSignalsTo(child, () => isPlaying);
  screen.show(
    `Gateway: ${gateway.url}, ${child === undefined ? 'which runs already' : 'started for this'}`,
  );
  try {
    await playAgainst(gateway, config, bills);
  } catch (fault) {
    if (child !== undefined) await stopGateway(child);
    throw fault;
  }
  isPlaying = false;
  if (child !== undefined && !process.stdout.isTTY) await stopGateway(child);
  sayWhereToLook(gateway, config);
  if (child !== undefined && process.stdout.isTTY && child.exitCode === null) {
    screen.say('The gateway goes on; Ctrl-C stops it.');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

const program = new Command('demo')
  .description('play the main job of the gateway on realistic data')
  .option('--bills <count>', 'how many bills are submitted', readBills, 300)
  .action(async (options: { bills: number }) => run(options.bills));

program.parseAsync().catch((fault: unknown) => {
  const sentence = fault instanceof Refusal ? fault.detail : sentenceOf(fault);
  process.stderr.write(`\nmalipo: ${sentence}\n`);
  process.exitCode = 1;
});
