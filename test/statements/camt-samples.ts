/** Small camt messages, written here: one story in every version, so that what differs between versions stands out. */

interface Entry {
  readonly minor: bigint;
  readonly direction: 'CRDT' | 'DBIT';
  readonly status?: string;
  readonly isReversal?: boolean;
  readonly inside?: string;
}

const amount = (minor: bigint): string =>
  `${String(minor / 100n)}.${String(minor % 100n).padStart(2, '0')}`;

/** As the version has it: later ones put the code inside of an element. */
const status = (version: number, code: string): string =>
  version >= 8 ? `<Sts><Cd>${code}</Cd></Sts>` : `<Sts>${code}</Sts>`;

const transaction = (version: number, minor: bigint, name: string, reference: string) => {
  const party = version >= 8 ? `<Pty><Nm>${name}</Nm></Pty>` : `<Nm>${name}</Nm>`;
  const plain = `<Amt Ccy="TZS">${amount(minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>`;
  const inDetails = `<AmtDtls><TxAmt><Amt Ccy="TZS">${amount(minor)}</Amt></TxAmt></AmtDtls>`;
  return `<TxDtls><Refs><EndToEndId>${reference}</EndToEndId></Refs>${version >= 3 ? plain : inDetails}
      <RltdPties><Dbtr>${party}</Dbtr><DbtrAcct><Id><Othr><Id>40${reference}</Id></Othr></Id></DbtrAcct></RltdPties>
      <RmtInf><Ustrd>Sweep ${reference}</Ustrd></RmtInf></TxDtls>`;
};

const entry = (
  version: number,
  { minor, direction, status: code = 'BOOK', isReversal, inside = '' }: Entry,
) =>
  `<Ntry><Amt Ccy="TZS">${amount(minor)}</Amt><CdtDbtInd>${direction}</CdtDbtInd>
    ${isReversal ? '<RvslInd>true</RvslInd>' : ''}${status(version, code)}
    <BookgDt><Dt>2026-11-24</Dt></BookgDt><ValDt><DtTm>2026-11-24T21:30:00+03:00</DtTm></ValDt>
    <AcctSvcrRef>BANK1</AcctSvcrRef>
    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>${inside}</Ntry>`;

const balance = (type: string, minor: bigint): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp><Amt Ccy="TZS">${amount(minor < 0n ? -minor : minor)}</Amt>
    <CdtDbtInd>${minor < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>`;

export function camt(
  message: '053' | '054',
  version: number,
  {
    opening = 100_000n,
    closing,
    openingType = 'OPBD',
    summary = '',
    entries,
  }: {
    readonly opening?: bigint;
    readonly closing?: bigint;
    readonly openingType?: string;
    readonly summary?: string;
    readonly entries: readonly Entry[];
  },
): string {
  const [root, part] =
    message === '053' ? ['BkToCstmrStmt', 'Stmt'] : ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'];
  const moved = entries.reduce((sum, { minor, direction, status: code = 'BOOK' }) => {
    if (code !== 'BOOK') return sum;
    return direction === 'CRDT' ? sum + minor : sum - minor;
  }, 0n);
  const balances =
    message === '053'
      ? balance(openingType, opening) + balance('CLBD', closing ?? opening + moved)
      : '';
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${message}.001.0${String(version)}">
<${root}><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-24T22:00:00+03:00</CreDtTm></GrpHdr>
<${part}><Id>S1</Id><ElctrncSeqNb>51</ElctrncSeqNb><CreDtTm>2026-11-24T22:00:00+03:00</CreDtTm>
<Acct><Id><Othr><Id>0150123456</Id></Othr></Id><Ccy>TZS</Ccy></Acct>
${balances}${summary}
${entries.map((each) => entry(version, each)).join('\n')}
</${part}></${root}></Document>
`;
}

/** A batch of two, a charge, a reversal, and money that is only announced. */
export const story = (version: number): readonly Entry[] => [
  {
    minor: 75_000n,
    direction: 'CRDT',
    inside: `<NtryDtls><Btch><NbOfTxs>2</NbOfTxs><TtlAmt Ccy="TZS">750.00</TtlAmt></Btch>
      ${transaction(version, 50_000n, 'Bank One', 'E1')}${transaction(version, 25_000n, 'Bank Two', 'E2')}</NtryDtls>`,
  },
  { minor: 1_500n, direction: 'DBIT' },
  { minor: 1_500n, direction: 'CRDT', isReversal: true },
  { minor: 999_900n, direction: 'CRDT', status: 'PDNG' },
];
