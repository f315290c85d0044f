/**
 * The generator's own record of what it sent and what it was promised. A line counts when it is on the disk: what came
 * while the last batch was written with fdatasync is the next one, and a message goes out, or a promise counts, only
 * after its batch. There is no timer: with one of 10 ms all senders went in step and spent more time on their journal
 * than in the gateway, and half of the kills struck while nothing was on its way.
 */
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** SENT id control-number minor-units sha256 · ACKED id · REFUSED id code · RECEIPT id number · CONFIRMED id number */
export type Line =
  | readonly ['SENT', id: string, controlNumber: string, amountMinor: string, digest: string]
  | readonly ['ACKED', id: string]
  | readonly ['REFUSED', id: string, code: string]
  | readonly ['RECEIPT' | 'CONFIRMED', id: string, receiptNumber: string];

export class Journal {
  private waiting: Line[] = [];
  private batch: Promise<void> | undefined;
  private last = Promise.resolve();

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<Journal> {
    return new Journal(await open(path, 'ax'));
  }

  /** Resolves when the line is on the disk. */
  write(line: Line): Promise<void> {
    this.waiting.push(line);
    this.batch ??= this.last = this.flushAfter(this.last);
    return this.batch;
  }

  async close(): Promise<void> {
    await this.last;
    await this.file.close();
  }

  private async flushAfter(last: Promise<void>): Promise<void> {
    await last;
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
