/**
 * The CSV of a bank as one statement of one account, in the order of the file. Where the file shows the balance after each
 * entry, every entry is held against it, whichever end the file begins at; the first and the last make opening and closing
 * balance. A row that shows a balance and moves no money is that balance alone.
 */
import type { BusinessDay } from '../../kernel/business-day';
import { CsvFault, openCsv } from '../../platform/csv/read-csv';
import { mappedHeader } from '../../platform/csv/csv-mapping.rules';
import type { BankBalance, BankEntry, BankFile } from '../bank-statement.rules';
import { formatMinor } from '../iso-currency.rules';
import { amountFormOf, bankColumns, type BankMapping } from './bank-mapping.rules';
import { type BankRow, readBankRow } from './csv-row';
import { type FaultLog, UnreadableFile } from './fault-log';

const nothing: BankFile = { format: 'csv', version: 'csv', statements: [], notes: [] };

/** `account`: as it was named by who brings the file. */
export async function readBankCsv(
  bytes: AsyncIterable<Buffer>,
  mapping: BankMapping,
  account: string,
  log: FaultLog,
): Promise<BankFile> {
  const rows: BankRow[] = [];
  try {
    const { header, lines } = await openCsv(bytes, mapping);
    for (const [name, column] of mapping.columns)
      if (!header.includes(column))
        log.add(
          1 + mapping.skipLines,
          column,
          `the column is missing, which the mapping names as ${name}`,
        );
    if (log.count > 0) return nothing;
    const found = amountFormOf(mappedHeader(mapping, header, bankColumns));
    if ('lacks' in found) {
      const { lacks, reason } = found;
      const column = mapping.columns.get(lacks) ?? lacks;
      throw new UnreadableFile(1 + mapping.skipLines, column, reason);
    }
    for await (const line of lines) {
      const row = readBankRow(line, { mapping, form: found.form, account }, log);
      if (row !== undefined) rows.push(row);
    }
  } catch (fault) {
    if (!(fault instanceof CsvFault)) throw fault;
    throw new UnreadableFile(fault.line, '', fault.reason);
  }
  const currency = rows[0]?.currency;
  if (currency === undefined) {
    if (log.count === 0) log.add(1 + mapping.skipLines, '', 'no line below the header');
    return nothing;
  }
  for (const row of rows)
    if (row.currency !== currency)
      log.add(row.line, 'currency', `${row.currency}, where the file began with ${currency}`);
  return fileOf(rows, currency, log);
}

function fileOf(rows: readonly BankRow[], currency: string, log: FaultLog): BankFile {
  const entries = rows.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  const days = entries.flatMap(({ bookingDay }) => bookingDay ?? []).sort();
  const [firstDay, lastDay] = [days[0], days.at(-1)];
  const balances = log.count === 0 ? balancesOf(rows, firstDay, lastDay, log) : undefined;
  const notes =
    balances === undefined && log.count === 0
      ? [{ line: 1, field: 'balance', reason: 'no balances: nothing was checked by them' }]
      : [];
  return {
    format: 'csv',
    version: 'csv',
    statements: [
      {
        line: rows[0]?.line ?? 1,
        id: '',
        sequence: '',
        account: '',
        currency,
        firstDay,
        lastDay,
        opening: balances?.opening,
        closing: balances?.closing,
        balances: balances === undefined ? [] : [balances.opening, balances.closing],
        entries,
      },
    ],
    notes,
  };
}

interface Chain {
  readonly opening: { readonly line: number; readonly minor: bigint };
  readonly closing: { readonly line: number; readonly minor: bigint };
  readonly breaks: readonly {
    readonly line: number;
    readonly due: bigint;
    readonly said: bigint;
  }[];
}

/** Of rows from the oldest to the newest; undefined where none shows a balance. */
function chainOf(rows: Iterable<BankRow>): Chain | undefined {
  const breaks: { line: number; due: bigint; said: bigint }[] = [];
  let opening: Chain['opening'] | undefined;
  let closing: Chain['closing'] | undefined;
  let moved = 0n;
  for (const { line, entry, balanceMinor } of rows) {
    const signed = signedOf(entry);
    moved += signed;
    if (closing !== undefined) closing = { line, minor: closing.minor + signed };
    if (balanceMinor === undefined) continue;
    if (closing !== undefined && closing.minor !== balanceMinor)
      breaks.push({ line, due: closing.minor, said: balanceMinor });
    opening ??= { line, minor: balanceMinor - moved };
    closing = { line, minor: balanceMinor };
  }
  return opening === undefined || closing === undefined ? undefined : { opening, closing, breaks };
}

function signedOf(entry: BankEntry | undefined): bigint {
  if (entry === undefined) return 0n;
  return entry.direction === 'credit' ? entry.amountMinor : -entry.amountMinor;
}

function balancesOf(
  rows: readonly BankRow[],
  firstDay: BusinessDay | undefined,
  lastDay: BusinessDay | undefined,
  log: FaultLog,
): { opening: BankBalance; closing: BankBalance } | undefined {
  const forth = chainOf(rows);
  const back = chainOf([...rows].reverse());
  if (forth === undefined || back === undefined) return undefined;
  const days = rows.flatMap(({ entry }) => entry?.bookingDay ?? []);
  const isNewestFirst = (days[0] ?? '') > (days.at(-1) ?? '');
  const [likely, other] = isNewestFirst ? [back, forth] : [forth, back];
  // Within one day only the balances tell at which end the file begins.
  const isOneDay = days[0] === days.at(-1);
  const chain = isOneDay && likely.breaks.length > 0 && other.breaks.length === 0 ? other : likely;
  const currency = rows[0]?.currency ?? '';
  for (const { line, due, said } of chain.breaks) {
    const reason =
      `the statement does not balance: the entries make ${formatMinor(due, currency)} ${currency}, ` +
      `the balance says ${formatMinor(said, currency)}`;
    log.add(line, 'balance', reason);
  }
  const balance = (
    type: string,
    day: BusinessDay | undefined,
    { line, minor }: Chain['opening'],
  ): BankBalance => ({ line, type, day, currency, signedMinor: minor });
  return {
    opening: balance('opening', firstDay, chain.opening),
    closing: balance('closing', lastDay, chain.closing),
  };
}
