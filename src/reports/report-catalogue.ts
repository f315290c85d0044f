/**
 * Every report there is: who may ask for it, what it takes, its columns, and in which order its statement
 * (`sql/<name>.sql`) takes its parameters. A new report is a row here, a statement, and its words.
 */
import type { ColumnKind } from './cell-text.rules';
import type { Language } from '../platform/locale/locale';
import type { Column } from './report';
import type { ParameterRules, ReportParameters } from './report-parameters.rules';
import { word, type Word } from './report-words';

export const reportNames = [
  'collections',
  'statement',
  'settlement',
  'receipts',
  'in-transit',
  'reconciliation',
  'discrepancies',
  'deliveries',
  'trial-balance',
] as const;
export type ReportName = (typeof reportNames)[number];

type ColumnKey = Extract<Word, `column.${string}`> extends `column.${infer Key}` ? Key : never;

interface ColumnWords {
  /** What the statement calls it. */
  readonly key: string;
  readonly heading: ColumnKey;
  readonly kind: ColumnKind;
  readonly isTotalled: boolean;
}

const text = (key: ColumnKey): ColumnWords => ({
  key,
  heading: key,
  kind: 'text',
  isTotalled: false,
});
const money = (key: ColumnKey): ColumnWords => ({
  key,
  heading: key,
  kind: 'money',
  isTotalled: true,
});
const count = (key: ColumnKey): ColumnWords => ({
  key,
  heading: key,
  kind: 'count',
  isTotalled: true,
});
const day = (key: ColumnKey): ColumnWords => ({ ...text(key), kind: 'day' });
const instant = (key: ColumnKey): ColumnWords => ({ ...text(key), kind: 'instant' });
const percent = (key: ColumnKey): ColumnWords => ({ ...text(key), kind: 'percent' });

export interface ReportDefinition extends ParameterRules {
  /** `gateway`: of all institutions or of none, and so not for one of them. */
  readonly audience: 'institutions' | 'gateway';
  /** It is of one institution, and must be told which. */
  readonly isOfOneInstitution: boolean;
  columns(parameters: ReportParameters): readonly ColumnWords[];
  /** $1, $2 … of the statement. */
  values(parameters: ReportParameters): readonly unknown[];
}

const institutions = { audience: 'institutions', isOfOneInstitution: false } as const;
const gateway = { audience: 'gateway', isOfOneInstitution: false } as const;
const period = { isOfOneDay: false } as const;
const twoYears = 731;

export const catalogue: Readonly<Record<ReportName, ReportDefinition>> = {
  collections: {
    ...institutions,
    ...period,
    // Ten fiscal years, side by side.
    longestDays: 3_660,
    takes: ['by', 'period', 'sp', 'psp', 'gfs', 'channel', 'currency'],
    columns: ({ by }) => [
      text('period'),
      ...(by === 'currency' ? [] : [{ ...text(by), key: 'key' }]),
      ...(by === 'sp' || by === 'psp' ? [text('name')] : []),
      text('currency'),
      // A payment on two GFS codes is one entry in two rows: a sum would count it twice.
      { ...count('entries'), isTotalled: false },
      money('collected'),
      money('takenBack'),
      money('net'),
    ],
    values: (p) => [p.from, p.to, p.sp, p.psp, p.gfs, p.channel, p.currency, p.by, p.period],
  },
  statement: {
    ...institutions,
    ...period,
    isOfOneInstitution: true,
    longestDays: twoYears,
    takes: ['sp', 'currency'],
    columns: () => [
      day('day'),
      text('source'),
      text('receipt'),
      text('controlNumber'),
      text('bills'),
      text('psp'),
      text('gfs'),
      text('currency'),
      money('collected'),
      money('takenBack'),
      money('net'),
      money('settled'),
      money('inTransit'),
    ],
    values: (p) => [p.from, p.to, p.sp, p.currency],
  },
  settlement: {
    ...institutions,
    ...period,
    isOfOneInstitution: true,
    // A quarter: each payment is looked at.
    longestDays: 92,
    takes: ['sp', 'psp', 'currency'],
    columns: () => [
      day('day'),
      text('psp'),
      text('name'),
      text('currency'),
      count('payments'),
      money('collected'),
      money('takenBack'),
      money('refunded'),
      money('settled'),
      money('inTransit'),
    ],
    values: (p) => [p.from, p.to, p.sp, p.psp, p.currency],
  },
  receipts: {
    ...institutions,
    ...period,
    longestDays: 31,
    takes: ['sp', 'psp', 'channel', 'currency'],
    columns: ({ sp }) => [
      instant('receivedAt'),
      text('receipt'),
      text('controlNumber'),
      text('bills'),
      text('psp'),
      text('transaction'),
      text('channel'),
      // A list of the payers of a whole country is nobody's; an institution knows its own (CON9).
      ...(sp === null ? [] : [text('payer')]),
      text('currency'),
      money('amount'),
    ],
    values: (p) => [p.from, p.to, p.sp, p.psp, p.channel, p.currency],
  },
  'in-transit': {
    ...gateway,
    isOfOneDay: true,
    longestDays: 1,
    takes: ['psp', 'currency'],
    columns: () => [
      text('psp'),
      text('name'),
      text('account'),
      day('day'),
      { ...count('age'), isTotalled: false },
      text('currency'),
      money('collected'),
      money('inTransit'),
    ],
    values: (p) => [p.to, p.psp, p.currency],
  },
  reconciliation: {
    ...gateway,
    ...period,
    longestDays: twoYears,
    takes: ['psp'],
    columns: () => [
      day('day'),
      text('psp'),
      text('name'),
      text('statement'),
      count('lines'),
      count('payments'),
      count('matched'),
      percent('matchedShare'),
      count('open'),
      count('closed'),
      text('discrepancies'),
    ],
    values: (p) => [p.from, p.to, p.psp],
  },
  discrepancies: {
    ...gateway,
    isOfOneDay: true,
    longestDays: 1,
    takes: ['psp', 'currency'],
    columns: () => [
      text('psp'),
      text('kind'),
      text('currency'),
      count('open'),
      count('toOneDay'),
      count('toSevenDays'),
      count('toThirtyDays'),
      count('older'),
      day('oldest'),
      money('theirs'),
      money('ours'),
    ],
    values: (p) => [p.to, p.psp, p.currency],
  },
  deliveries: {
    ...institutions,
    ...period,
    longestDays: 366,
    takes: ['sp'],
    columns: () => [
      text('recipient'),
      text('name'),
      text('kind'),
      count('owed'),
      count('delivered'),
      count('waiting'),
      count('parked'),
      count('attempts'),
      percent('deliveredShare'),
      instant('waitingSince'),
    ],
    values: (p) => [p.from, p.to, p.sp],
  },
  'trial-balance': {
    ...gateway,
    ...period,
    longestDays: 3_660,
    takes: ['currency'],
    columns: () => [
      text('account'),
      text('currency'),
      money('opening'),
      money('debit'),
      money('credit'),
      money('closing'),
    ],
    values: (p) => [p.from, p.to, p.currency],
  },
};

export function columnsOf(
  definition: ReportDefinition,
  parameters: ReportParameters,
  language: Language,
): readonly Column[] {
  return definition.columns(parameters).map(({ heading, ...rest }) => ({
    ...rest,
    heading: word(language, `column.${heading}`),
  }));
}
