/** One `Ntry` of a camt message: what was booked, the transactions batched in it, and whether they agree with each other. */
import type {
  BankAmount,
  BankEntry,
  Counterparty,
  Direction,
  EntryDetail,
} from '../bank-statement.rules';
import { formatMinor } from '../iso-currency.rules';
import { all, at, type CamtElements, firstText, textAt } from './camt-elements';
import type { XmlElement } from './xml-elements';

/** Undefined where something is wrong, which is in the fault log by then. */
export function readEntry(
  read: CamtElements,
  element: XmlElement,
  path: string,
): { readonly entry: BankEntry; readonly hasStatus: boolean } | undefined {
  const amount = read.amount(read.one(element, path, 'Amt'), `${path}/Amt`);
  const direction = read.direction(element, path);
  const status = read.status(element, path);
  if (amount === undefined || direction === undefined) return undefined;
  const isReversal = read.flag(read.atMostOne(element, path, 'RvslInd'), `${path}/RvslInd`);
  const own = { ...amount, direction, isReversal };
  const details = readDetails(read, element, path, own);
  const [only] = details.length === 1 ? details : [];
  const remittance = only?.remittance ?? '';
  return {
    hasStatus: status !== undefined,
    entry: {
      line: element.line,
      path,
      status: status ?? 'booked',
      ...own,
      bookingDay: read.day(at(element, 'BookgDt'), `${path}/BookgDt`),
      valueDay: read.day(at(element, 'ValDt'), `${path}/ValDt`),
      bankReference: textAt(element, 'AcctSvcrRef') || (only?.bankReference ?? ''),
      entryReference: textAt(element, 'NtryRef'),
      transactionCode: codeOf(at(element, 'BkTxCd')),
      endToEndId: only?.endToEndId ?? '',
      remittance: remittance === '' ? textAt(element, 'AddtlNtryInf') : remittance,
      counterparty: only?.counterparty ?? { name: '', account: '' },
      returnReason: only?.returnReason ?? '',
      charges: chargesOf(read, element, path),
      batchCount: batchCountOf(read, element, path),
      details,
    },
  };
}

interface Booked extends BankAmount {
  readonly direction: Direction;
  readonly isReversal: boolean;
}

function readDetails(
  read: CamtElements,
  element: XmlElement,
  path: string,
  booked: Booked,
): readonly EntryDetail[] {
  const details: EntryDetail[] = [];
  const groups = all(element, 'NtryDtls');
  let stated = 0n;
  let isStated = groups.length > 0;
  let chargesMinor = chargesIn(read, element, path, booked.currency);
  groups.forEach((group, i) => {
    const where = `${path}/NtryDtls[${String(i + 1)}]`;
    const own = all(group, 'TxDtls').map((each, place) => {
      const place1 = `${where}/TxDtls[${String(place + 1)}]`;
      chargesMinor += chargesIn(read, each, place1, booked.currency);
      return readDetail(read, each, place1, booked);
    });
    const batch = at(group, 'Btch');
    const total = read.amount(at(batch, 'TtlAmt'), `${where}/Btch/TtlAmt`);
    const direction = read.optionalDirection(batch, `${where}/Btch`) ?? booked.direction;
    const count = read.count(at(batch, 'NbOfTxs'), `${where}/Btch/NbOfTxs`);
    if (batch !== undefined && count !== undefined && own.length > 1 && own.length !== count) {
      const reason = `the batch says ${String(count)} transactions, ${String(own.length)} are here`;
      read.fault(batch, `${where}/Btch/NbOfTxs`, reason);
    }
    if (total?.currency === booked.currency)
      stated += direction === booked.direction ? total.amountMinor : -total.amountMinor;
    else isStated = false;
    details.push(...own);
  });
  const agree = (sum: bigint, what: string): void => {
    const difference = sum - booked.amountMinor;
    if (difference === 0n || (difference < 0n ? -difference : difference) === chargesMinor) return;
    const [found, wanted] = [sum, booked.amountMinor].map((minor) =>
      formatMinor(minor, booked.currency),
    );
    const reason = `${what} ${found ?? ''} ${booked.currency}, the entry ${wanted ?? ''}`;
    read.fault(element, `${path}/NtryDtls`, reason);
  };
  if (isStated) agree(stated, 'the batches sum to');
  if (details.length === 1 && !groups.some((group) => at(group, 'Btch') !== undefined))
    return details.map((only) => ({ ...only, amountMinor: booked.amountMinor }));
  if (details.length > 0 && details.every((each) => each.amountMinor !== undefined)) {
    const sum = details.reduce(
      (so, { amountMinor = 0n, direction }) =>
        so + (direction === booked.direction ? amountMinor : -amountMinor),
      0n,
    );
    agree(sum, 'the transactions of the batch sum to');
  }
  return details;
}

/** Where the amount may stand: later versions say it plainly, .001.02 among the details of amounts. */
const amountPlaces = ['Amt', 'AmtDtls/TxAmt/Amt', 'AmtDtls/CntrValAmt/Amt', 'AmtDtls/InstdAmt/Amt'];

function readDetail(
  read: CamtElements,
  element: XmlElement,
  path: string,
  booked: Booked,
): EntryDetail {
  const amounts = amountPlaces.flatMap((place) => {
    const amount = read.amount(at(element, ...place.split('/')), `${path}/${place}`);
    return amount === undefined ? [] : [amount];
  });
  const direction = read.optionalDirection(element, path) ?? booked.direction;
  const instructed =
    read.amount(at(element, 'AmtDtls', 'InstdAmt', 'Amt'), `${path}/AmtDtls/InstdAmt/Amt`) ??
    amounts.find((amount) => amount.currency !== booked.currency);
  const given = firstText(element, 'Refs/EndToEndId');
  return {
    line: element.line,
    amountMinor: amounts.find((amount) => amount.currency === booked.currency)?.amountMinor,
    direction,
    instructed,
    endToEndId: given === 'NOTPROVIDED' ? '' : given,
    transactionId: firstText(element, 'Refs/TxId', 'Refs/UETR', 'Refs/InstrId'),
    bankReference: firstText(element, 'Refs/AcctSvcrRef', 'Refs/AcctSvcrTxId'),
    remittance: remittanceOf(element),
    counterparty: counterpartyOf(element, direction, booked.isReversal),
    returnReason: returnReasonOf(at(element, 'RtrInf')),
  };
}

function remittanceOf(element: XmlElement): string {
  const information = at(element, 'RmtInf');
  const parts = [
    ...all(information, 'Ustrd').map(({ text }) => text),
    ...all(information, 'Strd').flatMap((each) => [
      firstText(each, 'CdtrRefInf/Ref', 'CdtrRefInf/CdtrRef'),
      ...all(each, 'RfrdDocInf').map((document) => firstText(document, 'Nb', 'RfrdDocNb')),
      ...all(each, 'AddtlRmtInf').map(({ text }) => text),
    ]),
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(' ') : textAt(element, 'AddtlTxInf');
}

/** Who is on the other side: a reversal keeps the roles of what it takes back. */
function counterpartyOf(
  element: XmlElement,
  direction: Direction,
  isReversal: boolean,
): Counterparty {
  const isDebtor = (direction === 'credit') !== isReversal;
  const role = isDebtor ? 'Dbtr' : 'Cdtr';
  const parties = at(element, 'RltdPties');
  return {
    name: firstText(
      parties,
      `${role}/Nm`,
      `${role}/Pty/Nm`,
      `${role}/Agt/FinInstnId/Nm`,
      `Ultmt${role}/Nm`,
      `Ultmt${role}/Pty/Nm`,
    ),
    account: firstText(parties, `${role}Acct/Id/IBAN`, `${role}Acct/Id/Othr/Id`),
  };
}

function returnReasonOf(information: XmlElement | undefined): string {
  if (information === undefined) return '';
  const words = all(information, 'AddtlInf').map(({ text }) => text);
  const code = firstText(information, 'Rsn/Cd', 'Rsn/Prtry');
  return [code, ...words].filter((part) => part !== '').join(' ') || 'returned';
}

function codeOf(code: XmlElement | undefined): string {
  const domain = firstText(code, 'Domn/Cd');
  if (domain === '') return firstText(code, 'Prtry/Cd');
  return [domain, firstText(code, 'Domn/Fmly/Cd'), firstText(code, 'Domn/Fmly/SubFmlyCd')].join(
    '/',
  );
}

/** In .001.02 each `Chrgs` is one; later they are its records. */
function chargesOf(read: CamtElements, element: XmlElement, path: string): readonly BankAmount[] {
  return all(element, 'Chrgs').flatMap((charges) => {
    const records = all(charges, 'Rcrd');
    const amounts =
      records.length > 0
        ? records.map((record) => at(record, 'Amt'))
        : [at(charges, 'Amt') ?? at(charges, 'TtlChrgsAndTaxAmt')];
    return amounts.flatMap((amount) => {
      const charge = read.amount(amount, `${path}/Chrgs`);
      return charge === undefined ? [] : [charge];
    });
  });
}

function chargesIn(
  read: CamtElements,
  element: XmlElement,
  path: string,
  currency: string,
): bigint {
  return chargesOf(read, element, path).reduce(
    (sum, charge) => (charge.currency === currency ? sum + charge.amountMinor : sum),
    0n,
  );
}

function batchCountOf(read: CamtElements, element: XmlElement, path: string): number | undefined {
  const counts = all(element, 'NtryDtls').flatMap((group) => {
    const count = read.count(at(group, 'Btch', 'NbOfTxs'), `${path}/NtryDtls/Btch/NbOfTxs`);
    return count === undefined ? [] : [count];
  });
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
