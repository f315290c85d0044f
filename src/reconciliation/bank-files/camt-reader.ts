/**
 * camt.053 (statements) and camt.054 (notifications) of ISO 20022: one reader for the versions .001.02 to .001.13, which
 * say the same in a different order. Entries are read one at a time as the stream brings them.
 */
import type {
  BankBalance,
  BankEntry,
  BankFile,
  BankFileFault,
  BankStatement,
} from '../bank-statement.rules';
import { all, at, CamtElements, firstText, short, textAt } from './camt-elements';
import { readEntry } from './camt-entry';
import { chooseBalances, readBalance, summaryFaults } from './camt-totals';
import { type FaultLog, UnreadableFile } from './fault-log';
import { type OpenElement, visitXml, type XmlElement, type XmlVisitor } from './xml-elements';

const messages: Readonly<Record<string, { format: 'camt.053' | 'camt.054'; part: string }>> = {
  BkToCstmrStmt: { format: 'camt.053', part: 'Stmt' },
  BkToCstmrDbtCdtNtfctn: { format: 'camt.054', part: 'Ntfctn' },
};

export async function readCamt(texts: AsyncIterable<string>, log: FaultLog): Promise<BankFile> {
  const reader = new CamtReader(log);
  await visitXml(texts, reader);
  return reader.file();
}

class CamtReader implements XmlVisitor {
  private readonly read: CamtElements;
  private readonly statements: BankStatement[] = [];
  private readonly notes: BankFileFault[] = [];
  private message: { format: 'camt.053' | 'camt.054'; part: string; version: string } | undefined;
  private root: OpenElement | undefined;
  private parts: XmlElement[] = [];
  private entries: BankEntry[] = [];
  private entryCount = 0;

  constructor(private readonly log: FaultLog) {
    this.read = new CamtElements(log);
  }

  wants(element: OpenElement, above: readonly OpenElement[]): boolean {
    this.root ??= element;
    const known = messages[element.name];
    if (known !== undefined) this.openMessage(element, known);
    else if (element.name === 'Document') refuseOtherMessage(element);
    const holder = above.at(-1);
    if (this.message === undefined || holder === undefined) return false;
    if (holder.name === this.message.part) return true;
    return messages[holder.name] !== undefined && element.name !== this.message.part;
  }

  found(element: XmlElement, above: readonly OpenElement[]): void {
    if (above.at(-1)?.name !== this.message?.part) return;
    if (element.name !== 'Ntry') {
      this.parts.push(element);
      return;
    }
    this.entryCount += 1;
    const path = `${this.path()}/Ntry[${String(this.entryCount)}]`;
    const read = readEntry(this.read, element, path);
    if (read === undefined) return;
    if (!read.hasStatus && at(element, 'Sts') === undefined) {
      if (this.message?.format === 'camt.054')
        this.log.add(
          element.line,
          `${path}/Sts`,
          'Sts is missing: whether this is booked is not said',
        );
      else this.note(element.line, `${path}/Sts`, 'Sts is missing: taken as booked');
    }
    this.entries.push(read.entry);
  }

  closed(element: OpenElement): void {
    if (element.name !== this.message?.part) return;
    this.closeStatement(element, this.message.format);
    this.parts = [];
    this.entries = [];
    this.entryCount = 0;
  }

  file(): BankFile {
    if (this.message === undefined) {
      const name = this.root?.name ?? '';
      throw new UnreadableFile(
        this.root?.line ?? 1,
        name,
        `XML, but no camt.053 or camt.054: there is neither BkToCstmrStmt nor BkToCstmrDbtCdtNtfctn below ${name}`,
      );
    }
    const { format, part, version } = this.message;
    if (this.statements.length === 0 && this.log.count === 0)
      this.log.add(
        this.root?.line ?? 1,
        part,
        `${part} is missing: the message holds no statement`,
      );
    return { format, version, statements: this.statements, notes: this.notes };
  }

  private openMessage(
    element: OpenElement,
    known: { format: 'camt.053' | 'camt.054'; part: string },
  ): void {
    if (this.message !== undefined)
      throw new UnreadableFile(element.line, element.name, 'a second message in one file');
    const [, version = ''] = /(camt\.\d{3}\.\d{3}\.\d{2})$/.exec(element.namespace) ?? [];
    if (version === '') {
      this.note(element.line, element.name, 'no namespace that names a version of ISO 20022');
    } else if (!version.startsWith(known.format)) {
      const reason = `${element.name} in the namespace of ${version}`;
      throw new UnreadableFile(element.line, element.name, reason);
    } else if (!/\.001\.(0[2-9]|1[0-3])$/.test(version)) {
      const reason = `${version} is not read; wanted ${known.format}.001.02 or later`;
      throw new UnreadableFile(element.line, element.name, reason);
    }
    this.message = { ...known, version: version === '' ? known.format : version };
  }

  private path(): string {
    return `${this.message?.part ?? ''}[${String(this.statements.length + 1)}]`;
  }

  private note(line: number, field: string, reason: string): void {
    if (this.notes.length < 100) this.notes.push({ line, field, reason });
  }

  private closeStatement({ name, line }: OpenElement, format: 'camt.053' | 'camt.054'): void {
    const { read, entries } = this;
    const path = this.path();
    const whole: XmlElement = { name, line, attributes: new Map(), text: '', children: this.parts };
    const account = read.one(whole, path, 'Acct');
    const identification = account && read.one(account, `${path}/Acct`, 'Id');
    const number = firstText(identification, 'IBAN', 'Othr/Id');
    if (identification !== undefined && number === '')
      read.fault(identification, `${path}/Acct/Id`, 'neither IBAN nor Othr/Id says the account');
    const id = textAt(whole, 'Id');
    if (id === '') this.note(line, `${path}/Id`, 'Id is missing');
    const balances = all(whole, 'Bal').flatMap((each, i) => {
      const balance = readBalance(read, each, `${path}/Bal[${String(i + 1)}]`);
      return balance === undefined ? [] : [balance];
    });
    const stated = textAt(account, 'Ccy');
    const { opening, closing } = this.balancesOf(balances, stated, format, { line, path });
    const implied = opening?.currency ?? closing?.currency ?? entries[0]?.currency ?? '';
    const currency = stated === '' ? implied : stated;
    for (const entry of entries) {
      if (entry.currency !== currency && format === 'camt.054')
        this.note(entry.line, entry.path, `in ${entry.currency}, the account is in ${currency}`);
    }
    this.log.addAll(summaryFaults(read, at(whole, 'TxsSummry'), `${path}/TxsSummry`, entries));
    const page = firstText(whole, 'StmtPgntn/PgNb', 'NtfctnPgntn/PgNb');
    const sequence = firstText(whole, 'ElctrncSeqNb', 'LglSeqNb');
    const period = at(whole, 'FrToDt');
    this.statements.push({
      line,
      id,
      sequence: page === '' ? sequence : `${sequence}/${page}`,
      account: number,
      currency,
      firstDay: read.day(at(period, 'FrDtTm') ?? at(period, 'FrDt'), `${path}/FrToDt`),
      lastDay: read.day(at(period, 'ToDtTm') ?? at(period, 'ToDt'), `${path}/FrToDt`),
      opening,
      closing,
      balances,
      entries,
    });
  }

  private balancesOf(
    balances: readonly BankBalance[],
    stated: string,
    format: 'camt.053' | 'camt.054',
    { line, path }: { readonly line: number; readonly path: string },
  ): { opening: BankBalance | undefined; closing: BankBalance | undefined } {
    const chosen = chooseBalances(balances, stated);
    if (format === 'camt.053') {
      for (const name of ['opening', 'closing'] as const) {
        if (chosen[name] === undefined)
          this.note(
            line,
            `${path}/Bal`,
            `no ${name} balance, so the entries are checked by no balance`,
          );
      }
    }
    return chosen;
  }
}

/** `pain.001.001.03` and the like say what they are; so does the report in the course of a day. */
function refuseOtherMessage({ namespace, name, line }: OpenElement): void {
  const [, message = ''] = /([a-z]{4}\.\d{3}\.\d{3}\.\d{2})$/.exec(namespace) ?? [];
  if (message === '' || /^camt\.05[34]/.test(message)) return;
  const reason = `a ${short(message)} message; wanted camt.053 or camt.054`;
  throw new UnreadableFile(line, name, reason);
}
