/**
 * Takes over control numbers that another gateway issued for an institution, with their open bills: a file of numbers,
 * a whole range, or both; all or nothing, and the same again changes nothing. Imported numbers are exempt from our check
 * digit, are never issued by us, and may be used again (gepg-decisions B6, rulings.md §7).
 */
import { Injectable } from '@nestjs/common';
import { type BillId, newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { PartyDirectory, type ServiceProvider } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { readCsv } from '../platform/csv/read-csv';
import { Database, type Tx } from '../platform/database/database';
import { contentDigest, contentOf } from './bill-content';
import { BillStore } from './bill.store';
import {
  checkImportHeader,
  type ImportedNumber,
  type ImportFault,
  type ImportLine,
  type NumberSpan,
  overlaps,
  readImportLine,
  spanFault,
  spanOfPrefix,
} from './number-import.rules';
import { NumberImportStore } from './number-import.store';
import { NumberStore } from './number.store';
import { termsOf } from './submit-bills';

export interface ImportCommand {
  readonly spCode: string;
  readonly file?: Buffer;
  readonly span?: NumberSpan;
  readonly importedBy: string;
  readonly isDryRun: boolean;
}

export type NumberImport =
  | {
      readonly kind: 'imported' | 'checked';
      readonly numbers: number;
      readonly bills: number;
      /** Imported before, with the same content. */
      readonly unchanged: number;
      readonly range: NumberSpan | null;
    }
  | { readonly kind: 'faulty'; readonly faults: readonly ImportFault[] };

const longestFile = 200 * 1024 * 1024;
const batch = 1_000;

@Injectable()
export class ImportNumbers {
  constructor(
    private readonly database: Database,
    private readonly store: NumberImportStore,
    private readonly numbers: NumberStore,
    private readonly bills: BillStore,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** Refuses: import.party-unknown, import.empty, import.range-malformed, import.range-taken, import.file-large. */
  async execute(command: ImportCommand): Promise<NumberImport> {
    const { file, span } = command;
    if (file === undefined && span === undefined)
      throw new Refusal('import.empty', 'give a file, or a range with --from and --to');
    if ((file?.length ?? 0) > longestFile)
      throw new Refusal('import.file-large', 'the file is longer than 200 MB; split it');
    const malformed = span && spanFault(span);
    if (malformed !== undefined) throw new Refusal('import.range-malformed', malformed);
    const sp = await this.directory.find(command.spCode);
    if (sp?.kind !== 'service-provider')
      throw new Refusal(
        'import.party-unknown',
        `${command.spCode} is not an enrolled institution`,
        'not-found',
      );
    const read =
      file === undefined ? { lines: [], faults: [] } : await readCsv(file, checkImportHeader);
    if (read.faults.length > 0) return { kind: 'faulty', faults: read.faults };
    return this.database.longTransaction((tx) => this.run(tx, sp, command, read.lines));
  }

  private async run(
    tx: Tx,
    sp: ServiceProvider,
    { span, importedBy, isDryRun }: ImportCommand,
    lines: readonly ImportLine[],
  ): Promise<NumberImport> {
    // Nobody issues or allots numbers while we look for those that are taken.
    const prefixes = await this.numbers.lockRanges(tx);
    const foreign = prefixes
      .filter((range) => range.partyId !== sp.id)
      .map((range) => spanOfPrefix(range.prefix));
    const spans = await this.store.importedSpans(tx);
    const isKnownSpan = await this.checkSpan(tx, sp, span, foreign, spans);
    const taken = [...foreign, ...spans.filter((each) => each.spId !== sp.id)];
    const { good, faults, unchanged } = await this.check(tx, sp, lines, taken);
    if (faults.length > 0) return { kind: 'faulty', faults };
    const counts = {
      numbers: good.length,
      bills: good.filter((each) => each.bill !== undefined).length,
      unchanged,
      range: span ?? null,
    };
    if (isDryRun) return { kind: 'checked', ...counts };
    if (span !== undefined && !isKnownSpan) await this.store.addSpan(tx, sp.id, span);
    for (let i = 0; i < good.length; i += batch) await this.add(tx, sp, good.slice(i, i + batch));
    await this.audit.record(tx, {
      actor: importedBy,
      action: 'control-numbers.imported',
      subject: sp.code,
      detail: counts,
    });
    return { kind: 'imported', ...counts };
  }

  /** True when this very range was imported before. */
  private async checkSpan(
    tx: Tx,
    sp: ServiceProvider,
    span: NumberSpan | undefined,
    foreign: readonly NumberSpan[],
    spans: readonly (NumberSpan & { readonly spId: number })[],
  ): Promise<boolean> {
    if (span === undefined) return false;
    const isSame = (each: NumberSpan & { readonly spId: number }) =>
      each.spId === sp.id && each.first === span.first && each.last === span.last;
    if (spans.some(isSame)) return true;
    const clash = [...foreign, ...spans].find((each) => overlaps(each, span));
    const issued = await this.store.issuedWithin(tx, span);
    if (clash !== undefined || issued !== undefined) {
      const what =
        clash === undefined
          ? `${String(issued)}, which this gateway issued`
          : `${clash.first} to ${clash.last}, which is taken`;
      throw new Refusal('import.range-taken', `the range holds ${what}`, 'conflict');
    }
    return false;
  }

  private async check(
    tx: Tx,
    sp: ServiceProvider,
    lines: readonly ImportLine[],
    taken: readonly NumberSpan[],
  ): Promise<{ good: ImportedNumber[]; faults: ImportFault[]; unchanged: number }> {
    const now = await this.bills.now(tx);
    const terms = termsOf(sp);
    const faults: ImportFault[] = [];
    const read: ImportedNumber[] = [];
    const seen = new Map<string, number>();
    const once = (key: string, line: number, column: string) => {
      const first = seen.get(key);
      if (first === undefined) seen.set(key, line);
      else faults.push({ line, column, reason: `line ${String(first)} has it already` });
    };
    for (const each of lines) {
      const result = readImportLine(each, terms, now);
      if (!('number' in result)) {
        faults.push(...result);
        continue;
      }
      once(`number ${result.number}`, result.line, 'control_number');
      if (result.bill) once(`bill ${result.bill.draft.billId}`, result.line, 'bill_id');
      const own = { first: result.number, last: result.number };
      if (taken.some((span) => overlaps(span, own)))
        faults.push(numberFaultAt(result, 'the number is in a range of another institution'));
      read.push(result);
    }
    const good: ImportedNumber[] = [];
    for (let i = 0; i < read.length; i += batch) {
      const part = read.slice(i, i + batch);
      const known = await this.store.knownNumbers(
        tx,
        part.map((each) => each.number),
      );
      const bills = await this.bills.findKnown(
        tx,
        sp.id,
        part.flatMap((each) => each.bill?.draft.billId ?? []),
      );
      for (const each of part) {
        const number = known.find((row) => row.number === each.number);
        const bill = bills.find((row) => row.spBillId === each.bill?.draft.billId);
        if (number === undefined && bill === undefined) good.push(each);
        else if (number === undefined)
          faults.push({ line: each.line, column: 'bill_id', reason: 'the bill exists already' });
        else if (!number.isImported || number.spId !== sp.id)
          faults.push(
            numberFaultAt(each, 'the number exists, and was not imported for this party'),
          );
        else if (!isSame(each, number.contentDigest))
          faults.push(numberFaultAt(each, 'the number was imported with another content'));
      }
    }
    const unchanged = read.length - good.length;
    return { good, faults: faults.sort((a, b) => a.line - b.line), unchanged };
  }

  private async add(
    tx: Tx,
    sp: ServiceProvider,
    numbers: readonly ImportedNumber[],
  ): Promise<void> {
    await this.store.addNumbers(
      tx,
      sp.id,
      numbers.filter((each) => each.bill === undefined).map((each) => each.number),
    );
    const bills = numbers.flatMap(({ number, bill }) => (bill ? [{ number, ...bill }] : []));
    const inserted = await this.bills.insert(
      tx,
      bills.map(({ number, draft, checked }) => ({
        ...contentOf(draft, checked),
        id: newId<BillId>(),
        spId: sp.id,
        spBillId: draft.billId,
        controlNumber: number,
        isReuse: false,
        isImported: true,
        groupId: null,
        groupPosition: 1,
        form: sp.delivery === 'webhook' ? ('json' as const) : sp.delivery,
        contentDigest: contentDigest(draft).toString('hex'),
      })),
    );
    if (inserted.size < bills.length) throw new Error('a bill was submitted during the import');
  }
}

function numberFaultAt({ line }: ImportedNumber, reason: string): ImportFault {
  return { line, column: 'control_number', reason };
}

/** The first bill of a number is the one it was imported with; a number without one keeps whatever came later. */
function isSame({ bill }: ImportedNumber, digest: Buffer | null): boolean {
  return bill === undefined || (digest?.equals(contentDigest(bill.draft)) ?? false);
}
