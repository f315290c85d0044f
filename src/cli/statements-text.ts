/** What the commands on statement files print for a person. */
import { formatAmount } from '../kernel/money';
import type { ImportOutcome } from '../reconciliation/import-statement';
import type { BankFilePreview } from '../reconciliation/preview-bank-file';
import type { ImportedStatement } from '../settlement/import-bank-file';
import { table } from './text-table';

export function describeImport(outcome: ImportOutcome): string {
  if (outcome.kind === 'faulty') {
    return [
      `Nothing was imported: ${String(outcome.faultCount)} faults.`,
      table(
        ['line', 'column', 'fault'],
        outcome.faults.map((fault) => [String(fault.line), fault.column, fault.reason]),
        [0],
      ),
    ].join('\n');
  }
  const sums = outcome.totals.map(
    ({ currency, amountMinor }) => `${currency} ${formatAmount(amountMinor)}`,
  );
  const facts = `${String(outcome.lineCount)} lines, ${sums.join(', ') || 'no money'}`;
  switch (outcome.kind) {
    case 'checked':
      return `The file is good: ${facts}. Nothing was written.`;
    case 'imported':
      return `Imported revision ${String(outcome.revision)}: ${facts}.`;
    case 'already-imported':
      return `This file is already the day's statement: ${facts}.`;
  }
}

/** Totals first, and what to know or to mend, each with its line. */
export function describeBankFile(preview: BankFilePreview): string {
  if (preview.outcome === 'faulty') {
    const count = preview.faultCount;
    return [
      `${preview.fileName}: nothing was imported: ${count === 1 ? 'a fault' : `${String(count)} faults`}.`,
      table(
        ['line', 'field', 'fault'],
        preview.faults.map(({ line, field, reason }) => [String(line), field, reason]),
        [0],
      ),
      ...(count > preview.faults.length
        ? [`The first ${String(preview.faults.length)} are shown.`]
        : []),
    ].join('\n');
  }
  const rows = preview.statements.flatMap((statement) =>
    (statement.sums.length > 0 ? statement.sums : [undefined]).map((sums) => [
      statement.account,
      statement.sequence === '' ? statement.id : statement.sequence,
      sums?.currency ?? statement.currency,
      statement.openingBalance?.amount ?? '',
      sums === undefined ? '' : `${String(sums.creditCount)} = ${sums.creditSum}`,
      sums === undefined ? '' : `${String(sums.debitCount)} = ${sums.debitSum}`,
      statement.closingBalance?.amount ?? '',
    ]),
  );
  return [
    `${preview.fileName} is good: ${preview.format}, ${String(preview.statementCount)} statements, ` +
      `${String(preview.entryCount)} entries.`,
    table(
      ['account', 'statement', 'currency', 'opening', 'credits', 'debits', 'closing'],
      rows,
      [3, 4, 5, 6],
    ),
    ...preview.notes.map(
      ({ line, field, reason }) => `Note, line ${String(line)}, ${field}: ${reason}.`,
    ),
  ].join('\n');
}

export function describeImported(statements: readonly ImportedStatement[]): string {
  return table(
    ['account', 'statement', 'currency', 'entries', 'known', 'credits', 'debits', 'state'],
    statements.map((each) => [
      each.account,
      each.sequence === '' ? each.bankId : each.sequence,
      each.currency,
      String(each.entryCount),
      String(each.knownCount),
      formatAmount(each.creditMinor),
      formatAmount(each.debitMinor),
      each.state,
    ]),
    [3, 4, 5, 6],
  );
}
