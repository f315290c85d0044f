/** Requests of a PSP to reverse a payment: a case for an officer, not a movement of money. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import type { PaymentServiceProvider } from '../parties/party-directory';
import { RequestReversal } from '../payments/request-reversal';
import { Attempt, type AttemptAt, Once } from './once';
import { Operation, Resource } from './operation';
import { pageFrom, pageOf, PageQuery } from './paging';
import { Psp } from './request-context';
import {
  ReversalBody,
  ReversalInput,
  ReversalListBody,
  ReversalPath,
  showReversal,
  wishOf,
} from './reversals.schema';

@Resource('reversal-requests', 'PSPs')
export class ReversalsController {
  constructor(
    private readonly reversals: RequestReversal,
    private readonly once: Once,
  ) {}

  @Post()
  @Operation({
    id: 'requestReversal',
    scope: 'reversals:write',
    summary: 'Ask for the reversal of a payment',
    description:
      'For a payment to a wrong number or of a wrong amount. An officer decides; until then nothing moves. Once for each payment and reason.',
    answer: { status: 201, description: 'The request.', type: ReversalBody },
    refusals: {
      404: ['payment.unknown'],
      409: ['reversal.nothing-taken', 'reversal.already-requested'],
      422: ['reversal.intention-misplaced', 'reversal.nothing-wrong'],
    },
    once: true,
    hasBody: true,
  })
  async request(
    @Psp() psp: PaymentServiceProvider,
    @Attempt() attempt: AttemptAt,
    @Body() input: ReversalInput,
  ): Promise<ReversalBody> {
    return this.once.execute(attempt, async (tx) => ({
      status: 201,
      body: showReversal(await this.reversals.execute(tx, psp, wishOf(input))),
    }));
  }

  @Get()
  @Operation({
    id: 'listReversalRequests',
    scope: 'reversals:write',
    summary: 'List your requests for reversals, newest first',
    answer: { status: 200, description: 'A page of requests.', type: ReversalListBody },
    refusals: { 400: ['page.cursor-unknown'] },
  })
  async list(
    @Psp() psp: PaymentServiceProvider,
    @Query() query: PageQuery,
  ): Promise<ReversalListBody> {
    const page = pageOf(query, 'uuid');
    const found = await this.reversals.search(psp.id, page);
    return pageFrom(found, page, ({ id }) => id, showReversal);
  }

  @Get(':requestId')
  @Operation({
    id: 'getReversalRequest',
    scope: 'reversals:write',
    summary: 'Read a request for a reversal',
    answer: { status: 200, description: 'The request.', type: ReversalBody },
    refusals: { 404: ['reversal.unknown'] },
  })
  async read(
    @Psp() psp: PaymentServiceProvider,
    @Param() { requestId }: ReversalPath,
  ): Promise<ReversalBody> {
    return showReversal(await this.reversals.one(psp.id, requestId));
  }
}
