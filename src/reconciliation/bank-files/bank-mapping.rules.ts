/**
 * How the CSV of one bank is read: data of an account at the bank (docs/statements.md). Beside names of columns, signs,
 * dates and lines above the header, it says in which of three ways the file tells money that came from money that left.
 */
import { Refusal } from '../../kernel/refusal';
import { type CsvMapping, readMapping } from '../../platform/csv/csv-mapping.rules';

/** Those of the layout; a mapping gives each the name that the bank uses. */
export const bankColumns = [
  'booking_date',
  'value_date',
  'amount',
  'debit',
  'credit',
  'indicator',
  'currency',
  'reference',
  'end_to_end_id',
  'description',
  'counterparty_name',
  'counterparty_account',
  'account',
  'balance',
] as const;

/** `signed`: below zero is a debit; `columns`: one each for debits and credits; `indicator`: a word beside the amount. */
export type AmountForm = 'signed' | 'columns' | 'indicator';

export interface BankMapping extends CsvMapping {
  /** Small letters. */
  readonly creditWords: readonly string[];
  readonly debitWords: readonly string[];
}

const usualWords = {
  creditWords: ['c', 'cr', 'crdt', 'credit', '+'],
  debitWords: ['d', 'dr', 'dbit', 'debit', '-'],
} as const;

/** Refuses: statement.mapping-bad, naming what is wrong. */
export function readBankMapping(given: unknown): BankMapping {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw bad('wanted an object');
  const { creditWords, debitWords, ...common } = given as Readonly<Record<string, unknown>>;
  const mapping = {
    ...readMapping(common, bankColumns, 'mapping'),
    creditWords: wordsOf('creditWords', creditWords),
    debitWords: wordsOf('debitWords', debitWords),
  };
  const { columns } = mapping;
  if (columns.has('amount') && (columns.has('debit') || columns.has('credit')))
    throw bad('columns: either amount, or debit and credit');
  if (columns.has('debit') !== columns.has('credit'))
    throw bad('columns: debit and credit go together');
  if (columns.has('indicator') && columns.has('debit'))
    throw bad('columns: an indicator belongs to an amount, not to debit and credit');
  const both = mapping.creditWords.find((word) => mapping.debitWords.includes(word));
  if (both !== undefined) throw bad(`"${both}" cannot mean both credit and debit`);
  return mapping;
}

function wordsOf(name: keyof typeof usualWords, given: unknown): readonly string[] {
  if (given === undefined) return usualWords[name];
  if (!Array.isArray(given) || given.length === 0) throw bad(`${name}: a list of words`);
  return given.map((word: unknown) => {
    if (typeof word !== 'string' || word.trim() === '') throw bad(`${name}: a list of words`);
    return word.trim().toLowerCase();
  });
}

function bad(detail: string): Refusal {
  return new Refusal(
    'statement.mapping-bad',
    detail.startsWith('wanted') ? `mapping: ${detail}` : `mapping/${detail}`,
  );
}

/** How a file with these columns of the layout tells money, or what it lacks. */
export function amountFormOf(
  columns: readonly string[],
): { readonly form: AmountForm } | { readonly lacks: string; readonly reason: string } {
  const has = (name: string): boolean => columns.includes(name);
  if (!has('booking_date')) return { lacks: 'booking_date', reason: 'the column is missing' };
  if (!has('currency'))
    return { lacks: 'currency', reason: 'neither the file nor the mapping names a currency' };
  if (has('debit') && has('credit')) return { form: 'columns' };
  if (has('amount')) return { form: has('indicator') ? 'indicator' : 'signed' };
  return { lacks: 'amount', reason: 'wanted an amount, or debit and credit' };
}
