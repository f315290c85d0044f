/** Day statements of PSPs as the JSON edge takes and shows them. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Matches, Max, Min } from 'class-validator';
import type { BusinessDay } from '../kernel/business-day';
import { currencies, type Currency, parsePlainAmount } from '../kernel/money';
import type { SentLine, StatementView } from '../reconciliation/draft-statements';
import type { ControlTotals } from '../reconciliation/statement-totals.rules';
import {
  AmountField,
  DayField,
  IdentifierField,
  InstantField,
  ListField,
  UuidField,
  WordField,
} from './fields';
import { NextField, PageQuery } from './paging';

const id = '0193a1b2-0000-7000-8000-000000000003';
const mostLines = 500;
const mostPages = 400;

export class StatementPath {
  @UuidField({ description: 'Our id of the statement.', example: id })
  statementId!: string;
}

export class StatementPagePath extends StatementPath {
  @Matches(/^(?:[1-9]\d?|[123]\d\d|400)$/, {
    message: `a number from 1 to ${String(mostPages)}`,
  })
  @ApiProperty({
    description: 'From 1; pages are put together in this order.',
    type: 'integer',
    minimum: 1,
    maximum: mostPages,
    example: 1,
  })
  page!: string;
}

export class StatementSearch extends PageQuery {
  @DayField({ description: 'Of one business day.', example: '2026-11-23', optional: true })
  day?: BusinessDay;
}

export class StatementInput {
  @DayField({ description: 'The business day of the statement.', example: '2026-11-23' })
  day!: BusinessDay;
}

export class StatementLineInput {
  @IdentifierField({ description: 'Yours, of the payment.', example: 'TX-0001' })
  transactionId!: string;

  @IdentifierField({ description: 'The digits that were paid on.', example: '997010000008' })
  controlNumber!: string;

  @AmountField({ description: 'More than zero.', example: '150000.00' })
  amount!: string;

  @WordField({ description: 'Of the amount.', words: currencies, name: 'Currency', example: 'TZS' })
  currency!: Currency;

  @InstantField({ description: 'When the payer paid.', example: '2026-11-23T10:00:00+03:00' })
  paidAt!: string;

  @IdentifierField({ description: 'Ours, if you have it.', optional: true })
  receiptNumber?: string;
}

export class StatementPageInput {
  @ListField({ description: 'In any order.', most: mostLines }, () => StatementLineInput)
  lines!: StatementLineInput[];
}

export class StatementTotalInput {
  @WordField({ description: 'Once each.', words: currencies, name: 'Currency', example: 'TZS' })
  currency!: Currency;

  @AmountField({ description: 'The sum of the lines.', example: '150000.00' })
  amount!: string;
}

function CountField(): PropertyDecorator {
  return applyDecorators(
    IsInt({ message: 'a whole number' }),
    Min(0, { message: 'a number from 0 on' }),
    Max(mostLines * mostPages, { message: `at most ${String(mostLines * mostPages)}` }),
    ApiProperty({
      description: 'Lines of all pages.',
      type: 'integer',
      minimum: 0,
      maximum: mostLines * mostPages,
      example: 1,
    }),
  );
}

export class StatementTotalsInput {
  @CountField()
  lineCount!: number;

  @ListField(
    { description: 'One for each currency; none for a day without payments.', least: 0, most: 10 },
    () => StatementTotalInput,
  )
  totals!: StatementTotalInput[];
}

class MatchingBody {
  @ApiProperty({ description: 'Lines that are payments of ours.', type: 'integer', example: 1 })
  matched!: number;

  @ApiProperty({ description: 'What differs, on either side.', type: 'integer', example: 0 })
  discrepancies!: number;
}

const states = ['draft', 'published', 'replaced', 'discarded'] as const;

export class StatementBody {
  @ApiProperty({ format: 'uuid', example: id })
  statementId!: string;

  @ApiProperty({ format: 'date', example: '2026-11-23' })
  day!: string;

  @ApiProperty({
    description:
      '`draft`: pages may come. `published`: it is the statement of the day. `replaced`: a later one is. `discarded`: another draft took its place.',
    enum: states,
    enumName: 'StatementState',
    example: 'draft',
  })
  state!: (typeof states)[number];

  @ApiProperty({
    description: 'Of the statements of the day, files included; null before it is published.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  revision!: number | null;

  @ApiProperty({
    description: 'The pages that a draft has; empty where it is none.',
    type: 'integer',
    isArray: true,
    example: [1],
  })
  pages!: number[];

  @ApiProperty({ type: 'integer', example: 1 })
  lineCount!: number;

  @ApiProperty({
    description: 'Of the last run over it; absent before the first, and when another replaced it.',
    type: () => MatchingBody,
    required: false,
  })
  matching?: MatchingBody;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T06:00:00.000Z' })
  openedAt!: string;
}

export class StatementListBody {
  @ApiProperty({ type: () => StatementBody, isArray: true })
  data!: StatementBody[];

  @NextField()
  next!: string | null;
}

export function linesOf({ lines }: StatementPageInput): readonly SentLine[] {
  return lines.map((line) => ({
    transactionId: line.transactionId,
    controlNumber: line.controlNumber,
    amount: line.amount,
    currency: line.currency,
    paidAt: line.paidAt,
    receiptNumber: line.receiptNumber ?? '',
  }));
}

export function totalsOf({ lineCount, totals }: StatementTotalsInput): ControlTotals {
  return {
    lineCount,
    totals: totals.map(({ currency, amount }) => ({
      currency,
      amountMinor: parsePlainAmount(amount),
    })),
  };
}

export function showStatement(statement: StatementView): StatementBody {
  const { matchCount, discrepancyCount } = statement;
  return {
    statementId: statement.id,
    day: statement.day,
    state: statement.state,
    revision: statement.revision,
    pages: [...(statement.pages ?? [])],
    lineCount: statement.lineCount,
    ...(matchCount === null || discrepancyCount === null
      ? {}
      : { matching: { matched: matchCount, discrepancies: discrepancyCount } }),
    openedAt: statement.openedAt.toISOString(),
  };
}
