/**
 * camt.053 and camt.054 in every version: the same story gives the same statement, a statement that contradicts itself
 * gives a report with its line, and whatever is cut off or garbled gives a report and never a fault of ours.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../../src/installation';
import {
  type BankFileReading,
  readBankFile,
} from '../../src/reconciliation/bank-files/read-bank-file';
import { entrySums } from '../../src/reconciliation/bank-statement.rules';
import { SchemaValidator } from '../support/schema-validator';
import { camt, story } from './camt-samples';
import { slices } from './slices';

const read = (text: string | Buffer): Promise<BankFileReading> =>
  readBankFile(slices(Buffer.from(text as string)));

async function faultsOf(text: string | Buffer): Promise<readonly string[]> {
  const reading = await read(text);
  if (reading.kind === 'read') return [];
  return reading.faults.map(({ line, field, reason }) => `${String(line)} ${field}: ${reason}`);
}

const versions = [2, 3, 4, 6, 8];
const messages = (['053', '054'] as const).flatMap((message) =>
  versions.map((version) => [message, version] as const),
);
/** The schemas of ISO 20022 lie beside the repository, where they are at hand at all. */
const schemas = join(projectRoot, '../shared/iso20022');
let validator: SchemaValidator;
beforeAll(() => {
  validator = new SchemaValidator(schemas);
});
afterAll(() => validator.stop());

describe.each(messages)('camt.%s.001.0%s', (message, version) => {
  const text = camt(message, version, { entries: story(version) });

  it('is read', async () => {
    const reading = await read(text);
    if (reading.kind === 'faulty') throw new Error(JSON.stringify(reading.faults));
    const [statement] = reading.file.statements;
    expect(reading.file.version).toBe(`camt.${message}.001.0${String(version)}`);
    expect(reading.file.notes).toEqual([]);
    expect(statement).toMatchObject({
      id: 'S1',
      sequence: '51',
      account: '0150123456',
      currency: 'TZS',
    });
    expect(statement?.opening?.signedMinor).toBe(message === '053' ? 100_000n : undefined);
    expect(entrySums(statement?.entries ?? [])).toEqual([
      {
        currency: 'TZS',
        creditCount: 2,
        creditMinor: 76_500n,
        debitCount: 1,
        debitMinor: 1_500n,
        otherCount: 1,
      },
    ]);
    const [batch, charge, reversal] = statement?.entries ?? [];
    expect(batch).toMatchObject({
      path: `${message === '053' ? 'Stmt' : 'Ntfctn'}[1]/Ntry[1]`,
      batchCount: 2,
      bookingDay: '2026-11-24',
      valueDay: '2026-11-24',
      transactionCode: 'PMNT/RCDT/ESCT',
      bankReference: 'BANK1',
      details: [
        {
          amountMinor: 50_000n,
          endToEndId: 'E1',
          counterparty: { name: 'Bank One', account: '40E1' },
        },
        { amountMinor: 25_000n, remittance: 'Sweep E2', counterparty: { name: 'Bank Two' } },
      ],
    });
    expect(charge).toMatchObject({ direction: 'debit', isReversal: false });
    expect(reversal).toMatchObject({ direction: 'credit', isReversal: true });
  });

  const schema = `camt.${message}.001.0${String(version)}.xsd`;
  (existsSync(join(schemas, schema)) ? it : it.skip)('is what ISO 20022 allows', async () => {
    expect(await validator.faults(schema, text)).toEqual([]);
  });
});

const plain = camt('053', 2, { entries: [{ minor: 50_000n, direction: 'CRDT' }] });

it.each<[string, string, readonly RegExp[]]>([
  [
    'a closing balance that does not follow',
    camt('053', 8, { closing: 1n, entries: story(8) }),
    [
      /^\d+ CLBD: the statement does not balance: .* make 1750\.00 TZS, the closing balance says 0\.01/,
    ],
  ],
  [
    'a batch whose transactions are another sum',
    camt('053', 4, { entries: story(4) }).replace('>250.00<', '>251.00<'),
    [/Ntry\[1\]\/NtryDtls: the transactions of the batch sum to 751\.00 TZS, the entry 750\.00/],
  ],
  [
    'a batch that says another sum',
    camt('053', 4, { entries: story(4) }).replace('<TtlAmt Ccy="TZS">750', '<TtlAmt Ccy="TZS">749'),
    [/the batches sum to 749\.00 TZS, the entry 750\.00/],
  ],
  [
    'a batch that says another count',
    camt('053', 4, { entries: story(4) }).replace('<NbOfTxs>2', '<NbOfTxs>3'),
    [/NbOfTxs: the batch says 3 transactions, 2 are here/],
  ],
  [
    'totals that differ from the entries',
    camt('053', 2, {
      entries: story(2),
      summary:
        '<TxsSummry><TtlNtries><NbOfNtries>7</NbOfNtries></TtlNtries><TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>766</Sum></TtlCdtNtries></TxsSummry>',
    }),
    [
      /TtlNtries\/NbOfNtries: the bank says 7, the entries make 3/,
      /TtlCdtNtries\/Sum: the bank says 766, the entries make 765\.00/,
    ],
  ],
  [
    'an amount that is no amount',
    plain.replace('>500.00<', '>5OO<'),
    [/^\d+ Stmt\[1\]\/Ntry\[1\]\/Amt: "5OO" is no amount/],
  ],
  [
    'an amount below the cent',
    plain.replace('>500.00<', '>500.001<'),
    [/cannot be kept exactly: TZS has 2 decimals/],
  ],
  ['an amount below zero', plain.replace('>500.00<', '>-500.00<'), [/"-500\.00" is no amount/]],
  [
    'no direction',
    plain.replace(/(<Ntry>.*?)<CdtDbtInd>\w+<\/CdtDbtInd>/s, '$1'),
    [/CdtDbtInd is missing/],
  ],
  [
    'a status that nobody knows',
    plain.replace('<Sts>BOOK', '<Sts>BOOKED'),
    [/Sts: "BOOKED", wanted BOOK/],
  ],
  [
    'a date that no calendar has',
    plain.replace('<BookgDt><Dt>2026-11-24', '<BookgDt><Dt>2026-11-31'),
    [/BookgDt: "2026-11-31" is no date/],
  ],
  ['no account', plain.replace(/<Acct>.*<\/Acct>/, ''), [/Acct is missing/]],
  [
    'another currency beside the balance',
    plain.replace('<Amt Ccy="TZS">500', '<Amt Ccy="USD">500'),
    [/an entry in USD in a statement whose balances are in TZS/],
  ],
  [
    'a DOCTYPE',
    plain.replace('<Document', '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><Document'),
    [/^2 .*DOCTYPE/],
  ],
  ['an entity', plain.replace('>S1<', '>&e;<'), [/^4 .*not well-formed XML: undefined entity/]],
  ['an end in the middle', plain.slice(0, 900), [/not well-formed XML: unclosed tag/]],
  [
    'another message',
    plain.replaceAll('camt.053.001.02', 'pain.001.001.03'),
    [/a pain\.001\.001\.03 message; wanted camt/],
  ],
  [
    'a report of the day',
    plain.replaceAll('camt.053.001.02', 'camt.052.001.02'),
    [/a camt\.052\.001\.02 message/],
  ],
  [
    'an older version',
    plain.replaceAll('camt.053.001.02', 'camt.053.001.01'),
    [/camt\.053\.001\.01 is not read/],
  ],
  ['other XML', '<a><b/></a>', [/^1 a: XML, but no camt/]],
  ['an unknown charset', plain.replace('UTF-8', 'KLINGON'), [/the charset "KLINGON" is not known/]],
])('refuses %s', async (_what, text, wanted) => {
  expect(await faultsOf(text)).toEqual(wanted.map((each) => expect.stringMatching(each) as string));
});

it.each<[string, Buffer | string, RegExp]>([
  ['nothing', '', /^0 : the file is empty/],
  ['a zip', Buffer.from('PK\x03\x04....'), /zip or xlsx/],
  ['a PDF', '%PDF-1.7 ...', /a PDF file/],
  ['a page', '<!DOCTYPE html><html></html>', /an HTML page/],
  ['JSON', '{"a":1}', /JSON; wanted/],
  [
    'Latin-1 that says UTF-8',
    Buffer.from(plain.replace('>M1<', '>J\u00fcrgen<'), 'latin1'),
    /^3 encoding: not utf-8 text/i,
  ],
])('refuses %s in one sentence', async (_what, bytes, wanted) => {
  expect(await faultsOf(bytes)).toEqual([expect.stringMatching(wanted)]);
});

it.each<[string, string | Buffer, readonly RegExp[]]>([
  [
    'a prefix of the namespace',
    plain.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1n:').replace('xmlns=', 'xmlns:n='),
    [],
  ],
  [
    'an envelope around the document',
    plain.replace('<Document', '<Envelope><Header/><Document').trim() + '</Envelope>',
    [],
  ],
  ['a byte order mark', `\ufeff${plain}`, []],
  [
    'Latin-1 that says so',
    Buffer.from(plain.replace('UTF-8', 'ISO-8859-1').replace('>M1<', '>J\u00fcrgen<'), 'latin1'),
    [],
  ],
  ['UTF-16', Buffer.from(`\ufeff${plain.replace('UTF-8', 'UTF-16')}`, 'utf16le'), []],
  ['PRCD in place of OPBD', plain.replace('OPBD', 'PRCD'), []],
  ['a page that ends in between', plain.replace('CLBD', 'ITBD'), []],
  [
    'no closing balance',
    plain.replace(/<Bal>(?=<Tp><CdOrPrtry><Cd>CLBD).*?<\/Bal>/s, ''),
    [/no closing balance/],
  ],
  ['no id', plain.replace('<Id>S1</Id>', ''), [/Id is missing/]],
  [
    'an entry of amount, direction and status alone',
    plain.replace(/<BookgDt>.*<\/BkTxCd>/s, ''),
    [],
  ],
  ['five decimals that are zeros', plain.replace('>500.00<', '>500.00000<'), []],
  ['no namespace', plain.replace(/ xmlns="[^"]*"/, ''), [/no namespace/]],
  ['all in one line', plain.replaceAll('\n', ''), []],
])('takes %s', async (_what, text, notes) => {
  const reading = await read(text);
  if (reading.kind === 'faulty') throw new Error(JSON.stringify(reading.faults));
  expect(reading.file.statements[0]?.entries).toMatchObject([{ amountMinor: 50_000n }]);
  expect(reading.file.notes.map(({ reason }) => reason)).toEqual(
    notes.map((each) => expect.stringMatching(each) as string),
  );
});

it('takes charges as the difference of a batch, and amounts of another currency beside the entry', async () => {
  const charged = camt('053', 2, {
    entries: [
      {
        minor: 49_800n,
        direction: 'CRDT',
        inside: `<Chrgs><Amt Ccy="TZS">2.00</Amt></Chrgs><NtryDtls><TxDtls><AmtDtls>
          <InstdAmt><Amt Ccy="JPY">21000</Amt></InstdAmt><TxAmt><Amt Ccy="TZS">500.00</Amt></TxAmt></AmtDtls>
          </TxDtls></NtryDtls>`,
      },
    ],
  });
  const reading = await read(charged);
  expect(reading).toMatchObject({
    kind: 'read',
    file: {
      statements: [
        {
          entries: [
            {
              charges: [{ currency: 'TZS', amountMinor: 200n }],
              details: [
                { amountMinor: 49_800n, instructed: { currency: 'JPY', amountMinor: 21_000n } },
              ],
            },
          ],
        },
      ],
    },
  });
});

it('reads what is generated with equal sums, in every version', async () => {
  const entry = fc.record({
    minor: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    direction: fc.constantFrom('CRDT' as const, 'DBIT' as const),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...versions),
      fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
      fc.array(entry, { maxLength: 8 }),
      async (version, opening, entries) => {
        const reading = await read(camt('053', version, { opening, entries }));
        if (reading.kind === 'faulty') throw new Error(JSON.stringify(reading.faults));
        const [sum] = entrySums(reading.file.statements[0]?.entries ?? []);
        const total = (direction: string): bigint =>
          entries.reduce((so, each) => (each.direction === direction ? so + each.minor : so), 0n);
        expect(sum?.creditMinor ?? 0n).toBe(total('CRDT'));
        expect(sum?.debitMinor ?? 0n).toBe(total('DBIT'));
      },
    ),
    { numRuns: 60 },
  );
});

it('reports whatever is cut off or garbled, and never throws', async () => {
  const bytes = Buffer.from(camt('053', 8, { entries: story(8) }));
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: bytes.length - 2 }),
      fc.option(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }))),
      async (end, garbled) => {
        const cut = Buffer.from(bytes.subarray(0, end));
        if (garbled !== null && garbled[0] < cut.length) cut[garbled[0]] = garbled[1];
        const reading = await readBankFile(slices(cut, 300));
        if (garbled === null) expect(reading.kind).toBe('faulty');
      },
    ),
    { numRuns: 150 },
  );
});
