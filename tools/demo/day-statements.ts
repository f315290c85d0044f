/**
 * Act six: each PSP hands in its statement of the day, the bank's with one of each error, and the day is reconciled.
 * A PSP's file holds its whole day: a second run on the same data adds its lines, and the file is a new revision.
 */
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { table } from '../../src/cli/text-table';
import { formatAmount } from '../../src/kernel/money';
import { DayReport } from '../../src/reconciliation/day-report';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import type { BookedPayment } from './books';
import { strangeNumber } from './pay-bills';
import type { PspCode } from './plan';
import { count, DemoFault } from './screen';
import type { Stage } from './stage';

const header = 'transaction_id,control_number,amount,currency,paid_at,receipt_number\r\n';

interface Line {
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly paidAt: string;
}

interface Planted {
  /** The discrepancy that it must become; undefined where the gateway must find the payment all the same. */
  readonly kind: string | undefined;
  readonly what: string;
  readonly matchedBy?: string;
}

function csvLine(line: Line, receiptNumber = ''): string {
  const cells = [line.transactionId, line.controlNumber, formatAmount(line.amountMinor)];
  return `${[...cells, line.currency, line.paidAt, receiptNumber].join(',')}\r\n`;
}

/** The bank's lines with its errors, and what each error is. */
function bankLines(
  stage: Stage,
  receipts: ReadonlyMap<string, string>,
  unpaid: { readonly controlNumber: string; readonly amountMinor: bigint },
): { lines: readonly string[]; planted: readonly Planted[] } {
  const own = stage.books.taken.filter((each) => each.psp === 'PSP701');
  const [differs, twice, omitted, dollars, renamed, renumbered] = own.filter(
    (each) => each.currency === 'TZS',
  );
  const refused = stage.books.refused.find((each) => each.psp === 'PSP701');
  if (!differs || !twice || !omitted || !dollars || !renamed || !renumbered || !refused)
    throw new DemoFault('The bank has too few payments to plant errors in its statement.');
  const lines = own.flatMap((each) => {
    if (each === differs) return [csvLine({ ...each, amountMinor: each.amountMinor - 100_000n })];
    if (each === twice) return [csvLine(each), csvLine(each)];
    if (each === omitted) return [];
    if (each === dollars) return [csvLine({ ...each, currency: 'USD' })];
    if (each === renamed) return [csvLine({ ...each, transactionId: `${stage.run}-OTHER-1` })];
    if (each === renumbered)
      return [
        csvLine(
          { ...each, transactionId: `${stage.run}-OTHER-2`, controlNumber: strangeNumber },
          receipts.get(each.transactionId),
        ),
      ];
    return [csvLine(each)];
  });
  const strange = { currency: 'TZS', paidAt: stage.wireNow() };
  lines.push(
    csvLine({ ...unpaid, ...strange, transactionId: `${stage.run}-UNSEEN` }),
    csvLine(refused),
    csvLine({
      ...strange,
      transactionId: `${stage.run}-STRANGE`,
      controlNumber: strangeNumber,
      amountMinor: 2_000_000n,
    }),
  );
  return {
    lines,
    planted: [
      { kind: 'amount-differs', what: 'an amount lower by 1,000.00' },
      { kind: 'currency-differs', what: 'an amount in dollars, not in shillings' },
      { kind: 'duplicate-line', what: 'a transaction listed twice' },
      { kind: 'missing-there', what: 'a payment left out' },
      { kind: 'missing-here', what: 'a payment that was never notified' },
      { kind: 'refused-here', what: 'a payment that the gateway had refused' },
      { kind: 'unknown-number', what: 'a control number that was never issued' },
      { kind: undefined, what: 'a payment under another id', matchedBy: 'number and amount' },
      { kind: undefined, what: 'another id and number', matchedBy: 'receipt number' },
    ],
  };
}

async function handIn(
  stage: Stage,
  folder: string,
  pspCode: PspCode,
  lines: readonly string[],
): Promise<number> {
  const path = join(folder, `${pspCode}-${stage.day}.csv`);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : header;
  writeFileSync(path, before + lines.join(''));
  const outcome = await stage.app.get(ImportStatement, { strict: false }).execute({
    pspCode,
    day: stage.day,
    fileName: `${pspCode}-${stage.day}.csv`,
    open: () => createReadStream(path),
    importedBy: 'demo',
    isDryRun: false,
  });
  if (outcome.kind !== 'imported')
    throw new DemoFault(`The statement of ${pspCode} was not imported: ${outcome.kind}.`);
  return outcome.lineCount;
}

/** One bad line, and nothing of the file is taken. */
async function handInFaulty(stage: Stage): Promise<void> {
  const bytes = Buffer.from(`${header}${stage.run}-BAD,99x,1.5E3,TZS,24/11/2026,\r\n`);
  const outcome = await stage.app.get(ImportStatement, { strict: false }).execute({
    pspCode: 'PSP702',
    day: stage.day,
    fileName: 'faulty.csv',
    open: () => Readable.from([bytes]),
    importedBy: 'demo',
    isDryRun: false,
  });
  if (outcome.kind !== 'faulty') throw new DemoFault('A faulty statement was imported.');
  const columns = outcome.faults.map((fault) => fault.column).join(', ');
  stage.screen.say(
    `A file with a bad line was refused whole, naming line 2 and its columns ${columns}.`,
  );
}

export async function reconcileDay(
  stage: Stage,
  folder: string,
  receipts: ReadonlyMap<string, string>,
  unpaid: { readonly controlNumber: string; readonly amountMinor: bigint },
): Promise<void> {
  const { screen, books } = stage;
  mkdirSync(folder, { recursive: true });
  await handInFaulty(stage);
  const bank = bankLines(stage, receipts, unpaid);
  const clean = (psp: PspCode): readonly string[] =>
    books.taken
      .filter((each) => each.psp === psp)
      .map((each: BookedPayment) => csvLine(each, receipts.get(each.transactionId)));
  const lineCount =
    (await handIn(stage, folder, 'PSP701', bank.lines)) +
    (await handIn(stage, folder, 'PSP702', clean('PSP702'))) +
    (await handIn(stage, folder, 'PSP703', clean('PSP703')));
  screen.say(
    `Three statements of ${stage.day} were imported, ${count(lineCount, 'line')}; they are in ${folder}.`,
  );
  await stage.app.get(RunReconciliation, { strict: false }).execute(stage.day);
  await report(stage, bank.planted);
}

async function report(stage: Stage, planted: readonly Planted[]): Promise<void> {
  const { screen, run, day } = stage;
  const view = await stage.app.get(DayReport, { strict: false }).execute(day);
  const own = view.discrepancies.filter((each) => each.transactionId.startsWith(`${run}-`));
  screen.say('The statement of the bank holds these errors on purpose:');
  screen.blank();
  screen.show(
    table(
      ['planted', 'to be found as'],
      planted.map((each) => [each.what, each.kind ?? `a match, by ${each.matchedBy ?? ''}`]),
    ),
  );
  screen.blank();
  screen.show(
    table(
      ['psp', 'lines', 'payments', 'matched', 'discrepancies'],
      view.runs.map((each) => [
        each.pspCode,
        String(each.lineCount),
        String(each.paymentCount),
        String(each.matchCount),
        String(each.discrepancyCount),
      ]),
      [1, 2, 3, 4],
    ),
  );
  screen.blank();
  screen.show(
    table(
      ['kind', 'transaction', 'theirs', 'ours', ''],
      own.map((each) => [
        each.kind,
        each.transactionId,
        each.theirAmount,
        each.ourAmount,
        each.currency,
      ]),
      [2, 3],
    ),
  );
  screen.blank();
  screen.show(
    table(
      ['collected on this day, from the ledger', 'amount', ''],
      view.collections.map((each) => [each.account, each.amount, each.currency]),
      [1],
    ),
  );
  screen.blank();
  const wanted = planted.flatMap((each) => (each.kind === undefined ? [] : [each.kind])).sort();
  const found = own.map((each) => each.kind).sort();
  if (found.join() !== wanted.join())
    throw new DemoFault(`Found were ${found.join(', ')}; planted were ${wanted.join(', ')}.`);
  const earlier = view.discrepancies.length - own.length;
  screen.say(
    `${count(own.length, 'discrepancy', 'discrepancies')} for ${count(own.length, 'planted error')}, none more` +
      (earlier === 0 ? '.' : ` (and ${String(earlier)} of earlier runs on this day).`),
  );
}
