/** The CSV of banks, by the mapping of their account: the three ways to tell money, balances, and every fault with its line. */
import fc from 'fast-check';
import { readBankMapping } from '../../src/reconciliation/bank-files/bank-mapping.rules';
import {
  type BankFileReading,
  readBankFile,
} from '../../src/reconciliation/bank-files/read-bank-file';
import { slices } from './slices';

const account = '0150123456';

function read(
  text: string | Buffer,
  mapping: object | undefined,
  size?: number,
): Promise<BankFileReading> {
  const mappingOf = () =>
    Promise.resolve(mapping === undefined ? undefined : readBankMapping(mapping));
  return readBankFile(slices(Buffer.from(text as string), size), { account, mappingOf });
}

const plain = { currency: 'TZS' };
const header = 'booking_date,amount,reference,description,balance\n';

async function faultsOf(text: string | Buffer, mapping: object | undefined = plain) {
  const reading = await read(text, mapping);
  if (reading.kind === 'read') throw new Error('a file with a fault was read');
  return reading.faults;
}

it('reads a signed amount, and makes opening and closing of the balances', async () => {
  const reading = await read(
    `${header}2026-11-24,500.00,R1,"Benki, X",1500.00\n2026-11-25,-200.5,R2,ada,1299.50\n`,
    plain,
  );
  expect(reading).toMatchObject({
    kind: 'read',
    file: {
      format: 'csv',
      notes: [],
      statements: [
        {
          currency: 'TZS',
          firstDay: '2026-11-24',
          lastDay: '2026-11-25',
          opening: { signedMinor: 100_000n, day: '2026-11-24' },
          closing: { signedMinor: 129_950n, day: '2026-11-25' },
          entries: [
            {
              line: 2,
              path: 'row 2',
              direction: 'credit',
              amountMinor: 50_000n,
              bankReference: 'R1',
            },
            { line: 3, direction: 'debit', amountMinor: 20_050n, remittance: 'ada' },
          ],
        },
      ],
    },
  });
});

it('reads the file of a bank with its own words, signs, dates and charset, newest first', async () => {
  const text =
    'Benki ya Mfano;;;;;\nAkaunti 0150123456;;;;;\n' +
    'Tarehe;Thamani;Toka;Ingia;Maelezo;Salio\n' +
    '25-NOV-2026;25-NOV-2026;1.200,50;;J\u00fcrgen;298.799,50\n' +
    '24-NOV-2026;25-NOV-2026;0,00;300.000,00;M1;300.000,00\n' +
    ';;;;Salio la mwanzo;0,00\n';
  const mapping = {
    columns: {
      booking_date: 'Tarehe',
      value_date: 'Thamani',
      debit: 'Toka',
      credit: 'Ingia',
      description: 'Maelezo',
      balance: 'Salio',
    },
    delimiter: ';',
    decimalComma: true,
    dateFormat: 'dd-MMM-yyyy',
    currency: 'TZS',
    skipLines: 2,
    charset: 'windows-1252',
  };
  expect(await read(Buffer.from(text, 'latin1'), mapping)).toMatchObject({
    kind: 'read',
    file: {
      statements: [
        {
          opening: { signedMinor: 0n },
          closing: { signedMinor: 29_879_950n },
          entries: [
            { direction: 'debit', amountMinor: 120_050n, remittance: 'J\u00fcrgen' },
            { direction: 'credit', amountMinor: 30_000_000n, valueDay: '2026-11-25' },
          ],
        },
      ],
    },
  });
});

it('reads a word beside the amount, and says that nothing was checked where there is no balance', async () => {
  const reading = await read(
    'booking_date,amount,indicator,currency,end_to_end_id\n2026-11-24,7,DR,USD,E1\n2026-11-24,8,cr,USD,\n',
    {},
  );
  expect(reading).toMatchObject({
    file: {
      notes: [{ field: 'balance' }],
      statements: [
        {
          currency: 'USD',
          opening: undefined,
          entries: [
            { direction: 'debit', amountMinor: 700n, endToEndId: 'E1' },
            { direction: 'credit', amountMinor: 800n },
          ],
        },
      ],
    },
  });
});

const row = (rest: string) => `${header}${rest}\n`;

it.each<[string, string | Buffer, object, number, string, RegExp]>([
  [
    'a break in the balances',
    row('2026-11-24,5,R1,,10\n2026-11-24,1,R2,,12'),
    plain,
    3,
    'balance',
    /make 11\.00 TZS, the balance says 12\.00/,
  ],
  [
    'a date of no calendar',
    row('2026-02-30,5,R1,,'),
    plain,
    2,
    'booking_date',
    /"2026-02-30" is no date/,
  ],
  [
    'another form of date',
    row('24/11/2026,5,R1,,'),
    plain,
    2,
    'booking_date',
    /wanted one like 2026-11-24/,
  ],
  ['something behind the date', row('2026-11-24x,5,R1,,'), plain, 2, 'booking_date', /is no date/],
  ['no amount', row('2026-11-24,,R1,,'), plain, 2, 'amount', /is no amount/],
  ['a formula', row('2026-11-24,=1+1,R1,,'), plain, 2, 'amount', /"=1\+1" is no amount/],
  ['two signs', row('2026-11-24,-+5,R1,,'), plain, 2, 'amount', /is no amount/],
  [
    'decimals that are not kept',
    row('2026-11-24,5.001,R1,,'),
    plain,
    2,
    'amount',
    /cannot be kept exactly/,
  ],
  [
    'no currency of the world',
    'booking_date,amount,currency\n2026-11-24,5,TSH\n',
    {},
    2,
    'amount',
    /"TSH" is no currency/,
  ],
  [
    'two currencies',
    'booking_date,amount,currency\n2026-11-24,5,TZS\n2026-11-24,5,USD\n',
    {},
    3,
    'currency',
    /USD, where the file began with TZS/,
  ],
  [
    'no currency',
    'booking_date,amount\n2026-11-24,5\n',
    {},
    1,
    'currency',
    /neither the file nor the mapping/,
  ],
  [
    'a column of the mapping that is missing',
    row('2026-11-24,5,R1,,'),
    { ...plain, columns: { balance: 'Salio' } },
    1,
    'salio',
    /names as balance/,
  ],
  [
    'no word that is known',
    'booking_date,amount,indicator\n2026-11-24,5,X\n',
    plain,
    2,
    'indicator',
    /neither debit nor credit; known are c, cr/,
  ],
  [
    'a credit below zero',
    'booking_date,amount,indicator\n2026-11-24,-5,CR\n',
    plain,
    2,
    'amount',
    /a credit below zero/,
  ],
  [
    'both columns',
    'booking_date,debit,credit\n2026-11-24,5,6\n',
    plain,
    2,
    'debit',
    /both debit and credit/,
  ],
  [
    'neither column',
    'booking_date,debit,credit\n2026-11-24,,\n',
    plain,
    2,
    'debit',
    /neither debit nor credit/,
  ],
  [
    'a debit below zero',
    'booking_date,debit,credit\n2026-11-24,-5,\n',
    plain,
    2,
    'debit',
    /below zero/,
  ],
  [
    'another account',
    'booking_date,amount,account\n2026-11-24,5,0999\n',
    plain,
    2,
    'account',
    /of account 0999, not of 0150123456/,
  ],
  [
    'Latin-1 where UTF-8 is agreed',
    Buffer.from(row('2026-11-24,5,R1,J\u00fcrgen,'), 'latin1'),
    plain,
    2,
    '',
    /not UTF-8/,
  ],
  ['a cell too many', row('2026-11-24,5,R1,,,9'), plain, 2, '', /6 cells, where the header has 5/],
  [
    'a line of 20 MB',
    Buffer.concat([Buffer.from(header), Buffer.alloc(20_000_000, 'x')]),
    plain,
    2,
    '',
    /longer than/,
  ],
  ['a header alone', header, plain, 1, '', /no line below the header/],
])('refuses %s with line and field', async (_what, text, mapping, line, field, reason) => {
  expect(await faultsOf(text, mapping)).toContainEqual({
    line,
    field,
    reason: expect.stringMatching(reason) as string,
  });
});

it('refuses a CSV that no mapping reads in one sentence', async () => {
  const reading = await read(header, undefined);
  expect(reading).toMatchObject({
    faults: [{ reason: expect.stringMatching(/account 0150123456 has no mapping/) as string }],
  });
  expect(await readBankFile(slices(Buffer.from(header)))).toMatchObject({
    faults: [{ reason: expect.stringMatching(/read by the account/) as string }],
  });
});

it('any entries with their balances are read with exactly their sum, from either end and however they are cut', async () => {
  const amounts = fc.array(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), {
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(
      amounts,
      fc.boolean(),
      fc.integer({ min: 1, max: 50 }),
      async (minors, isReversed, size) => {
        const written = (minor: bigint) => {
          const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
          return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        };
        let balance = 0n;
        const rows = minors.map((minor, i) => {
          balance += minor;
          return `2026-11-24,${written(minor)},R${String(i)},,${written(balance)}\n`;
        });
        const reading = await read(
          header + (isReversed ? rows.reverse() : rows).join(''),
          plain,
          size,
        );
        if (reading.kind === 'faulty') throw new Error(JSON.stringify(reading.faults));
        const [statement] = reading.file.statements;
        expect(statement?.closing?.signedMinor).toBe(balance);
        expect(statement?.opening?.signedMinor).toBe(0n);
        const sum = (statement?.entries ?? []).reduce(
          (total, entry) =>
            total + (entry.direction === 'credit' ? entry.amountMinor : -entry.amountMinor),
          0n,
        );
        expect(sum).toBe(balance);
      },
    ),
    { numRuns: 100 },
  );
});
