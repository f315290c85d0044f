/**
 * The axis of a chart: from zero, or from below it, in round steps. Amounts stay whole numbers until the last step, which
 * is a place on paper and may be rounded.
 */
export interface Scale {
  readonly ticks: readonly bigint[];
  /** From 0 at the bottom to 1 at the top. */
  readonly place: (value: bigint) => number;
}

/** The smallest of 1, 2 and 5 times a power of ten that cuts `range` into five steps at most. */
function stepFor(range: bigint): bigint {
  for (let power = 1n; ; power *= 10n) {
    for (const factor of [1n, 2n, 5n]) {
      if (factor * power * 5n >= range) return factor * power;
    }
  }
}

const floored = (value: bigint, step: bigint): bigint =>
  value >= 0n ? (value / step) * step : -((-value + step - 1n) / step) * step;

const parts = 1_000_000n;

export function scaleOf(values: readonly bigint[]): Scale {
  const highest = values.reduce((most, each) => (each > most ? each : most), 0n);
  const lowest = values.reduce((least, each) => (each < least ? each : least), 0n);
  const step = stepFor(highest - lowest === 0n ? 1n : highest - lowest);
  const bottom = floored(lowest, step);
  const ticks = [bottom];
  while ((ticks.at(-1) ?? 0n) < highest || ticks.length < 2)
    ticks.push((ticks.at(-1) ?? 0n) + step);
  const top = ticks.at(-1) ?? 1n;
  return {
    ticks,
    place: (value) => Number(((value - bottom) * parts) / (top - bottom)) / Number(parts),
  };
}
