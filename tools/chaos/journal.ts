/**
 * The generator's own record of what it sent and what it was promised. A line counts when it is on the disk: lines are
 * written in batches of 10 ms with fdatasync, and a message goes out, or a promise counts, only after its batch.
 */
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const batchMs = 10;

/** SENT id control-number minor-units sha256 · ACKED id · REFUSED id code · RECEIPT id number · CONFIRMED id number */
export type Line =
  | readonly ['SENT', id: string, controlNumber: string, amountMinor: string, digest: string]
  | readonly ['ACKED', id: string]
  | readonly ['REFUSED', id: string, code: string]
  | readonly ['RECEIPT' | 'CONFIRMED', id: string, receiptNumber: string];

export class Journal {
  private readonly underWay = new Set<Promise<void>>();
  private waiting: Line[] = [];
  private batch: Promise<void> | undefined;

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<Journal> {
    return new Journal(await open(path, 'ax'));
  }

  /** Resolves when the line is on the disk. */
  write(line: Line): Promise<void> {
    this.waiting.push(line);
    return (this.batch ??= this.keep(this.flush()));
  }

  /** A batch that is on its way to the disk is no longer the one that collects, but must be there too. */
  async close(): Promise<void> {
    await Promise.all(this.underWay);
    await this.file.close();
  }

  private keep(flush: Promise<void>): Promise<void> {
    const kept = flush.finally(() => this.underWay.delete(kept));
    this.underWay.add(kept);
    return kept;
  }

  private async flush(): Promise<void> {
    await pause(batchMs);
    const lines = this.waiting;
    this.waiting = [];
    this.batch = undefined;
    await this.file.appendFile(lines.map((line) => `${line.join(' ')}\n`).join(''));
    await this.file.datasync();
  }
}

export function readJournal(path: string): Line[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ') as unknown as Line);
}
