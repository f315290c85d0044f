/**
 * The last act: the hospital's bank sends its statement as camt.053, with one credit as expected, one that nothing
 * explains, and a charge. First a file whose balances do not add up, which is refused with its line. Both files stay in
 * the folder, for trying the same in the console. A second run on the same data continues from the balance of the first.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { table } from '../../src/cli/text-table';
import { formatAmount } from '../../src/kernel/money';
import { TrialBalance } from '../../src/ledger/trial-balance';
import { PreviewBankFile } from '../../src/reconciliation/preview-bank-file';
import { ImportBankFile } from '../../src/settlement/import-bank-file';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { count, DemoFault, money } from './screen';
import type { Stage } from './stage';

/** Of the hospital, in shillings (certs-sample/parties/SP70101.json). */
const account = '0170100000011';

interface Line {
  readonly amountMinor: bigint;
  readonly direction: 'CRDT' | 'DBIT';
  /** As ISO 20022 classes it: a credit transfer that was received, or a charge. */
  readonly code: 'PMNT/RCDT/ESCT' | 'ACMT/MDOP/CHRG';
  readonly text: string;
}

const amount = (minor: bigint): string => `<Amt Ccy="TZS">${formatAmount(minor)}</Amt>`;

function camt(
  { day, run }: Stage,
  openingMinor: bigint,
  closingMinor: bigint,
  lines: readonly Line[],
) {
  const balance = (type: string, minor: bigint): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${amount(minor)}<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;
  const entries = lines.map(({ amountMinor, direction, code, text }, i) => {
    const [domain = '', family = '', sub = ''] = code.split('/');
    return (
      `<Ntry>${amount(amountMinor)}<CdtDbtInd>${direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt>` +
      `<AcctSvcrRef>${run}-${String(i + 1)}</AcctSvcrRef><BkTxCd><Domn><Cd>${domain}</Cd><Fmly><Cd>${family}</Cd><SubFmlyCd>${sub}</SubFmlyCd></Fmly></Domn></BkTxCd>` +
      `<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>${amount(amountMinor)}<CdtDbtInd>${direction}</CdtDbtInd><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
    );
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>',
    `<GrpHdr><MsgId>${run}</MsgId><CreDtTm>${day}T22:00:00+03:00</CreDtTm></GrpHdr>`,
    `<Stmt><Id>${run}</Id><CreDtTm>${day}T22:00:00+03:00</CreDtTm><Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>TZS</Ccy></Acct>`,
    balance('OPBD', openingMinor),
    balance('CLBD', closingMinor),
    ...entries,
    '</Stmt></BkToCstmrStmt></Document>',
    '',
  ].join('\n');
}

async function bankBalance({ app, day }: Stage): Promise<bigint> {
  const { accounts } = await app.get(TrialBalance, { strict: false }).execute(day);
  const found = accounts.find(
    (each) => each.account === `collection:${account}` && each.currency === 'TZS',
  );
  return found === undefined ? 0n : found.debitMinor - found.creditMinor;
}

export async function settleAtBank(stage: Stage, folder: string): Promise<void> {
  const { app, day, run, screen } = stage;
  const settle = app.get(MatchSettlement, { strict: false });
  const review = app.get(ReviewSettlement, { strict: false });
  await settle.execute('demo');
  const expected = (await review.status(day)).find(
    (each) =>
      each.pspCode === 'PSP701' && each.collectionAccount === account && each.currency === 'TZS',
  );
  if (expected === undefined) throw new DemoFault('Nothing is expected of PSP701 at the bank.');
  const lines: readonly Line[] = [
    {
      amountMinor: expected.openMinor - expected.feeOpenMinor,
      direction: 'CRDT',
      code: 'PMNT/RCDT/ESCT',
      text: `PSP701/${day}`,
    },
    { amountMinor: 25_000_000n, direction: 'CRDT', code: 'PMNT/RCDT/ESCT', text: `${run} CASH` },
    { amountMinor: 500_000n, direction: 'DBIT', code: 'ACMT/MDOP/CHRG', text: 'LEDGER FEE' },
  ];
  const openingMinor = await bankBalance(stage);
  const moved = lines.reduce(
    (sum, each) => sum + (each.direction === 'CRDT' ? each.amountMinor : -each.amountMinor),
    0n,
  );
  const closingMinor = openingMinor + moved;

  const faulty = await take(stage, folder, 'faulty', [openingMinor, closingMinor + 100n, lines]);
  if (faulty.file !== undefined) throw new DemoFault('A statement that does not add up was taken.');
  const [fault] = faulty.preview.faults;
  screen.say(
    `A camt.053 whose balances differ by 1.00 was refused whole, naming line ${String(fault?.line)} and ${fault?.field ?? ''}.`,
  );

  const good = await take(stage, folder, 'good', [openingMinor, closingMinor, lines]);
  if (good.file === undefined) throw new DemoFault('The statement of the bank was refused.');
  await app.get(ImportBankFile, { strict: false }).execute({
    file: good.file,
    fileName: good.preview.fileName,
    digest: good.digest,
    account,
    importedBy: 'demo',
  });
  await settle.execute('demo');
  if ((await bankBalance(stage)) !== closingMinor)
    throw new DemoFault('The ledger does not hold what the bank does.');
  const statement = (await review.statements(day)).find((each) => each.bankId === run);
  const entries = statement === undefined ? [] : await review.entries(statement.id);
  screen.say(
    `The good one was imported, ${count(entries.length, 'line')}; the ledger holds its closing balance.`,
  );
  screen.blank();
  screen.show(
    table(
      ['line', 'amount', 'text', 'explained by'],
      entries.map((each) => [
        each.direction,
        money(each.amountMinor),
        each.remittance,
        each.matches.map((match) => match.rule).join(', ') || 'nothing: see the discrepancies',
      ]),
      [1],
    ),
  );
  if (entries.filter((each) => each.matches.length === 0).length !== 1)
    throw new DemoFault('One line of the bank is without explanation, and no other.');
  const { totals } = await review.transit();
  const inTransit = totals.find((each) => each.currency === 'TZS')?.amountMinor ?? 0n;
  screen.blank();
  screen.say(`Still in transit from the PSPs: TZS ${money(inTransit)}.`);
}

async function take(
  stage: Stage,
  folder: string,
  name: string,
  [openingMinor, closingMinor, lines]: readonly [bigint, bigint, readonly Line[]],
) {
  mkdirSync(folder, { recursive: true });
  const fileName = `${account}-${stage.run}-${name}.xml`;
  const bytes = Buffer.from(camt(stage, openingMinor, closingMinor, lines));
  writeFileSync(join(folder, fileName), bytes);
  const source = Readable.from([bytes]) as AsyncIterable<Buffer>;
  return new PreviewBankFile().execute({ fileName, account, source });
}
