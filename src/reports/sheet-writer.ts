/** A workbook that is written in a thread of its own, sheet by sheet and row by row. */
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** Empty; a text; a text to the right; a number or a moment with the format of a spreadsheet. */
export type SentCell =
  null | string | readonly [string, 'right'] | readonly [number | Date, string];

export interface SheetShape {
  readonly sheet: string;
  readonly stickyRowsCount?: number;
  readonly orientation?: 'landscape';
  readonly columns: readonly { readonly width: number }[];
}

/** Rows that go over together: each crossing costs, and all at once would be a copy of the whole. */
const portion = 500;

export class SheetWriter {
  private readonly worker = new Worker(join(__dirname, 'sheet-worker.mjs'));
  private waiting: (readonly SentCell[])[] = [];
  private fault: Error | undefined;

  constructor() {
    this.worker.on('error', (fault: Error) => {
      this.fault = fault;
    });
  }

  begin(sheet: SheetShape): void {
    this.send();
    this.worker.postMessage({ kind: 'sheet', sheet });
  }

  async add(row: readonly SentCell[]): Promise<void> {
    if (this.waiting.push(row) < portion) return;
    this.send();
    await breathe();
    if (this.fault !== undefined) throw this.fault;
  }

  addBold(row: readonly SentCell[]): void {
    this.send();
    this.worker.postMessage({ kind: 'rows', rows: [row], isBold: true });
  }

  async finish(): Promise<Buffer> {
    this.send();
    if (this.fault !== undefined) throw this.fault;
    const written = once(this.worker, 'message') as Promise<[Uint8Array]>;
    this.worker.postMessage({ kind: 'write' });
    const [bytes] = await written;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Also of a workbook that was not finished. */
  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private send(): void {
    if (this.waiting.length === 0) return;
    this.worker.postMessage({ kind: 'rows', rows: this.waiting, isBold: false });
    this.waiting = [];
  }
}
