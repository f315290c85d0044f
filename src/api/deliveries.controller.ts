/** The log of what was sent to the party that asks. */
import { Get, Param, Query } from '@nestjs/common';
import { ReadDeliveryLog } from '../deliveries/read-delivery-log';
import type { KeyHolder } from '../parties/api-key-directory';
import {
  DeliveryDetailBody,
  DeliveryListBody,
  DeliveryPath,
  DeliverySearch,
  type DeliveryStateWord,
  showDelivery,
  showDeliveryLine,
} from './delivery.schema';
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
  constructor(private readonly log: ReadDeliveryLog) {}

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
}
