/** What the demonstration prints: plain sentences of at most 80 columns, money with separators, progress on a terminal. */
import { formatAmount } from '../../src/kernel/money';

const columns = 80;

/** A sentence for whoever runs the demonstration; it ends with exit 1. */
export class DemoFault extends Error {}

export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** `1,250,000.00`. */
export function money(minor: bigint): string {
  const [whole = '', cents = ''] = formatAmount(minor).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${String(n)} ${n === 1 ? one : many}`;
}

export class Screen {
  private act = 0;
  private progressShown = 0;

  constructor(private readonly sink: Sink) {}

  title(text: string): void {
    this.act += 1;
    this.write(`\n${String(this.act)}  ${text}\n`);
  }

  /** Broken into lines at blanks, indented under the title. */
  say(sentence: string): void {
    let line = '  ';
    for (const word of sentence.split(' ')) {
      if (line.length + 1 + word.length > columns) {
        this.write(`${line}\n`);
        line = '  ';
      }
      line += ` ${word}`;
    }
    this.write(`${line}\n`);
  }

  /** Lines kept as they are: tables. */
  show(text: string): void {
    this.write(`${text.replace(/^(?=.)/gm, '   ')}\n`);
  }

  blank(): void {
    this.write('\n');
  }

  /** One line that the next one overwrites; nothing where the output is a file or a pipe. */
  progress(what: string, done: number, total: number): void {
    if (this.sink.isTTY !== true) return;
    const text = `   ${what}: ${String(done)} of ${String(total)}`;
    this.sink.write(`\r${text.padEnd(this.progressShown)}`);
    this.progressShown = text.length;
  }

  private write(text: string): void {
    if (this.progressShown > 0) this.sink.write(`\r${' '.repeat(this.progressShown)}\r`);
    this.progressShown = 0;
    this.sink.write(text);
  }
}
