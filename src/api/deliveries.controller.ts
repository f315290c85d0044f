/** The log of what was sent to the party that asks, and sending it again. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { ReadBills } from '../bills/read-bills';
import { ReadDeliveryLog } from '../deliveries/read-delivery-log';
import { ResendDeliveries, type Selection } from '../deliveries/resend-deliveries';
import { Refusal } from '../kernel/refusal';
import type { KeyHolder } from '../parties/api-key-directory';
import type { Reader } from '../platform/database/database';
import {
  DeliveryDetailBody,
  DeliveryListBody,
  DeliveryPath,
  DeliverySearch,
  type DeliveryStateWord,
  ResendInput,
  ResentBody,
  showDelivery,
  showDeliveryLine,
} from './delivery.schema';
import { Attempt, type AttemptAt, Once } from './once';
import { Operation, Resource } from './operation';
import { pageFrom, pageOf } from './paging';
import { Holder } from './request-context';

const statesOf = {
  waiting: ['ready', 'leased'],
  delivered: ['delivered'],
  parked: ['parked'],
} as const satisfies Record<DeliveryStateWord, readonly string[]>;

@Resource('deliveries', 'Deliveries')
export class DeliveriesController {
  constructor(
    private readonly log: ReadDeliveryLog,
    private readonly resend: ResendDeliveries,
    private readonly bills: ReadBills,
    private readonly once: Once,
  ) {}

  @Get()
  @Operation({
    id: 'searchDeliveries',
    scope: 'deliveries:read',
    summary: 'Search the log of deliveries, newest first',
    answer: { status: 200, description: 'A page of deliveries.', type: DeliveryListBody },
    refusals: { 400: ['page.cursor-unknown'] },
  })
  async search(
    @Holder() { party }: KeyHolder,
    @Query() query: DeliverySearch,
  ): Promise<DeliveryListBody> {
    const page = pageOf(query, 'count');
    const states = query.state === undefined ? undefined : statesOf[query.state];
    const found = await this.log.search(party.id, { states }, page);
    return pageFrom(found, page, ({ id }) => id.toString(), showDeliveryLine);
  }

  @Get(':deliveryId')
  @Operation({
    id: 'getDelivery',
    scope: 'deliveries:read',
    summary: 'Read a delivery with its attempts',
    answer: { status: 200, description: 'The delivery.', type: DeliveryDetailBody },
    refusals: { 404: ['delivery.unknown'] },
  })
  async read(
    @Holder() { party }: KeyHolder,
    @Param() { deliveryId }: DeliveryPath,
  ): Promise<DeliveryDetailBody> {
    const { delivery, attempts } = await this.log.one(party.id, BigInt(deliveryId));
    return showDelivery(delivery, attempts);
  }

  @Post('resend')
  @Operation({
    id: 'resendDeliveries',
    scope: 'deliveries:resend',
    summary: 'Have deliveries sent again',
    description:
      'With the same id and the same bytes, so that a receiver tells a repeat. Name one of the fields. At most 10,000 within an hour: for more, read the feed.',
    answer: { status: 200, description: 'How many are sent again.', type: ResentBody },
    refusals: {
      400: ['delivery.nothing-selected'],
      404: ['bill.unknown'],
      429: ['delivery.resend-limited'],
    },
    once: true,
    hasBody: true,
  })
  async sendAgain(
    @Holder() { party }: KeyHolder,
    @Attempt() attempt: AttemptAt,
    @Body() input: ResendInput,
  ): Promise<ResentBody> {
    return this.once.execute(attempt, async (tx) => {
      const chosen = await this.chosen(tx, party, input);
      const count = await this.resend.execute(tx, { ...chosen, recipientId: party.id }, party.code);
      return { status: 200, body: { count } };
    });
  }

  private async chosen(
    reader: Reader,
    { id, code }: KeyHolder['party'],
    { deliveryIds, events, billId, controlNumber, transactionId, day }: ResendInput,
  ): Promise<Selection> {
    const named = [deliveryIds, events, billId, controlNumber, transactionId, day];
    if (named.filter((each) => each !== undefined).length !== 1)
      throw new Refusal(
        'delivery.nothing-selected',
        'name one of deliveryIds, events, billId, controlNumber, transactionId and day',
      );
    if (deliveryIds !== undefined) return { ids: deliveryIds.map(BigInt) };
    if (events !== undefined)
      return { events: { from: BigInt(events.from), to: BigInt(events.to) } };
    if (controlNumber !== undefined) return { subject: controlNumber };
    if (transactionId !== undefined) return { subject: `${code}/${transactionId}` };
    if (billId === undefined) return day === undefined ? {} : { day };
    return { subject: (await this.bills.oneOf(reader, id, billId)).controlNumber };
  }
}
