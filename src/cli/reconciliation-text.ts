/** What the reconciliation commands print for a person: aligned columns, amounts with two decimals. */
import { formatAmount, sumMinor } from '../kernel/money';
import type { DayReportView } from '../reconciliation/day-report';
import type { ImportOutcome } from '../reconciliation/import-statement';
import type { RunSummary } from '../reconciliation/reconcile-psp';
import { table } from './text-table';

export function describeImport(outcome: ImportOutcome): string {
  if (outcome.kind === 'faulty') {
    return [
      `Nothing was imported: ${String(outcome.faults.length)} faults.`,
      table(
        ['line', 'column', 'fault'],
        outcome.faults.map((fault) => [String(fault.line), fault.column, fault.reason]),
        [0],
      ),
    ].join('\n');
  }
  const sums = (['TZS', 'USD'] as const).flatMap((currency) => {
    const own = outcome.lines.filter((line) => line.currency === currency);
    if (own.length === 0) return [];
    return [`${currency} ${formatAmount(sumMinor(own.map((line) => line.amountMinor)))}`];
  });
  const facts = `${String(outcome.lines.length)} lines, ${sums.join(', ') || 'no money'}`;
  switch (outcome.kind) {
    case 'checked':
      return `The file is good: ${facts}. Nothing was written.`;
    case 'imported':
      return `Imported revision ${String(outcome.revision)}: ${facts}.`;
    case 'already-imported':
      return `This file is already the day's statement: ${facts}.`;
  }
}

export function describeRuns(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No PSP has payments or a statement on that day.';
  return table(
    ['psp', 'lines', 'payments', 'matched', 'discrepancies'],
    runs.map((run) => [
      run.pspCode,
      String(run.lineCount),
      String(run.paymentCount),
      String(run.matchCount),
      run.discrepancies.map((each) => `${String(each.count)} ${each.kind}`).join(', ') || 'none',
    ]),
    [1, 2, 3],
  );
}

export function describeDay(view: DayReportView): string {
  return [
    `Business day ${view.day}`,
    '',
    table(
      ['psp', 'statement', 'lines', 'payments', 'matched', 'discrepancies'],
      view.runs.map((run) => [
        run.pspCode,
        run.hasStatement ? (run.isProvisional ? 'provisional' : 'imported') : 'missing',
        String(run.lineCount),
        String(run.paymentCount),
        String(run.matchCount),
        String(run.discrepancyCount),
      ]),
      [2, 3, 4, 5],
    ),
    '',
    'Open discrepancies',
    table(
      ['psp', 'kind', 'transaction', 'theirs', 'ours', 'currency'],
      view.discrepancies.map((each) => [
        each.pspCode,
        each.kind,
        each.transactionId,
        each.theirAmount,
        each.ourAmount,
        each.currency,
      ]),
      [3, 4],
    ),
    '',
    'Collected, from the ledger',
    table(
      ['account', 'amount', 'currency'],
      view.collections.map((each) => [each.account, each.amount, each.currency]),
      [1],
    ),
  ].join('\n');
}
