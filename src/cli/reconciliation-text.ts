/** What the reconciliation commands print for a person: aligned columns, amounts with two decimals. */
import type { DayReportView } from '../reconciliation/day-report';
import type { RunSummary } from '../reconciliation/reconcile-psp';
import { table } from './text-table';

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
