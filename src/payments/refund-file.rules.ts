/**
 * A batch of refunds as an instruction to the bank: ISO 20022 pain.001.001.03, the version that banks' channels take
 * everywhere. One debit account and currency a file; the end-to-end id of each refund comes back in the bank statement,
 * where it tells whose the debit is. Pure; amounts are minor units. Text is cut to what the format holds.
 */
import { formatAmount, sumMinor } from '../kernel/money';

export interface RefundBatchFile {
  readonly messageId: string;
  readonly madeAt: Date;
  readonly executionDay: string;
  readonly account: string;
  readonly bank: string;
  readonly currency: string;
  readonly debtorName: string;
  readonly refunds: readonly {
    readonly endToEndId: string;
    readonly amountMinor: bigint;
    readonly creditorName: string;
    readonly creditorAccount: string;
    readonly creditorBank: string;
    readonly remittance: string;
  }[];
}

/** Ids of the format have at most 35 characters: `MLP`, and the 32 digits of a UUID. */
export function referenceOf(id: string): string {
  return `MLP${id.replaceAll('-', '').toUpperCase()}`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Escaped, without control characters, which XML 1.0 has no form for. */
function text(value: string, longest: number): string {
  const plain = value.replace(/\p{Cc}/gu, ' ').trim();
  return Array.from(plain)
    .slice(0, longest)
    .join('')
    .replace(/[&<>"]/g, (character) => escapes[character] ?? '');
}

function agent(role: 'DbtrAgt' | 'CdtrAgt', bank: string): string {
  const id = /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bank)
    ? `<BIC>${bank}</BIC>`
    : `<Othr><Id>${text(bank === '' ? 'NOTPROVIDED' : bank, 35)}</Id></Othr>`;
  return `<${role}><FinInstnId>${id}</FinInstnId></${role}>`;
}

function account(role: 'DbtrAcct' | 'CdtrAcct', id: string): string {
  return `<${role}><Id><Othr><Id>${text(id, 34)}</Id></Othr></Id></${role}>`;
}

export function refundFile(batch: RefundBatchFile): string {
  const { refunds } = batch;
  const totals =
    `<NbOfTxs>${String(refunds.length)}</NbOfTxs>` +
    `<CtrlSum>${formatAmount(sumMinor(refunds.map((each) => each.amountMinor)))}</CtrlSum>`;
  const transfers = refunds.map(
    (each) =>
      `      <CdtTrfTxInf><PmtId><EndToEndId>${text(each.endToEndId, 35)}</EndToEndId></PmtId>` +
      `<Amt><InstdAmt Ccy="${batch.currency}">${formatAmount(each.amountMinor)}</InstdAmt></Amt>` +
      agent('CdtrAgt', each.creditorBank) +
      `<Cdtr><Nm>${text(each.creditorName, 70)}</Nm></Cdtr>` +
      account('CdtrAcct', each.creditorAccount) +
      `<RmtInf><Ustrd>${text(each.remittance, 140)}</Ustrd></RmtInf></CdtTrfTxInf>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03">',
    '  <CstmrCdtTrfInitn>',
    `    <GrpHdr><MsgId>${text(batch.messageId, 35)}</MsgId>` +
      `<CreDtTm>${batch.madeAt.toISOString().slice(0, 19)}Z</CreDtTm>${totals}` +
      `<InitgPty><Nm>${text(batch.debtorName, 70)}</Nm></InitgPty></GrpHdr>`,
    `    <PmtInf><PmtInfId>${text(batch.messageId, 35)}</PmtInfId><PmtMtd>TRF</PmtMtd>` +
      `<BtchBookg>false</BtchBookg>${totals}<ReqdExctnDt>${batch.executionDay}</ReqdExctnDt>` +
      `<Dbtr><Nm>${text(batch.debtorName, 70)}</Nm></Dbtr>${account('DbtrAcct', batch.account)}` +
      agent('DbtrAgt', batch.bank),
    ...transfers,
    '    </PmtInf>',
    '  </CstmrCdtTrfInitn>',
    '</Document>',
    '',
  ].join('\n');
}
