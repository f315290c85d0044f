/**
 * A PSP's day statement as a file, read as it comes: lines are handed on one by one, and what is wrong, the totals and
 * the days are gathered beside them, so that memory does not grow with the file. A trailer states control totals: a line
 * `TOTAL,<lines>,<sum>,<currency>` for each currency, after the last line of money (docs/statements.md).
 */
import { createHash } from 'node:crypto';
import { addDays, type BusinessDay, businessDayOf, dayInterval } from '../kernel/business-day';
import { layoutColumns } from '../parties/statement-mapping.rules';
import { type Currency, isCurrency, parsePlainAmount } from '../kernel/money';
import { CsvFault, openCsv } from '../platform/csv/read-csv';
import {
  type CsvMapping,
  cellOf,
  mappedHeader,
  plainNumber,
  plainTime,
} from '../platform/csv/csv-mapping.rules';
import { checkHeader, type LineFault, readLine, type StatementLine } from './statement.rules';
import { type ControlTotals, totalFaults } from './statement-totals.rules';

export interface CurrencyTotal {
  readonly currency: Currency;
  readonly lineCount: number;
  readonly amountMinor: bigint;
}

const mostShown = 100;

export class StatementFile {
  readonly faults: LineFault[] = [];
  faultCount = 0;
  lineCount = 0;
  /** Of the good lines, as many as a page shows. */
  readonly firstLines: StatementLine[] = [];
  private lastLine = 1;
  private nearDay = 0;
  private firstPaid: Date | undefined;
  private readonly sums = new Map<Currency, { lineCount: number; amountMinor: bigint }>();
  private readonly trailer: {
    line: number;
    count: number;
    currency: string;
    amountMinor: bigint;
  }[] = [];
  private readonly hash = createHash('sha256');

  constructor(
    private readonly source: AsyncIterable<Buffer>,
    private readonly of: {
      readonly pspCode: string;
      readonly day: BusinessDay;
      readonly mapping: CsvMapping;
    },
  ) {}

  get totals(): readonly CurrencyTotal[] {
    return [...this.sums].map(([currency, sum]) => ({ currency, ...sum }));
  }

  /** Of the whole file, once it is read. */
  digest(): Buffer {
    return this.hash.copy().digest();
  }

  /** Every good line; after it `faults` says whether the file is good. Throws nothing for a bad file. */
  async *lines(): AsyncGenerator<StatementLine> {
    // A line of a neighbouring day is matched there; a file without any line near its day is another day's.
    const { startsAt } = dayInterval(addDays(this.of.day, -1));
    const { endsAt } = dayInterval(addDays(this.of.day, 1));
    try {
      const { mapping } = this.of;
      const { header, lines } = await openCsv(this.hashed(), mapping);
      const missing = checkHeader(mappedHeader(mapping, header, layoutColumns));
      for (const fault of missing) this.fault({ ...fault, line: 1 + mapping.skipLines });
      if (missing.length > 0) return;
      for await (const { line, cells } of lines) {
        this.lastLine = line;
        const own = Object.fromEntries(
          layoutColumns.map((name) => [name, cellOf(mapping, cells, name)]),
        );
        if (this.isTrailer(line, own)) continue;
        own['amount'] = plainNumber(mapping, own['amount'] ?? '');
        own['paid_at'] = plainTime(mapping, own['paid_at'] ?? '');
        const read = readLine({ line, cells: own });
        if (!('amountMinor' in read)) {
          for (const fault of read) this.fault(fault);
          continue;
        }
        this.count(read, read.paidAt >= startsAt && read.paidAt < endsAt);
        yield read;
      }
      this.judgeWhole();
    } catch (thrown) {
      if (!(thrown instanceof CsvFault)) throw thrown;
      this.fault({ line: thrown.line, column: '', reason: thrown.reason });
    }
  }

  private async *hashed(): AsyncGenerator<Buffer> {
    for await (const chunk of this.source) {
      this.hash.update(chunk);
      yield chunk;
    }
  }

  private fault(fault: LineFault): void {
    this.faultCount += 1;
    if (this.faults.length < mostShown) this.faults.push(fault);
  }

  private count(line: StatementLine, isNear: boolean): void {
    this.lineCount += 1;
    if (this.firstLines.length < mostShown) this.firstLines.push(line);
    if (isNear) this.nearDay += 1;
    this.firstPaid ??= line.paidAt;
    const sum = this.sums.get(line.currency);
    if (sum === undefined)
      this.sums.set(line.currency, { lineCount: 1, amountMinor: line.amountMinor });
    else {
      sum.lineCount += 1;
      sum.amountMinor += line.amountMinor;
    }
  }

  /** Also tells a line of another PSP, and one that comes after the totals. */
  private isTrailer(line: number, cells: Readonly<Record<string, string>>): boolean {
    const { transaction_id: id = '', control_number: count = '', currency = '', psp = '' } = cells;
    if (psp !== '' && psp !== this.of.pspCode) {
      const reason = `a line of ${psp}, in a statement of ${this.of.pspCode}`;
      this.fault({ line, column: 'psp', reason });
    }
    if (id !== 'TOTAL') {
      if (this.trailer.length > 0)
        this.fault({ line, column: 'transaction_id', reason: 'a line after the totals' });
      return false;
    }
    const amount = plainNumber(this.of.mapping, cells['amount'] ?? '');
    if (
      !/^\d{1,9}$/.test(count) ||
      !/^\d{1,15}(\.\d{1,2})?$/.test(amount) ||
      !isCurrency(currency)
    ) {
      const reason = 'wanted TOTAL, the number of lines, their sum and the currency';
      this.fault({ line, column: 'transaction_id', reason });
      return true;
    }
    const amountMinor = parsePlainAmount(amount.replace(/^0+(?=\d)/, ''));
    this.trailer.push({ line, count: Number(count), currency, amountMinor });
    return true;
  }

  private judgeWhole(): void {
    const { day } = this.of;
    if (
      this.lineCount > 0 &&
      this.nearDay === 0 &&
      this.firstPaid !== undefined &&
      this.faultCount === 0
    ) {
      const found = businessDayOf(this.firstPaid);
      const reason = `no line is of ${day} or its neighbours, the first is of ${found}: the statement of another day`;
      this.fault({ line: this.lastLine, column: 'paid_at', reason });
    }
    if (this.trailer.length === 0) return;
    const claimed: ControlTotals = {
      lineCount: this.trailer.reduce((sum, { count }) => sum + count, 0),
      totals: this.trailer,
    };
    const line = this.trailer[0]?.line ?? this.lastLine;
    for (const { detail } of totalFaults(claimed, this.lineCount, this.totals))
      this.fault({
        line,
        column: 'TOTAL',
        reason: detail.replace('the pages hold', 'the file holds'),
      });
  }
}
