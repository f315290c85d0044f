/**
 * What a benchmark says: figures, each with its ratios to the limits of the machine measured in the same run, and the
 * targets they are held against. The machine swings, so only ratios are claims (performance.md §9).
 */

/** S signs, C one-row inserts, Q one-row selects by key, F one function call per payment, X single statements, B batches of 100, N a plain build. */
export type AnchorKey = 'S' | 'C' | 'Q' | 'F' | 'X' | 'B' | 'N' | 'V';

export interface Target {
  /** A ratio's key, or `value`. */
  readonly of: AnchorKey | 'value' | 'same-run';
  readonly is: '>=' | '<=';
  readonly limit: number;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ratios: Readonly<Record<string, number>>;
  readonly targets?: readonly Target[];
  /** One value per round; `value` is their median. */
  readonly rounds?: readonly number[];
  /** Whatever else was seen: percentiles, CPU per payment, refusals. */
  readonly detail?: Readonly<Record<string, number | string>>;
}

export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

export interface Report {
  readonly bench: string;
  readonly isQuick: boolean;
  readonly machine: Readonly<Record<string, number | string>>;
  readonly commit: string;
  readonly figures: readonly Figure[];
  readonly skipped: readonly Skipped[];
  readonly notes: readonly string[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Three digits that mean something; whole numbers from 100 on. */
function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** undefined where the run has no such ratio, which is not the same as a target missed. */
export function holds(figure: Figure, target: Target): boolean | undefined {
  const seen = target.of === 'value' ? figure.value : figure.ratios[target.of];
  if (seen === undefined || Number.isNaN(seen)) return undefined;
  return target.is === '>=' ? seen >= target.limit : seen <= target.limit;
}

/** Gathers the values of every round by name, and turns them into figures with medians and ratios at the end. */
export class Tally {
  private readonly rounds = new Map<string, { unit: string; values: number[]; rest: Rest }>();
  private readonly anchors = new Map<AnchorKey, string>();
  readonly skipped: Skipped[] = [];
  readonly notes: string[] = [];

  anchor(key: AnchorKey, name: string, value: number, unit: string, rest: Rest = {}): void {
    this.anchors.set(key, name);
    this.add(name, value, unit, rest);
  }

  /** A value that is no number was not seen: of no answers there is no percentile. */
  add(name: string, value: number, unit: string, rest: Rest = {}): void {
    if (!Number.isFinite(value)) {
      this.skip(name, 'nothing of the kind was seen.');
      return;
    }
    const known = this.rounds.get(name);
    if (known === undefined) this.rounds.set(name, { unit, values: [value], rest });
    else {
      known.values.push(value);
      known.rest = { ...known.rest, ...rest };
    }
  }

  skip(name: string, reason: string): void {
    if (!this.skipped.some((each) => each.name === name)) this.skipped.push({ name, reason });
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  medianOf(name: string): number | undefined {
    const found = this.rounds.get(name);
    return found && median(found.values);
  }

  figures(): readonly Figure[] {
    return [...this.rounds].map(([name, { unit, values, rest }]) => {
      const value = median(values);
      const ratios: Record<string, number> = {};
      for (const key of rest.against ?? []) {
        const anchor = this.medianOf(this.anchors.get(key) ?? '');
        if (anchor !== undefined && anchor > 0) ratios[key] = rounded(value / anchor);
      }
      const same = rest.sameRun === undefined ? undefined : this.medianOf(rest.sameRun);
      if (same !== undefined && same > 0) ratios['same-run'] = rounded(value / same);
      return {
        name,
        value: rounded(value),
        unit,
        ratios,
        rounds: values.map(rounded),
        ...(rest.targets === undefined ? {} : { targets: rest.targets }),
        ...(rest.detail === undefined ? {} : { detail: rest.detail }),
      };
    });
  }
}

export interface Rest {
  readonly against?: readonly AnchorKey[];
  /** Another figure of this run to be held against. */
  readonly sameRun?: string;
  readonly targets?: readonly Target[];
  readonly detail?: Readonly<Record<string, number | string>>;
}

export function atLeast(of: Target['of'], limit: number): Target {
  return { of, is: '>=', limit };
}

export function atMost(of: Target['of'], limit: number): Target {
  return { of, is: '<=', limit };
}
