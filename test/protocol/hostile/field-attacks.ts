/**
 * Fields of known parties: forms of numbers, transaction ids, times, currencies and names that a lenient reader would
 * take for something else. Security design P7, P9, P12 and P14; rulings.md §2.
 */
import {
  type Attack,
  attack,
  bill4,
  known,
  payment4,
  payment5,
  refusedPayment,
  signed,
} from './attack';

const show = (text: string): string =>
  text.length > 30 ? `${text.slice(0, 12)}… (${String(text.length)})` : JSON.stringify(text);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What no payment may say; the first part no bill either. */
const noAmounts = [
  '',
  '-1',
  '+1',
  '--1',
  '1,000',
  '1.000,00',
  '1 000',
  ' 1000',
  '1000 ',
  '1000\u00a0',
  '1_000',
  '1000n',
  '1000.001',
  '1000.0.0',
  '.5',
  '1000.',
  '0x3E8',
  '0b11',
  '\uff11\uff10\uff10\uff10',
  '\u0661\u0660\u0660\u0660',
  'Infinity',
  'NaN',
  '\u221e',
  'null',
  'TZS1000',
  '1/2',
  '1\n000',
  '1e99',
  '1e-99',
  '1e999',
  '9'.repeat(17),
  '9'.repeat(19),
  '9'.repeat(4_000),
  '0',
  '0.00',
] as const;
/** A bill may carry an exponent or leading zeros, as Java clients write them (gepg-decisions C6); a payment may not. */
const noPayments = [
  '1e3',
  '1E3',
  '0100',
  '00',
  '0000000000100.00',
  '12345678901234567890',
] as const;

const noTransactionIds = [
  '',
  ' ',
  'T 1',
  'T1 ',
  ' T1',
  'T1\u00a0',
  'T1\u200b',
  'T1\u202e',
  'T1\u0301',
  '\u04221',
  '\uff341',
  'T\t1',
  'T1\n',
  "T'1",
  'T"1',
  'T&1',
  'T<1',
  'T>1',
  'x'.repeat(101),
  'x'.repeat(4_096),
] as const;

const noTimes = [
  '',
  'now',
  'infinity',
  '1764000000',
  '2026-11-24',
  '2026-11-24 10:00:00',
  '2026-11-24T10:00',
  '2026-02-30T10:00:00',
  '2026-13-01T10:00:00',
  '0000-00-00T00:00:00',
  '0001-01-01T00:00:00',
  '2026-11-24T24:00:00',
  '2026-11-24T23:59:60',
  '2026-11-24T10:60:00',
  '9999-12-31T23:59:59',
  '2026-11-26T10:00:00',
  '-2026-11-24T10:00:00',
  '+002026-11-24T10:00:00',
  '2026-11-24T10:00:00+99:00',
  '2026-11-24T10:00:00+14:60',
  '2026-11-24T10:00:00Zulu',
  '2026-11-24T10:00:00.0000000000',
  '\uff12\uff10\uff12\uff16-11-24T10:00:00',
  '24/11/2026 10:00:00',
  '2026-11-24T10:00:00\n',
] as const;

const noCurrencies = [
  '',
  'tzs',
  'TZS ',
  ' TZS',
  'T ZS',
  'TZSX',
  'TZS,USD',
  'XXX',
  '834',
  '\uff34\uff3a\uff33',
  '\u0422ZS',
  'constructor',
  '__proto__',
] as const;

const polluting = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'then',
];
const polluted = polluting.map((name) => `<${name}><isAdmin>1</isAdmin></${name}>`).join('');
const long = 'ö'.repeat(2_000);

export const fieldAttacks: readonly Attack[] = [
  ...[...noAmounts, ...noPayments].map((amount) =>
    attack(
      `amount ${show(amount)}`,
      'pay4',
      () => signed(payment4({ PaidAmt: amount })),
      known('7242'),
    ),
  ),
  ...['', '-1', '1e3', '1,000', '0x3E8', '1000.001', '\uff11', 'NaN', '9'.repeat(17)].map(
    (amount) =>
      attack(
        `generation 5: amount ${show(amount)}`,
        'pay5',
        () => signed(payment5({ PaidAmt: amount })),
        known('7242'),
      ),
  ),
  ...noAmounts.map((amount) =>
    attack(
      `bill amount ${show(amount)}`,
      'billNow4',
      () => signed(bill4({ BillAmt: amount }), 'SP70101'),
      known(/^7224;/),
    ),
  ),
  ...noTransactionIds.map((id) =>
    attack(
      `transaction id ${show(id)}`,
      'pay4',
      () => signed(payment4({ TrxId: escaped(id) })),
      known('7242'),
    ),
  ),
  ...['T1 ', 'T1\u00a0', '\uff341', 'x'.repeat(101)].map((id) =>
    attack(
      `generation 5: transaction id ${show(id)}`,
      'pay5',
      () => signed(payment5({ TrxId: id })),
      known('7242'),
    ),
  ),
  ...noTimes.map((time) =>
    attack(`time ${show(time)}`, 'pay4', () => signed(payment4({ TrxDtTm: time })), known('7281')),
  ),
  ...noCurrencies.map((currency) =>
    attack(
      `currency ${show(currency)}`,
      'pay4',
      () => signed(payment4({ CCy: currency })),
      known('7219'),
    ),
  ),
  attack(
    'names of prototypes',
    'pay4',
    () => signed(payment4({}, 'PSP701', polluted)),
    refusedPayment,
  ),
  attack(
    'names of prototypes in generation 5',
    'pay5',
    () => signed(payment5({}, 'PSP701', polluted)),
    refusedPayment,
  ),
  attack(
    'long texts wherever a text may stand',
    'pay4',
    () =>
      signed(
        payment4({
          PayRefId: long,
          CtrAccNum: long,
          UsdPayChnl: long,
          DptName: long,
          DptCellNum: long,
          DptNameEmailAddr: long,
        }),
      ),
    refusedPayment,
  ),
  attack(
    'SQL in every text',
    'pay4',
    () =>
      signed(payment4({ DptName: "'; drop table payment; --", UsdPayChnl: '$1', CtrAccNum: '\\' })),
    refusedPayment,
  ),
  attack(
    'markup in a name',
    'pay4',
    () => signed(payment4({ DptName: escaped('</DptName><script>') })),
    refusedPayment,
  ),
  attack(
    'letters beyond the first plane',
    'pay4',
    () => signed(payment4({ DptName: '\u{1f4b0}\u202e' })),
    refusedPayment,
  ),
  attack(
    'an old payment',
    'pay4',
    () => signed(payment4({ TrxDtTm: '1999-01-01T00:00:00' })),
    refusedPayment,
  ),
];
