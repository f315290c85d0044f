/**
 * `npm run chaos`: plays the crash and fault experiments on installations of its own, prints a table, and writes the
 * evidence as JSON. Exit 1 when a case does not hold. How to read it: docs/chaos.md.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { projectRoot } from '../../src/installation';
import { caseIds, idsOf, Player } from './cases';
import { serveChecker } from './checker';
import { serveGenerator } from './generator';
import { serveKiller } from './killer';
import { type Role, roleFlag } from './remote';
import { reportOf, tableOf } from './report';
import type { CaseResult, Skipped } from './record';

interface Options {
  readonly case?: readonly string[];
  readonly runs?: number;
  readonly seed: number;
  readonly json?: string;
  readonly short?: true;
}

const parts: Readonly<Record<Role, () => void>> = {
  generator: serveGenerator,
  killer: serveKiller,
  checker: serveChecker,
};

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readCases(text: string): readonly string[] {
  const ids = text.split(',').map((id) => id.trim());
  const unknown = ids.filter((id) => !caseIds.includes(id));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(
      `no case ${unknown.join(', ')}; there are ${caseIds.join(', ')}.`,
    );
  }
  return ids;
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('wanted a number from 1.');
  return Number(text);
}

function commit(): string | null {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : null;
}

async function play(options: Options): Promise<void> {
  const isShort = options.short === true;
  const ids = options.case ?? idsOf(isShort);
  const results: (CaseResult | Skipped)[] = [];
  let settings: Readonly<Record<string, string>> = {};
  const player = new Player({
    seed: options.seed,
    rounds: options.runs,
    isShort,
    say,
    settings: (seen) => {
      settings = seen;
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void player.close().finally(() => process.exit(130));
    });
  }
  say(`chaos, seed ${String(options.seed)}: ${ids.join(', ')}`);
  try {
    for (const id of ids) results.push(await player.case(id));
  } finally {
    await player.close();
  }
  const report = reportOf(results, {
    seed: options.seed,
    isShort,
    commit: commit(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryMb: Math.round(totalmem() / 1_048_576),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
    settings,
  });
  say(tableOf(results));
  say(report.verdict);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    say(`Evidence written to ${options.json}.`);
  }
  if (!report.passed) process.exitCode = 1;
}

const program = new Command('chaos')
  .description('crash and fault experiments on installations of their own')
  .option('--case <ids>', `only these, with commas: ${caseIds.join(', ')}`, readCases)
  .option('--runs <count>', 'rounds of each case, in place of its own number', readCount)
  .option('--seed <number>', 'replays the same moments and faults', readCount, 1)
  .option('--json <file>', 'write the evidence')
  .option(
    '--short',
    'a round of each of the main cases, within a minute and a half, no time limits, no control',
  )
  .action(play);

const role = process.argv[2] === roleFlag ? (process.argv[3] as Role) : undefined;
if (role !== undefined) {
  parts[role]();
} else {
  program.parseAsync().catch((fault: unknown) => {
    process.stderr.write(`chaos: ${fault instanceof Error ? fault.message : String(fault)}\n`);
    process.exitCode = 1;
  });
}
