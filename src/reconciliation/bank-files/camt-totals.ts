/** Balances and totals that a camt message states about itself, and whether its entries agree with them. */
import {
  type BankBalance,
  type BankEntry,
  type BankFileFault,
  entrySums,
} from '../bank-statement.rules';
import { formatMinor, readMinor } from '../iso-currency.rules';
import { all, at, type CamtElements, firstText } from './camt-elements';
import type { XmlElement } from './xml-elements';

export function readBalance(
  read: CamtElements,
  element: XmlElement,
  path: string,
): BankBalance | undefined {
  const amount = read.amount(read.one(element, path, 'Amt'), `${path}/Amt`);
  const direction = read.direction(element, path);
  const kind = read.one(element, path, 'Tp');
  const day = read.day(at(element, 'Dt'), `${path}/Dt`);
  if (amount === undefined || direction === undefined || kind === undefined) return undefined;
  const { currency, amountMinor } = amount;
  return {
    line: element.line,
    type: firstText(kind, 'CdOrPrtry/Cd', 'CdOrPrtry/Prtry', 'Cd'),
    day,
    currency,
    signedMinor: direction === 'credit' ? amountMinor : -amountMinor,
  };
}

/**
 * The two balances between which the entries lie. Banks open with OPBD or with the day before's PRCD and close with CLBD;
 * a page of a statement opens or closes with ITBD. A statement over several days may bring a pair for each of them.
 */
export function chooseBalances(
  balances: readonly BankBalance[],
  currency: string,
): { opening: BankBalance | undefined; closing: BankBalance | undefined } {
  const own = balances.filter((each) => currency === '' || each.currency === currency);
  const inOrder = (type: string): readonly BankBalance[] =>
    own
      .filter((each) => each.type === type)
      .sort((one, other) => (one.day ?? '').localeCompare(other.day ?? ''));
  const interim = inOrder('ITBD');
  const closing = inOrder('CLBD').at(-1) ?? interim.at(-1);
  const opening =
    inOrder('OPBD')[0] ?? inOrder('PRCD')[0] ?? interim.find((each) => each !== closing);
  return { opening, closing };
}

interface Tally {
  readonly counts: readonly number[];
  readonly sums: readonly bigint[];
}

/** Some banks count what is booked, some everything that they list; both are taken. */
function tally(entries: readonly BankEntry[], isOf: (entry: BankEntry) => boolean): Tally {
  const listed = entries.filter(isOf);
  const booked = listed.filter((entry) => entry.status === 'booked');
  const sum = (of: readonly BankEntry[]): bigint =>
    of.reduce((so, entry) => so + entry.amountMinor, 0n);
  return { counts: [booked.length, listed.length], sums: [sum(booked), sum(listed)] };
}

export function summaryFaults(
  read: CamtElements,
  summary: XmlElement | undefined,
  path: string,
  entries: readonly BankEntry[],
): readonly BankFileFault[] {
  if (summary === undefined) return [];
  const faults: BankFileFault[] = [];
  const currencies = entrySums(entries).map(({ currency }) => currency);
  const [currency = 'TZS'] = currencies;
  const tell = (element: XmlElement, field: string, said: string, held: string): void => {
    const reason = `the bank says ${said}, the entries make ${held}`;
    faults.push({ line: element.line, field: `${path}/${field}`, reason });
  };
  const compare = (name: string, { counts, sums }: Tally): void => {
    const total = at(summary, name);
    const count = read.count(at(total, 'NbOfNtries'), `${path}/${name}/NbOfNtries`);
    const countElement = at(total, 'NbOfNtries');
    if (countElement !== undefined && count !== undefined && !counts.includes(count))
      tell(countElement, `${name}/NbOfNtries`, String(count), String(counts[0]));
    const element = at(total, 'Sum');
    if (element === undefined || currencies.length > 1) return;
    const said = readMinor(element.text, currency);
    if (said.kind === 'refused') read.fault(element, `${path}/${name}/Sum`, said.reason);
    else if (!sums.includes(said.minor))
      tell(element, `${name}/Sum`, element.text, formatMinor(sums[0] ?? 0n, currency));
  };
  const whole = tally(entries, () => true);
  const credits = tally(entries, (entry) => entry.direction === 'credit');
  const debits = tally(entries, (entry) => entry.direction === 'debit');
  const nets = credits.sums.map((sum, i) => sum - (debits.sums[i] ?? 0n));
  const magnitude = (minor: bigint): bigint => (minor < 0n ? -minor : minor);
  compare('TtlNtries', { counts: whole.counts, sums: [...whole.sums, ...nets.map(magnitude)] });
  compare('TtlCdtNtries', credits);
  compare('TtlDbtNtries', debits);
  const total = at(summary, 'TtlNtries');
  const net = at(total, 'TtlNetNtryAmt') ?? at(total, 'TtlNetNtry', 'Amt');
  if (net !== undefined && currencies.length < 2) {
    const said = readMinor(net.text.replace(/^-/, ''), currency);
    if (said.kind === 'refused') read.fault(net, `${path}/TtlNtries/TtlNetNtry`, said.reason);
    else if (!nets.map(magnitude).includes(said.minor))
      tell(net, 'TtlNtries/TtlNetNtry', net.text, formatMinor(nets[0] ?? 0n, currency));
  }
  if (all(summary, 'TtlNtries').length > 1)
    read.fault(summary, `${path}/TtlNtries`, 'stands there twice');
  return faults;
}
