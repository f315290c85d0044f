/**
 * A PSP's day statement over JSON: a draft, lines in pages, published with control totals that must fit. What is
 * published is a revision like an imported file; it replaces the live one, and a day that is over is matched anew at
 * once (product.md §7). A draft moves nothing, and a new draft of the day takes the place of the open one.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type BusinessDay, businessDayOf } from '../kernel/business-day';
import { newId } from '../kernel/ids';
import { type FieldFault, Refusal } from '../kernel/refusal';
import type { PaymentServiceProvider } from '../parties/party-directory';
import { Database, type Tx } from '../platform/database/database';
import { KeepStatement } from './keep-statement';
import { ReconcilePsp } from './reconcile-psp';
import { ReconciliationStore } from './reconciliation.store';
import { type DraftLine, StatementDraftStore, type StatementView } from './statement-draft.store';
import { readLine, type StatementLine } from './statement.rules';
import { type ControlTotals, sumsOf, totalFaults } from './statement-totals.rules';

export type { StatementView };

/** A line as a PSP sends it. */
export interface SentLine {
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amount: string;
  readonly currency: string;
  readonly paidAt: string;
  readonly receiptNumber: string;
}

/** As a file has it, so that one rule reads both. */
const columnOf: Readonly<Record<keyof SentLine, string>> = {
  transactionId: 'transaction_id',
  controlNumber: 'control_number',
  amount: 'amount',
  currency: 'currency',
  paidAt: 'paid_at',
  receiptNumber: 'receipt_number',
};
const fields = Object.keys(columnOf) as readonly (keyof SentLine)[];

@Injectable()
export class DraftStatements {
  constructor(
    private readonly database: Database,
    private readonly drafts: StatementDraftStore,
    private readonly store: ReconciliationStore,
    private readonly keep: KeepStatement,
    private readonly reconcile: ReconcilePsp,
  ) {}

  /** Refuses: statement.day-ahead. */
  async open(tx: Tx, psp: PaymentServiceProvider, day: BusinessDay): Promise<StatementView> {
    if (day > businessDayOf(await this.store.now(tx))) {
      throw new Refusal('statement.day-ahead', `${day} has not begun`, 'unprocessable', {
        fields: [{ pointer: '/day', code: 'field.malformed', detail: 'a day that has begun' }],
      });
    }
    await this.store.lockDay(tx, psp.id, day);
    const id = newId();
    await this.drafts.open(tx, psp.id, id, day);
    return this.viewOf(tx, psp.id, id);
  }

  /** The same page again takes the place of the first. Refuses: statement.unknown, statement.closed, statement.lines-bad. */
  async putPage(
    psp: PaymentServiceProvider,
    id: string,
    page: number,
    lines: readonly SentLine[],
  ): Promise<StatementView> {
    const cells = lines.map(cellsOf);
    const faults = cells.flatMap((each, i) => faultsOf(each, i));
    return this.database.forParty(psp.id).transaction(async (tx) => {
      await this.lockDraft(tx, psp.id, id);
      if (faults.length > 0) {
        throw new Refusal(
          'statement.lines-bad',
          'nothing of this page was taken',
          'unprocessable',
          { fields: faults.slice(0, 50) },
        );
      }
      await this.drafts.putPage(tx, id, page, cells);
      return this.viewOf(tx, psp.id, id);
    });
  }

  /** Refuses: statement.unknown, statement.closed, statement.totals-different. */
  async publish(
    tx: Tx,
    psp: PaymentServiceProvider,
    id: string,
    totals: ControlTotals,
  ): Promise<StatementView> {
    const day = await this.lockDraft(tx, psp.id, id);
    const lines = (await this.drafts.lines(tx, id)).map(lineOf);
    const faults = totalFaults(totals, lines.length, sumsOf(lines));
    if (faults.length > 0) {
      throw new Refusal(
        'statement.totals-different',
        faults.map(({ detail }) => detail).join('; '),
        'unprocessable',
        { fields: faults },
      );
    }
    await this.store.lockDay(tx, psp.id, day);
    // Statements, and what a day is matched against, are the gateway's: a PSP publishes, and writes none of them.
    const statementId = await this.database.asSystem(tx, async () => {
      const read = {
        pspId: psp.id,
        pspCode: psp.code,
        day,
        fileName: id,
        digest: digestOf(id, lines),
        lineCount: lines.length,
        importedBy: psp.code,
      };
      const statement = await this.keep.execute(tx, read, (statementId) =>
        this.store.addLines(tx, statementId, lines),
      );
      if (day < businessDayOf(await this.store.now(tx))) {
        const ofDay = { pspId: psp.id, pspCode: psp.code, statementId: statement.id };
        await this.reconcile.execute(tx, ofDay, day);
      }
      return statement.id;
    });
    await this.drafts.publish(tx, id, statementId);
    return this.viewOf(tx, psp.id, id);
  }

  /** Refuses: statement.unknown, for one of another PSP as for none. */
  async one(pspId: number, id: string): Promise<StatementView> {
    return this.database.forParty(pspId).read((reader) => this.viewOf(reader, pspId, id));
  }

  /** Newest first, one more than the page holds. */
  async search(
    pspId: number,
    day: BusinessDay | undefined,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly StatementView[]> {
    return this.database
      .forParty(pspId)
      .read((reader) => this.drafts.search(reader, pspId, day, page));
  }

  private async viewOf(
    reader: Parameters<StatementDraftStore['one']>[0],
    pspId: number,
    id: string,
  ): Promise<StatementView> {
    const view = await this.drafts.one(reader, pspId, id);
    if (view === undefined) throw unknown();
    return view;
  }

  private async lockDraft(tx: Tx, pspId: number, id: string): Promise<BusinessDay> {
    const draft = await this.drafts.lock(tx, pspId, id);
    if (draft === undefined) throw unknown();
    if (draft.state !== 'draft') {
      throw new Refusal(
        'statement.closed',
        `the statement is ${draft.state}; open another for this day, which will replace it`,
        'conflict',
      );
    }
    return draft.day;
  }
}

function unknown(): Refusal {
  return new Refusal('statement.unknown', 'there is no such statement', 'not-found');
}

function cellsOf(line: SentLine): DraftLine {
  return Object.fromEntries(fields.map((field) => [columnOf[field], line[field]]));
}

function faultsOf(cells: DraftLine, place: number): readonly FieldFault[] {
  const read = readLine({ line: place + 1, cells });
  if ('amountMinor' in read) return [];
  return read.map(({ column, reason }) => ({
    pointer: `/lines/${String(place)}/${fields.find((field) => columnOf[field] === column) ?? ''}`,
    code: 'field.malformed',
    detail: reason,
  }));
}

/** Each was read before it was kept. */
function lineOf(cells: DraftLine, place: number): StatementLine {
  const read = readLine({ line: place + 1, cells });
  if (!('amountMinor' in read)) throw new Error('a line that was kept can be read');
  return read;
}

/** With the id of the draft: the same lines may be published again, after others. */
function digestOf(id: string, lines: readonly StatementLine[]): Buffer {
  const hash = createHash('sha256').update(id);
  for (const { transactionId, controlNumber, amountMinor, currency, paidAt } of lines) {
    const cells = [transactionId, controlNumber, amountMinor, currency, paidAt.toISOString()];
    hash.update(`\n${cells.join(',')}`);
  }
  return hash.digest();
}
