/** Reports that an institution asks for: what it may say, and the answer as rows of texts under typed columns. */
import { ApiProperty } from '@nestjs/swagger';
import { currencies } from '../kernel/money';
import { languages } from '../platform/locale/locale';
import { plainCell } from '../reports/cell-text.rules';
import { catalogue, type ReportName, reportNames } from '../reports/report-catalogue';
import { dimensions, type RawParameters, steps } from '../reports/report-parameters.rules';
import type { ReportPage } from '../reports/run-report';
import { DayField, IdentifierField, WordField } from './fields';

const names = reportNames.filter((name) => catalogue[name].audience === 'institutions');

export class ReportPath {
  @WordField({ description: 'Which report.', example: 'collections', words: names })
  report!: ReportName;
}

export class ReportQuery {
  @DayField({ description: 'First day; the last where it is left out.', optional: true })
  from?: string;

  @DayField({ description: 'Last day; today where it is left out.', optional: true })
  to?: string;

  @WordField({ description: 'Rows of collections by.', words: dimensions, optional: true })
  by?: string;

  @WordField({ description: 'Rows of collections by period too.', words: steps, optional: true })
  period?: string;

  @IdentifierField({ description: 'Of this GFS code only.', optional: true })
  gfs?: string;

  @IdentifierField({ description: 'Of this PSP only.', optional: true })
  psp?: string;

  @IdentifierField({ description: 'Of this channel only.', optional: true })
  channel?: string;

  @WordField({ description: 'In this currency only.', words: currencies, optional: true })
  currency?: string;

  @WordField({ description: 'Of the headings.', words: languages, optional: true })
  language?: (typeof languages)[number];
}

export function parametersOf(query: ReportQuery): RawParameters {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'language'));
}

export class ReportColumnBody {
  @ApiProperty({ example: 'net' })
  key!: string;

  @ApiProperty({ example: 'Net' })
  heading!: string;

  @ApiProperty({ enum: ['text', 'money', 'count', 'percent', 'day', 'instant'], example: 'money' })
  kind!: string;
}

export class ReportTotalBody {
  @ApiProperty({ description: 'Empty for a report without money.', example: 'TZS' })
  currency!: string;

  @ApiProperty({
    description: 'By column; empty where the column is not summed.',
    type: 'array',
    items: { type: 'string' },
    example: ['', '', '150000.00'],
  })
  cells!: string[];
}

export class ReportBody {
  @ApiProperty({ example: 'collections' })
  report!: string;

  @ApiProperty({ example: 'Collections' })
  title!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T10:00:00+03:00' })
  madeAt!: string;

  @ApiProperty({ type: () => ReportColumnBody, isArray: true })
  columns!: ReportColumnBody[];

  @ApiProperty({
    description: 'By column: plain decimals, days, instants with their zone; empty for nothing.',
    type: 'array',
    items: { type: 'array', items: { type: 'string' } },
    example: [['2026-11-24', '142202', '150000.00']],
  })
  rows!: string[][];

  @ApiProperty({
    description: 'False: there are more than 1,000 rows; take the file.',
    example: true,
  })
  isComplete!: boolean;

  @ApiProperty({
    description: 'Of all rows; none where they are not all there.',
    type: () => ReportTotalBody,
    isArray: true,
  })
  totals!: ReportTotalBody[];
}

export function showReport({
  name,
  title,
  madeAt,
  columns,
  rows,
  summary,
}: ReportPage): ReportBody {
  const texts = (row: ReportPage['rows'][number]): string[] =>
    columns.map(({ kind }, i) => plainCell(row[i] ?? null, kind));
  return {
    report: name,
    title,
    madeAt: plainCell(madeAt, 'instant'),
    columns: columns.map(({ key, heading, kind }) => ({ key, heading, kind })),
    rows: rows.map(texts),
    isComplete: summary !== undefined,
    totals: (summary?.totals ?? []).map(({ currency, cells }) => ({
      currency: currency ?? '',
      cells: texts(cells),
    })),
  };
}
