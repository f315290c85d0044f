/** MT940 as banks write it: plain, in the blocks of the network, in Latin-1; and what contradicts itself is reported. */
import fc from 'fast-check';
import {
  type BankFileReading,
  readBankFile,
} from '../../src/reconciliation/bank-files/read-bank-file';
import { slices } from './slices';

const read = (text: string, charset: BufferEncoding = 'utf8'): Promise<BankFileReading> =>
  readBankFile(slices(Buffer.from(text, charset), 50));

async function statementsOf(text: string, charset?: BufferEncoding) {
  const reading = await read(text, charset);
  if (reading.kind === 'faulty') throw new Error(JSON.stringify(reading.faults));
  return reading.file.statements;
}

async function faultsOf(text: string): Promise<readonly string[]> {
  const reading = await read(text);
  if (reading.kind === 'read') return [];
  return reading.faults.map(({ line, field, reason }) => `${String(line)} ${field}: ${reason}`);
}

const plain = `:20:STMT51
:25:NMIBTZTZ/0150123456
:28C:51/1
:60F:C261123TZS1000,00
:61:2611241124C750,50NTRFE1//BANK1
supplement
:86:Sweep E1
of the day
:61:261124D15,NCHGNONREF
:61:2611241124RC50,00NTRFE2
:61:2611241124RD15,00NCHGNONREF
:62F:C261124TZS1700,50
:64:C261124TZS1700,50
:86:of the statement
`;

it('reads entries, reversals and what is told of them', async () => {
  const [statement, second] = await statementsOf(plain);
  expect(second).toBeUndefined();
  expect(statement).toMatchObject({
    id: 'STMT51',
    account: 'NMIBTZTZ/0150123456',
    sequence: '51/1',
    currency: 'TZS',
    opening: { signedMinor: 100_000n, day: '2026-11-23', line: 4 },
    closing: { signedMinor: 170_050n, day: '2026-11-24' },
    entries: [
      {
        line: 5,
        direction: 'credit',
        amountMinor: 75_050n,
        valueDay: '2026-11-24',
        bookingDay: '2026-11-24',
        entryReference: 'E1',
        bankReference: 'BANK1',
        transactionCode: 'NTRF',
        remittance: 'Sweep E1 of the day supplement',
      },
      { direction: 'debit', amountMinor: 1_500n, entryReference: '', bookingDay: undefined },
      { direction: 'debit', amountMinor: 5_000n, isReversal: true },
      { direction: 'credit', amountMinor: 1_500n, isReversal: true },
    ],
  });
  expect(statement?.balances.map(({ type }) => type)).toEqual(['60F', '62F', '64']);
});

it.each<[string, string, BufferEncoding]>([
  [
    'the blocks of the network',
    `{1:F01NMIBTZTZXXXX0000000000}{2:O9400000}{4:\n${plain}-}{5:}\n`,
    'utf8',
  ],
  ['CRLF and a dash at the end', `${plain.replaceAll('\n', '\r\n')}-\r\n`, 'utf8'],
  ['lines of its bank before', `NMIBTZTZ\n940\nNMIBTZTZ\n${plain}`, 'utf8'],
  ['pages', plain.replace('60F', '60M').replace('62F', '62M'), 'utf8'],
  ['no page', plain.replace(':28C:51/1', ':28:51'), 'utf8'],
  ['Latin-1', plain.replace('of the day', 'J\u00fcrgen'), 'latin1'],
])('takes %s', async (_what, text, charset) => {
  const [statement] = await statementsOf(text, charset);
  expect(statement?.entries).toHaveLength(4);
  if (charset === 'latin1') expect(statement?.entries[0]?.remittance).toContain('J\u00fcrgen');
});

it('reads several statements, subfields and words of field 86, and days around New Year', async () => {
  const text = `${plain}:20:B
:25:1
:28C:1
:60F:D270101KWD0,500
:61:2701021231D1,250NTRFA
:86:166?00CREDIT?20EREF+E77?21 Fees?32Bank?33 One?31TZ99
:61:270102C1,NTRFA
:86:/EREF/E78//NAME/Bank Two/REMI/Sweep of the day
:62F:D270102KWD0,750
`;
  const [, second] = await statementsOf(text);
  expect(second?.entries).toMatchObject([
    {
      amountMinor: 1_250n,
      valueDay: '2027-01-02',
      bookingDay: '2026-12-31',
      endToEndId: 'E77',
      counterparty: { name: 'Bank One', account: 'TZ99' },
    },
    {
      amountMinor: 1_000n,
      endToEndId: 'E78',
      remittance: 'Sweep of the day',
      counterparty: { name: 'Bank Two' },
    },
  ]);
});

it.each<[string, string, RegExp]>([
  [
    'a balance that does not follow',
    plain.replace('TZS1700,50\n:64', 'TZS1700,51\n:64'),
    /^12 62F: the statement does not balance/,
  ],
  ['no closing balance', plain.replace(/:62F.*\n/, ''), /^1 :62F:: the closing balance is missing/],
  ['no opening balance', plain.replace(/:60F.*\n/, ''), /:60F:: the opening balance is missing/],
  ['no account', plain.replace(/:25.*\n/, ''), /:25:: the account is missing/],
  [
    'an entry that is none',
    plain.replace(':61:261124D15,', ':61:today D15,'),
    /^9 :61:: "today D15,NCHGNONREF" is no entry/,
  ],
  [
    'an amount below the cent',
    plain.replace('D15,', 'D15,005'),
    /^9 :61:: 15\.005 TZS cannot be kept exactly/,
  ],
  [
    'a day that no calendar has',
    plain.replace(':61:261124D', ':61:261131D'),
    /^9 :61:: "261131" is no date/,
  ],
  ['a currency that is none', plain.replaceAll('TZS', 'XYZ'), /"XYZ" is no currency/],
  ['a report of the day', `:20:A\n:25:1\n:28C:1\n:34F:TZS0,\n`, /MT942/],
  ['a line without an end', `:20:A\n:25:${'1'.repeat(70_000)}`, /^2 : longer than 65536 bytes/],
])('refuses %s', async (_what, text, wanted) => {
  expect((await faultsOf(text)).join('\n')).toMatch(wanted);
});

it('reports whatever is cut off, and never throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: plain.length - 60 }), async (end) => {
      expect((await read(plain.slice(0, end))).kind).toBe('faulty');
    }),
    { numRuns: 80 },
  );
});
