/** The fields of MT940 that move money: balances, entries and what is told of them. */
import { type BusinessDay, parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import type { BankBalance, BankEntry, Direction } from '../bank-statement.rules';
import { readMinor } from '../iso-currency.rules';
import { short } from './camt-elements';
import type { FaultLog } from './fault-log';

const balanceForm = /^([CD])(\d{6})([A-Z]{3})([\d,.]{1,20})$/;
/** Value date, entry date, mark, third letter of the currency, amount, type, owner's reference, bank's reference. */
const entryForm =
  /^(\d{6})(\d{4})?(RC|RD|EC|ED|C|D)([A-Z])?(\d{1,15}[,.]\d{0,5}|\d{1,15})([A-Z][A-Z0-9]{3})?(.*)$/;

export function readMtBalance(
  line: number,
  tag: string,
  text: string,
  log: FaultLog,
): BankBalance | undefined {
  const [, mark, date = '', currency = '', amount = ''] = balanceForm.exec(text) ?? [];
  if (mark === undefined) {
    log.add(line, `:${tag}:`, `"${short(text)}" is no balance; wanted one like C261124TZS1500,00`);
    return undefined;
  }
  const minor = amountOf(line, `:${tag}:`, amount, currency, log);
  const day = dayOf(line, `:${tag}:`, date, log);
  if (minor === undefined) return undefined;
  return { line, type: tag, day, currency, signedMinor: mark === 'C' ? minor : -minor };
}

export function readMtEntry(
  line: number,
  lines: readonly string[],
  information: readonly string[],
  currency: string,
  log: FaultLog,
): BankEntry | undefined {
  const [first = '', ...supplement] = lines;
  const found = entryForm.exec(first.trim());
  if (found === null) {
    const reason = `"${short(first)}" is no entry; wanted one like 2611241124C1500,00NTRFREFERENCE`;
    log.add(line, ':61:', reason);
    return undefined;
  }
  const [, value = '', booked = '', mark = '', , amount = '', code = '', references = ''] = found;
  const amountMinor = amountOf(line, ':61:', amount, currency, log);
  const valueDay = dayOf(line, ':61:', value, log);
  const bookingDay = booked === '' ? undefined : dayOf(line, ':61:', nearYear(value, booked), log);
  if (amountMinor === undefined) return undefined;
  const isReversal = mark.startsWith('R');
  // RC takes back a credit, so that money leaves; RD takes back a debit. EC and ED are expected only.
  const direction: Direction = (mark.endsWith('C') ? !isReversal : isReversal) ? 'credit' : 'debit';
  const [own = '', bank = ''] = references.split('//', 2);
  const told = partsOf(information);
  return {
    line,
    path: ':61:',
    status: mark.startsWith('E') ? 'pending' : 'booked',
    direction,
    amountMinor,
    currency,
    isReversal,
    bookingDay,
    valueDay,
    bankReference: bank.trim(),
    entryReference: own.trim() === 'NONREF' ? '' : own.trim(),
    transactionCode: code,
    endToEndId: told.endToEndId,
    remittance: [told.remittance, ...supplement.map((each) => each.trim())]
      .filter((part) => part !== '')
      .join(' '),
    counterparty: { name: told.name, account: told.account },
    returnReason: code === 'NRTI' || code === 'NCHG' ? '' : told.returnReason,
    charges: [],
    batchCount: undefined,
    details: [],
  };
}

/** A comma is the standard's point; one of the two, and no separators of thousands. */
function amountOf(
  line: number,
  field: string,
  text: string,
  currency: string,
  log: FaultLog,
): bigint | undefined {
  const read = readMinor(text.replace(',', '.'), currency);
  if (read.kind === 'exact') return read.minor;
  log.add(line, field, read.reason);
  return undefined;
}

function dayOf(line: number, field: string, text: string, log: FaultLog): BusinessDay | undefined {
  const century = Number(text.slice(0, 2)) < 80 ? '20' : '19';
  const written = `${century}${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`;
  try {
    return parseBusinessDay(written);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    log.add(line, field, `"${text}" is no date; wanted one like 261124`);
    return undefined;
  }
}

/** The entry date has no year: it is the value date's, or its neighbour's around New Year. */
function nearYear(value: string, booked: string): string {
  const year = Number(value.slice(0, 2));
  const months = Number(booked.slice(0, 2)) - Number(value.slice(2, 4));
  const shift = months > 6 ? -1 : months < -6 ? 1 : 0;
  return String((year + shift + 100) % 100).padStart(2, '0') + booked;
}

/** Field 86 as plain lines, as `?20` subfields, or as `/CODE/` words; whichever a bank uses, nothing of it is lost. */
function partsOf(lines: readonly string[]): {
  remittance: string;
  name: string;
  account: string;
  endToEndId: string;
  returnReason: string;
} {
  const whole = lines.join('').trim();
  const plain = lines
    .map((each) => each.trim())
    .join(' ')
    .trim();
  if (/^\d{3}\?/.test(whole)) {
    const parts = new Map(
      whole
        .split('?')
        .slice(1)
        .map((part) => [part.slice(0, 2), part.slice(2)]),
    );
    const joined = (...names: readonly string[]): string =>
      names
        .map((name) => parts.get(name) ?? '')
        .join('')
        .trim();
    const purpose = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 60, 61, 62, 63].map(String);
    const remittance = joined(...purpose);
    const [, endToEndId = ''] = /EREF\+([^ +]{1,35})/.exec(remittance) ?? [];
    const name = joined('32', '33');
    return { remittance, name, account: joined('31'), endToEndId, returnReason: '' };
  }
  const word = (code: string): string =>
    new RegExp(`/${code}/([^/]{1,140})`).exec(whole)?.[1]?.trim() ?? '';
  const endToEndId = word('EREF');
  return {
    remittance: word('REMI') === '' ? plain : word('REMI'),
    name: word('NAME'),
    account: word('IBAN'),
    endToEndId: endToEndId === 'NOTPROVIDED' ? '' : endToEndId,
    returnReason: word('RTRN'),
  };
}
