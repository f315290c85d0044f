/** One row of a bank's CSV: an entry, a balance, or what is wrong with it. Amounts are exact in minor units or refused. */
import { type BusinessDay, parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import { cellOf, plainNumber, plainTime } from '../../platform/csv/csv-mapping.rules';
import type { CsvLine } from '../../platform/csv/read-csv';
import { isAccount } from '../bank-account.rules';
import type { BankEntry, Direction } from '../bank-statement.rules';
import { readMinor } from '../iso-currency.rules';
import type { AmountForm, BankMapping } from './bank-mapping.rules';
import { short } from './camt-elements';
import type { FaultLog } from './fault-log';

export interface BankRow {
  readonly line: number;
  readonly currency: string;
  /** Undefined for a row that only shows a balance. */
  readonly entry: BankEntry | undefined;
  /** Below zero where the account is overdrawn; undefined where the row shows none. */
  readonly balanceMinor: bigint | undefined;
}

/** A time may stand behind the day; it is not kept. */
const dayForm = /^(\d{4}-\d\d-\d\d)(?:[T ][\d:.]+)?$/;

interface Of {
  readonly mapping: BankMapping;
  readonly form: AmountForm;
  readonly account: string;
}

interface Money {
  readonly direction: Direction;
  readonly amountMinor: bigint;
}

/** Undefined for a row with a fault, which is in the log then. */
export function readBankRow({ line, cells }: CsvLine, of: Of, log: FaultLog): BankRow | undefined {
  const { mapping } = of;
  const cell = (name: string): string => cellOf(mapping, cells, name);
  const before = log.count;
  const fault = (name: string, reason: string): void => {
    log.add(line, mapping.columns.get(name) ?? name, reason);
  };
  const currency = cell('currency').toUpperCase();
  const signed = (name: string): bigint | undefined => {
    const read = readSigned(plainNumber(mapping, cell(name)), currency);
    if (typeof read === 'bigint') return read;
    fault(name, read.reason);
    return undefined;
  };
  if (cell('account') !== '' && !isAccount(cell('account'), of.account))
    fault('account', `a line of account ${short(cell('account'))}, not of ${of.account}`);
  const balanceMinor = cell('balance') === '' ? undefined : signed('balance');
  const isOnlyBalance =
    balanceMinor !== undefined && ['amount', 'debit', 'credit'].every((name) => cell(name) === '');
  if (isOnlyBalance) {
    return log.count > before ? undefined : { line, currency, entry: undefined, balanceMinor };
  }
  const money =
    of.form === 'columns' ? ofColumns(cell, signed, fault) : ofAmount(of, cell, signed, fault);
  const day = (name: string): BusinessDay | undefined => {
    try {
      const [, written = ''] = dayForm.exec(plainTime(mapping, cell(name))) ?? [];
      return parseBusinessDay(written);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      fault(name, `"${short(cell(name))}" is no date${like(mapping.dateFormat)}`);
      return undefined;
    }
  };
  const bookingDay = day('booking_date');
  const valueDay = cell('value_date') === '' ? undefined : day('value_date');
  if (money === undefined || log.count > before) return undefined;
  const entry: BankEntry = {
    line,
    path: `row ${String(line)}`,
    status: 'booked',
    ...money,
    currency,
    isReversal: false,
    bookingDay,
    valueDay,
    bankReference: cell('reference'),
    entryReference: '',
    transactionCode: '',
    endToEndId: cell('end_to_end_id'),
    remittance: cell('description'),
    counterparty: { name: cell('counterparty_name'), account: cell('counterparty_account') },
    returnReason: '',
    charges: [],
    batchCount: undefined,
    details: [],
  };
  return { line, currency, entry, balanceMinor };
}

function like(dateFormat: string | undefined): string {
  return `; wanted one like ${dateFormat ?? '2026-11-24'}`;
}

type Cell = (name: string) => string;
type Signed = (name: string) => bigint | undefined;
type Fault = (name: string, reason: string) => void;

/** Banks leave the other column empty, or write a zero there. */
function ofColumns(cell: Cell, signed: Signed, fault: Fault): Money | undefined {
  const debit = cell('debit') === '' ? 0n : signed('debit');
  const credit = cell('credit') === '' ? 0n : signed('credit');
  if (debit === undefined || credit === undefined) return undefined;
  if (cell('debit') === '' && cell('credit') === '') {
    fault('debit', 'neither debit nor credit has an amount');
    return undefined;
  }
  if (debit !== 0n && credit !== 0n) {
    fault('debit', 'both debit and credit have an amount');
    return undefined;
  }
  if (debit < 0n || credit < 0n) {
    fault(debit < 0n ? 'debit' : 'credit', 'an amount below zero in a column of its own');
    return undefined;
  }
  return debit > 0n
    ? { direction: 'debit', amountMinor: debit }
    : { direction: 'credit', amountMinor: credit };
}

function ofAmount(of: Of, cell: Cell, signed: Signed, fault: Fault): Money | undefined {
  const minor = signed('amount');
  if (minor === undefined) return undefined;
  const amountMinor = minor < 0n ? -minor : minor;
  if (of.form === 'signed') return { direction: minor < 0n ? 'debit' : 'credit', amountMinor };
  const word = cell('indicator').toLowerCase();
  const { creditWords, debitWords } = of.mapping;
  const isCredit = creditWords.includes(word);
  if (!isCredit && !debitWords.includes(word)) {
    const known = [...creditWords, ...debitWords].join(', ');
    fault('indicator', `"${short(word)}" is neither debit nor credit; known are ${known}`);
    return undefined;
  }
  // Some banks give the sign beside the word; they must not say different things.
  if (minor < 0n && isCredit) {
    fault('amount', 'a credit below zero');
    return undefined;
  }
  return { direction: isCredit ? 'credit' : 'debit', amountMinor };
}

function readSigned(text: string, currency: string): bigint | { readonly reason: string } {
  const [, sign = '', digits = text] = /^([+-])(?=[\d.])(.*)$/.exec(text) ?? [];
  const read = readMinor(digits, currency);
  if (read.kind === 'refused') return read;
  return sign === '-' ? -read.minor : read.minor;
}
