/**
 * MT940 of SWIFT: statements with their entries, with or without the blocks that the network puts around a message.
 * Tags are read in the order of the standard, and what banks leave out of it is told where a sum would hang on it.
 */
import type {
  BankBalance,
  BankEntry,
  BankFile,
  BankFileFault,
  BankStatement,
} from '../bank-statement.rules';
import { readMtBalance, readMtEntry } from './mt940-fields';
import { type FaultLog, UnreadableFile } from './fault-log';
import type { TextLine } from './text-of-bytes';

interface Field {
  readonly line: number;
  readonly tag: string;
  readonly lines: string[];
}

interface Growing {
  readonly line: number;
  id: string;
  account: string;
  sequence: string;
  opening?: BankBalance;
  closing?: BankBalance;
  readonly balances: BankBalance[];
  readonly entries: { readonly field: Field; readonly information: string[] }[];
}

export async function readMt940(lines: AsyncIterable<TextLine>, log: FaultLog): Promise<BankFile> {
  const statements: BankStatement[] = [];
  const notes: BankFileFault[] = [];
  let open: Growing | undefined;
  const close = (): void => {
    if (open !== undefined) statements.push(finish(open, log));
    open = undefined;
  };
  for await (const field of fieldsOf(lines)) {
    if (field.tag === '20') close();
    open ??= newStatement(field.line);
    take(open, field, log);
  }
  close();
  if (statements.length === 0) throw new UnreadableFile(1, '', 'MT940 without a statement');
  return { format: 'mt940', version: 'mt940', statements, notes };
}

function newStatement(line: number): Growing {
  return { line, id: '', account: '', sequence: '', balances: [], entries: [] };
}

function take(open: Growing, field: Field, log: FaultLog): void {
  const { tag, line } = field;
  const text = field.lines.join('\n').trim();
  const [first = ''] = text.split('\n');
  switch (tag) {
    case '20':
      open.id = first;
      return;
    case '25':
    case '25P':
      open.account = first;
      return;
    case '28':
    case '28C':
      open.sequence = first;
      return;
    case '60F':
    case '60M':
    case '62F':
    case '62M':
    case '64':
    case '65': {
      const balance = readMtBalance(field.line, tag, first, log);
      if (balance === undefined) return;
      open.balances.push(balance);
      if (tag.startsWith('60')) open.opening ??= balance;
      if (tag.startsWith('62')) open.closing = balance;
      return;
    }
    case '61':
      open.entries.push({ field, information: [] });
      return;
    case '86': {
      // After the closing balance it tells of the whole statement.
      if (open.closing === undefined) open.entries.at(-1)?.information.push(...field.lines);
      return;
    }
    case '34F':
    case '90C':
    case '90D':
    case '13D':
      throw new UnreadableFile(
        line,
        `:${tag}:`,
        'MT942, a report in the course of a day; wanted MT940',
      );
    default:
      return;
  }
}

function finish(open: Growing, log: FaultLog): BankStatement {
  const { opening, closing, line, id, account, sequence, balances } = open;
  if (account === '') log.add(line, ':25:', 'the account is missing');
  if (opening === undefined)
    log.add(line, ':60F:', 'the opening balance is missing or cannot be read');
  if (closing === undefined)
    log.add(line, ':62F:', 'the closing balance is missing or cannot be read');
  const currency = opening?.currency ?? closing?.currency ?? '';
  const entries = open.entries.flatMap(({ field, information }): BankEntry[] => {
    if (currency === '') return [];
    const entry = readMtEntry(field.line, field.lines, information, currency, log);
    return entry === undefined ? [] : [entry];
  });
  return {
    line,
    id,
    sequence,
    account,
    currency,
    firstDay: opening?.day,
    lastDay: closing?.day,
    opening,
    closing,
    balances,
    entries,
  };
}

/** A tag at the start of a line and all lines to the next tag; what blocks of the network say is left aside. */
async function* fieldsOf(lines: AsyncIterable<TextLine>): AsyncGenerator<Field> {
  let open: Field | undefined;
  for await (const { line, text } of lines) {
    if (text.includes('\0'))
      throw new UnreadableFile(line, '', 'a NUL character, which no text has');
    const inBlock = text.replace(/^.*\{4:/, '');
    const [, tag, rest] = /^:(\d{2}[A-Z]?):(.*)$/.exec(inBlock) ?? [];
    if (tag !== undefined) {
      if (open !== undefined) yield open;
      open = { line, tag, lines: [rest ?? ''] };
      continue;
    }
    if (/^-\}?|^\{[1-5]:|^\x01|^\x03/.test(text) && !/^-\S{2}/.test(text)) {
      if (open !== undefined) yield open;
      open = undefined;
      continue;
    }
    open?.lines.push(text);
  }
  if (open !== undefined) yield open;
}
