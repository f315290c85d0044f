/**
 * Bulk work: open discrepancies out as CSV, decisions back in. Each row is decided by itself, through the same proposals
 * as one by hand; a row that changed since it was exported is a conflict, and nothing of it is applied. A preview
 * changes nothing.
 */
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { readCsv } from '../platform/csv/read-csv';
import type { DiscrepancyFilter } from './discrepancy-view.store';
import type { Effect } from './effect';
import { ResolveDiscrepancy } from './resolve-discrepancy';
import { Resolutions } from './resolution';
import { readSheetRow, rowHash, sheetColumns, type SheetRow } from './work-sheet.rules';
import { WorkDiscrepancies } from './work-discrepancies';

export interface SheetOutcome {
  readonly line: number;
  readonly id: bigint | null;
  readonly outcome: 'resolved' | 'awaiting-approval' | 'possible' | 'conflict' | 'refused';
  /** In English; beside it what it says in other languages: what would be done, or the code of the refusal. */
  readonly detail: string;
  readonly says?: Effect;
  readonly code?: string;
  readonly approvalId: string | null;
}

@Injectable()
export class ExchangeDiscrepancies {
  constructor(
    private readonly work: WorkDiscrepancies,
    private readonly resolve: ResolveDiscrepancy,
    private readonly resolutions: Resolutions,
  ) {}

  async export(filter: Omit<DiscrepancyFilter, 'state'>): Promise<string> {
    const list = await this.work.list({ ...filter, state: 'open' });
    const amount = (minor: bigint | null) => (minor === null ? '' : formatAmount(minor));
    const said = (value: unknown) => (typeof value === 'string' ? value : '');
    return stringify(
      list.map((each) => ({
        id: each.id.toString(),
        row_hash: rowHash(each),
        day: each.businessDay,
        psp: each.pspCode ?? '',
        kind: each.kind,
        subject: each.subject,
        receipt_number: each.payment?.receiptNumber ?? '',
        bank_reference: said(each.detail['bankReference']),
        end_to_end_id: said(each.detail['endToEndId']),
        their_amount: amount(each.theirMinor),
        our_amount: amount(each.ourMinor),
        currency: each.currency,
        state: each.state,
        owner: each.owner ?? '',
        age_days: String(each.ageDays),
        possible: this.resolutions
          .ofKind(each.kind)
          .map(({ name }) => name)
          .join(' | '),
      })),
      { header: true, columns: [...sheetColumns], escape_formulas: true },
    );
  }

  /** One outcome for each row with a decision. Refuses: sheet.malformed, for the file as a whole. */
  async import(bytes: Buffer, actor: string, isPreview: boolean): Promise<readonly SheetOutcome[]> {
    const needed = ['id', 'row_hash', 'resolution', 'note'];
    const read = await readCsv(bytes, (columns) =>
      needed
        .filter((column) => !columns.includes(column))
        .map((column) => ({ line: 1, column, reason: 'the column is missing' })),
    );
    const [fault] = read.faults;
    if (fault !== undefined) {
      throw new Refusal(
        'sheet.malformed',
        `line ${String(fault.line)}: ${fault.column} ${fault.reason}`,
        'unprocessable',
      );
    }
    const outcomes: SheetOutcome[] = [];
    for (const { line, cells } of read.lines) {
      const row = readSheetRow(line, cells);
      if (row === undefined) continue;
      if (typeof row === 'string')
        outcomes.push(missed('refused', line, null, 'sheet.malformed', row));
      else outcomes.push(await this.apply(row, actor, isPreview));
    }
    return outcomes;
  }

  private async apply(row: SheetRow, actor: string, isPreview: boolean): Promise<SheetOutcome> {
    const { line, id } = row;
    try {
      const seen = await this.work.one(id);
      if (rowHash(seen) !== row.rowHash) {
        const detail = `it was changed since the export and is ${seen.state} now`;
        return missed('conflict', line, id, 'discrepancy.changed', detail);
      }
      const wish = {
        id,
        // Between the look and the deed it may change: then the deed refuses.
        revision: seen.revision,
        resolution: row.resolution,
        input: row.input,
      };
      if (isPreview) {
        const { effect, says } = await this.resolve.preview(wish);
        return { line, id, outcome: 'possible', detail: effect, says, approvalId: null };
      }
      const { state, effect, says, approvalId } = await this.resolve.execute(wish, actor);
      const outcome = state === 'awaiting-approval' ? state : 'resolved';
      return { line, id, outcome, detail: effect, says, approvalId };
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      const outcome = fault.code === 'discrepancy.changed' ? 'conflict' : 'refused';
      return missed(outcome, line, id, fault.code, fault.detail);
    }
  }
}

function missed(
  outcome: 'conflict' | 'refused',
  line: number,
  id: bigint | null,
  code: string,
  detail: string,
): SheetOutcome {
  return { line, id, outcome, detail, code, approvalId: null };
}
