/** The evidence of a run: totals over its cases, each case, and with what it was got (security-reliability §3.12). */
import { table } from '../../src/cli/text-table';
import type { CaseResult, Skipped } from './record';

interface Circumstances {
  readonly seed: number;
  readonly isShort: boolean;
  readonly commit: string | null;
  readonly machine: Readonly<Record<string, string | number>>;
  /** Settings of the database under test that durability rests on. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Report extends Circumstances {
  readonly passed: boolean;
  readonly verdict: string;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly inDoubt: number;
  readonly inDoubtCommitted: number;
  readonly recoveries: readonly number[];
  /** Of all kills, the share that struck while a message was without its answer; a long run counts from 0.9 on. */
  readonly killsWithDoubtShare: number | null;
  /** What the negative control lost; null where it was not played. A run without it is no evidence of zero loss. */
  readonly controlLost: number | null;
  readonly cases: readonly (CaseResult | Skipped)[];
}

const wantedShare = 0.9;
/** Fewer kills are a short form, of which one that struck a pause says nothing. */
const countedKills = 10;
const controlId = 'control';

function wasPlayed(result: CaseResult | Skipped): result is CaseResult {
  return !('skipped' in result);
}

export function reportOf(
  results: readonly (CaseResult | Skipped)[],
  circumstances: Circumstances,
): Report {
  const played = results.filter(wasPlayed);
  const counted = played.filter((each) => each.case !== controlId);
  const control = played.find((each) => each.case === controlId);
  const sum = (of: (result: CaseResult) => number): number =>
    counted.reduce((total, each) => total + of(each), 0);
  const kills = sum((each) => each.kills);
  const share = kills === 0 ? null : sum((each) => each.killsWithDoubt) / kills;
  const isVoid = share !== null && kills >= countedKills && share < wantedShare;
  const failed = played.filter((each) => !each.passed).map((each) => each.case);
  const lost = sum((each) => each.lost);
  const facts =
    `${String(sum((each) => each.acknowledged))} acknowledged, ${String(lost)} lost, ` +
    `${String(sum((each) => each.doubled))} doubled, ${String(kills)} kills` +
    (share === null ? '' : `, ${String(Math.round(share * 100))} % of them with messages in doubt`);
  return {
    ...circumstances,
    passed: failed.length === 0 && !isVoid,
    verdict: [
      `${failed.length === 0 ? 'Held' : `Did not hold: ${failed.join(', ')}`}; ${facts}.`,
      ...(isVoid ? ['Void: too many kills struck while nothing was on its way.'] : []),
      ...(control === undefined ? ['No negative control was played.'] : []),
      ...(control !== undefined && control.lost > 0
        ? [`The negative control lost ${String(control.lost)}, as it must.`]
        : []),
    ].join(' '),
    acknowledged: sum((each) => each.acknowledged),
    lost,
    doubled: sum((each) => each.doubled),
    inDoubt: sum((each) => each.inDoubt),
    inDoubtCommitted: sum((each) => each.inDoubtCommitted),
    recoveries: counted.flatMap((each) => each.recoveries),
    killsWithDoubtShare: share,
    controlLost: control?.lost ?? null,
    cases: results,
  };
}

export function tableOf(results: readonly (CaseResult | Skipped)[]): string {
  const header = [
    'case',
    'rounds',
    'acked',
    'lost',
    'doubled',
    'in doubt',
    'committed',
    'worst ms',
  ];
  const rows = results.map((each) =>
    wasPlayed(each)
      ? [
          each.case,
          ...[each.rounds, each.acknowledged, each.lost, each.doubled].map(String),
          ...[each.inDoubt, each.inDoubtCommitted, Math.max(0, ...each.recoveries)].map(String),
          each.passed ? `held: ${each.title}` : `DID NOT HOLD: ${each.failures.join('; ')}`,
        ]
      : [each.case, '', '', '', '', '', '', '', `skipped: ${each.skipped}`],
  );
  return table([...header, ''], rows, [1, 2, 3, 4, 5, 6, 7]);
}
