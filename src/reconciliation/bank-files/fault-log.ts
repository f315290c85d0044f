/**
 * What is wrong with a file, told in its order and counted to the end, but only so much of it shown: a file of the wrong
 * kind has a fault in every line, and nobody reads the second hundred.
 */
import type { BankFileFault } from '../bank-statement.rules';

const mostShown = 100;

export class FaultLog {
  private readonly shown: BankFileFault[] = [];
  private counted = 0;

  add(line: number, field: string, reason: string): void {
    this.counted += 1;
    if (this.shown.length < mostShown) this.shown.push({ line, field, reason });
  }

  addAll(faults: readonly BankFileFault[]): void {
    for (const { line, field, reason } of faults) this.add(line, field, reason);
  }

  get faults(): readonly BankFileFault[] {
    return this.shown;
  }

  get count(): number {
    return this.counted;
  }
}

/** The file cannot be read from here on. */
export class UnreadableFile extends Error {
  constructor(
    readonly line: number,
    readonly field: string,
    readonly reason: string,
  ) {
    super(`line ${String(line)}: ${reason}`);
  }
}
