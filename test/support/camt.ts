/** A camt.053 as a bank sends it, for flows that import bytes. Amounts are minor units of TZS. */
import { PreviewBankFile } from '../../src/reconciliation/preview-bank-file';
import { ImportBankFile } from '../../src/settlement/import-bank-file';
import type { TestGateway } from './gateway';

export interface CamtEntry {
  /** Above zero a credit, below zero a debit. */
  readonly signedMinor: bigint;
  /** Each with the id of the instruction and its sum; several are a batch. */
  readonly transfers: readonly { readonly endToEndId: string; readonly minor: bigint }[];
  readonly returned?: string;
  readonly isReversal?: boolean;
}

function amount(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
  return `<Amt Ccy="TZS">${digits.slice(0, -2)}.${digits.slice(-2)}</Amt>`;
}

const direction = (minor: bigint) => `<CdtDbtInd>${minor < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;

function balance(type: string, day: string, minor: bigint): string {
  return `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${amount(minor)}${direction(minor)}<Dt><Dt>${day}</Dt></Dt></Bal>`;
}

function entry(day: string, place: number, each: CamtEntry): string {
  const why =
    each.returned === undefined ? '' : `<RtrInf><Rsn><Cd>${each.returned}</Cd></Rsn></RtrInf>`;
  const transfers = each.transfers.map(
    ({ endToEndId, minor }) =>
      `<TxDtls><Refs><EndToEndId>${endToEndId}</EndToEndId></Refs>${amount(minor)}${direction(each.signedMinor)}${why}</TxDtls>`,
  );
  return (
    `<Ntry>${amount(each.signedMinor)}${direction(each.signedMinor)}` +
    `${each.isReversal === true ? '<RvslInd>true</RvslInd>' : ''}<Sts><Cd>BOOK</Cd></Sts>` +
    `<BookgDt><Dt>${day}</Dt></BookgDt><AcctSvcrRef>${day}-${String(place)}</AcctSvcrRef>` +
    `<BkTxCd><Prtry><Cd>TRF</Cd></Prtry></BkTxCd><NtryDtls>${transfers.join('')}</NtryDtls></Ntry>`
  );
}

/** One statement of a day, read, checked and imported as an officer's upload is. */
export async function importCamt(
  gateway: TestGateway,
  account: string,
  day: string,
  openingMinor: bigint,
  entries: readonly CamtEntry[],
): Promise<void> {
  const closing = entries.reduce((sum, each) => sum + each.signedMinor, openingMinor);
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M-${day}</MsgId><CreDtTm>${day}T22:00:00+03:00</CreDtTm></GrpHdr>
<Stmt><Id>S-${day}</Id><CreDtTm>${day}T22:00:00+03:00</CreDtTm>
<Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>TZS</Ccy></Acct>
${balance('OPBD', day, openingMinor)}${balance('CLBD', day, closing)}
${entries.map((each, i) => entry(day, i, each)).join('\n')}
</Stmt></BkToCstmrStmt></Document>`;
  const fileName = `${day}.xml`;
  async function* bytes(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from(xml));
  }
  const read = await gateway.app
    .get(PreviewBankFile, { strict: false })
    .execute({ fileName, account, source: bytes() });
  expect(read.preview.faults).toEqual([]);
  if (read.file === undefined) return;
  await gateway.app.get(ImportBankFile, { strict: false }).execute({
    file: read.file,
    fileName,
    digest: read.digest,
    account,
    importedBy: 'test',
  });
}
