/**
 * `npm run bench -- <intake|audit|deliveries|api|bulk|pages|reconcile|wire> [--json FILE] [--quick]`: figures as ratios to
 * the limits of this machine measured in the same run, and `table FILE`, which prints a kept run as Markdown. Exit 0 unless the run
 * itself failed: a missed target is a finding, not a fault.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../src/installation';
import { measureApi } from './api';
import { measureAudit } from './audit';
import { measureBulk } from './bulk';
import { endChildren } from './child';
import { measureDeliveries } from './deliveries';
import { type Report, Tally } from './figures';
import { measureIntake, parts } from './intake';
import { fullPlan, type Plan, quickPlan } from './intake/plan';
import { commitOf, describeMachine } from './machine';
import { measurePages } from './pages';
import { asMarkdown, asText } from './print';
import { measureReconcile } from './reconcile';
import { measureWire } from './wire';

const usage = `npm run bench -- <intake|audit|deliveries|api|bulk|pages|reconcile|wire> [options]
npm run bench -- table FILE

  --json FILE      also write the figures to FILE
  --quick          seconds instead of minutes: shows that it works, claims nothing
pages:
  --payments N     in the books, instead of 1,000,000
intake:
  --large          also measure on 1,000,000 seeded payments
  --huge           also measure on 10,000,000 seeded payments
  --chain SECONDS  length of the sustained chain (default 300; a long run is 900)
  --rounds N       rounds that medians are taken over (default 3)
  --only PARTS     some of: ${parts.join(', ')}
reconcile:
  --large          also measure a day of 1,000,000 payments
`;

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

class Misuse extends Error {}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new Misuse(`--${name} is "${text}"; wanted a whole number from 1 to 999999`);
  return Number(text);
}

function readArguments(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        quick: { type: 'boolean', default: false },
        large: { type: 'boolean', default: false },
        huge: { type: 'boolean', default: false },
        chain: { type: 'string' },
        rounds: { type: 'string' },
        only: { type: 'string' },
        payments: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (fault) {
    throw new Misuse((fault as Error).message);
  }
}

function readReport(path: string): Report {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
    if (Array.isArray(report.figures)) return report;
  } catch {
    // Said below, in one sentence for every way of being unreadable.
  }
  throw new Misuse(`${path} is not a file that "npm run bench -- <name> --json FILE" wrote`);
}

/** Before anything runs, so that minutes are not lost to a folder that does not exist. */
function tryWriting(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'a' });
  } catch {
    throw new Misuse(`cannot write ${path}`);
  }
}

function planOf(values: ReturnType<typeof readArguments>['values']): Plan {
  const base = values.quick ? quickPlan : fullPlan;
  const only = values.only?.split(',') ?? [];
  const unknown = only.find((part) => !parts.some((each) => each === part));
  if (unknown !== undefined)
    throw new Misuse(`--only knows no part "${unknown}"; wanted some of ${parts.join(', ')}`);
  return {
    ...base,
    rounds: wholeNumber('rounds', values.rounds, base.rounds),
    chainSeconds: wholeNumber('chain', values.chain, base.chainSeconds),
    size:
      values.payments !== undefined
        ? wholeNumber('payments', values.payments, 0)
        : values.huge
          ? 10_000_000
          : values.large
            ? 1_000_000
            : 0,
    only,
  };
}

/** What can be measured; each tells of the machine it ran on. */
const benches: ReadonlyMap<string, (tally: Tally, plan: Plan) => Promise<Report['machine']>> =
  new Map([
    ['intake', (tally, plan) => measureIntake(tally, plan, say, interruption.signal)],
    ['audit', (tally, plan) => measureAudit(tally, plan, say, interruption.signal)],
    ['reconcile', (tally, plan) => measureReconcile(tally, plan, say, interruption.signal)],
    ['deliveries', (tally, plan) => measureDeliveries(tally, plan, say)],
    ['api', (tally, plan) => measureApi(tally, plan, say, interruption.signal)],
    ['bulk', (tally, plan) => measureBulk(tally, plan, say, interruption.signal)],
    ['pages', (tally, plan) => measurePages(tally, plan, say, interruption.signal)],
    ['wire', wire],
  ]);

async function run(words: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(words);
  const [name, file] = positionals;
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  if (name === 'table' && file !== undefined) {
    process.stdout.write(asMarkdown(readReport(file)));
    return;
  }
  const measure = benches.get(name ?? '');
  if (measure === undefined) throw new Misuse(`what to measure is missing\n${usage}`);
  const plan = planOf(values);
  if (values.json !== undefined) tryWriting(values.json);
  const tally = new Tally();
  const machine = await measure(tally, plan);
  const report: Report = {
    bench: name ?? '',
    isQuick: plan.isQuick,
    machine,
    commit: commitOf(projectRoot),
    figures: tally.figures(),
    skipped: tally.skipped,
    notes: tally.notes,
  };
  process.stdout.write(asText(report));
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
}

async function wire(tally: Tally, plan: Plan): Promise<Report['machine']> {
  const machine = describeMachine(tmpdir(), 'not used');
  await measureWire(tally, plan.rounds, plan.isQuick ? 0.3 : 2);
  return machine;
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    say('interrupted; ending what was started');
    endChildren();
    interruption.abort();
    setTimeout(() => process.exit(1), 3_000);
  });

run(process.argv.slice(2)).catch((fault: unknown) => {
  endChildren();
  process.stderr.write(
    `bench: ${fault instanceof Misuse ? fault.message : String((fault as Error).stack)}\n`,
  );
  process.exitCode = 1;
});
