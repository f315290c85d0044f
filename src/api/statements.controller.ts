/** The day statement of a PSP: a draft, its pages, and its publication with control totals. */
import { Body, Get, Param, Post, Put, Query } from '@nestjs/common';
import type { PaymentServiceProvider } from '../parties/party-directory';
import { DraftStatements } from '../reconciliation/draft-statements';
import { Attempt, type AttemptAt, Once } from './once';
import { Operation, Resource } from './operation';
import { pageFrom, pageOf } from './paging';
import { Psp } from './request-context';
import {
  linesOf,
  showStatement,
  StatementBody,
  StatementInput,
  StatementListBody,
  StatementPageInput,
  StatementPagePath,
  StatementPath,
  StatementSearch,
  StatementTotalsInput,
  totalsOf,
} from './statements.schema';

@Resource('statements', 'PSPs')
export class StatementsController {
  constructor(
    private readonly statements: DraftStatements,
    private readonly once: Once,
  ) {}

  @Post()
  @Operation({
    id: 'openStatement',
    scope: 'statements:write',
    summary: 'Open a draft of the statement of a day',
    description:
      'An open draft of the day is discarded. For a day that has a statement, the draft becomes its revision when it is published.',
    answer: { status: 201, description: 'The draft, without lines.', type: StatementBody },
    refusals: { 422: ['statement.day-ahead'] },
    once: true,
    hasBody: true,
  })
  async open(
    @Psp() psp: PaymentServiceProvider,
    @Attempt() attempt: AttemptAt,
    @Body() { day }: StatementInput,
  ): Promise<StatementBody> {
    return this.once.execute(attempt, async (tx) => ({
      status: 201,
      body: showStatement(await this.statements.open(tx, psp, day)),
    }));
  }

  @Get()
  @Operation({
    id: 'listStatements',
    scope: 'statements:write',
    summary: 'List the statements that came in this way, newest first',
    answer: { status: 200, description: 'A page of statements.', type: StatementListBody },
    refusals: { 400: ['page.cursor-unknown'] },
  })
  async list(
    @Psp() psp: PaymentServiceProvider,
    @Query() query: StatementSearch,
  ): Promise<StatementListBody> {
    const page = pageOf(query, 'uuid');
    const found = await this.statements.search(psp.id, query.day, page);
    return pageFrom(found, page, ({ id }) => id, showStatement);
  }

  @Get(':statementId')
  @Operation({
    id: 'getStatement',
    scope: 'statements:write',
    summary: 'Read the state of a statement',
    answer: { status: 200, description: 'The statement, without its lines.', type: StatementBody },
    refusals: { 404: ['statement.unknown'] },
  })
  async read(
    @Psp() psp: PaymentServiceProvider,
    @Param() { statementId }: StatementPath,
  ): Promise<StatementBody> {
    return showStatement(await this.statements.one(psp.id, statementId));
  }

  @Put(':statementId/pages/:page')
  @Operation({
    id: 'putStatementPage',
    scope: 'statements:write',
    summary: 'Put a page of lines into a draft',
    description: 'The same page again takes the place of the first.',
    answer: { status: 200, description: 'The draft as it is now.', type: StatementBody },
    refusals: {
      404: ['statement.unknown'],
      409: ['statement.closed'],
      422: ['statement.lines-bad'],
    },
    hasBody: true,
  })
  async putPage(
    @Psp() psp: PaymentServiceProvider,
    @Param() { statementId, page }: StatementPagePath,
    @Body() input: StatementPageInput,
  ): Promise<StatementBody> {
    return showStatement(
      await this.statements.putPage(psp, statementId, Number(page), linesOf(input)),
    );
  }

  @Post(':statementId/publish')
  @Operation({
    id: 'publishStatement',
    scope: 'statements:write',
    summary: 'Publish a draft with its control totals',
    description:
      'Count and sums must fit what the pages hold; every difference is told. It becomes the statement of the day, in place of an earlier one, and a day that is over is matched at once.',
    answer: { status: 200, description: 'The statement of the day.', type: StatementBody },
    refusals: {
      404: ['statement.unknown'],
      409: ['statement.closed'],
      422: ['statement.totals-different'],
    },
    once: true,
    hasBody: true,
  })
  async publish(
    @Psp() psp: PaymentServiceProvider,
    @Attempt() attempt: AttemptAt,
    @Param() { statementId }: StatementPath,
    @Body() input: StatementTotalsInput,
  ): Promise<StatementBody> {
    return this.once.executeLong(attempt, async (tx) => ({
      status: 200,
      body: showStatement(await this.statements.publish(tx, psp, statementId, totalsOf(input))),
    }));
  }
}
