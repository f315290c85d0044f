/** Deliveries: what is owed to whom, every attempt with the bytes of its answer, and sending, parking and unparking. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { ParkDeliveries } from '../../deliveries/park-deliveries';
import { ResendDeliveries } from '../../deliveries/resend-deliveries';
import { type DeliveryState, ReviewDeliveries } from '../../deliveries/review-deliveries';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { Database } from '../../platform/database/database';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

const states: readonly DeliveryState[] = ['ready', 'leased', 'delivered', 'parked'];
const shown = 100;

@ConsolePages('deliveries')
export class DeliveryPages {
  constructor(
    private readonly review: ReviewDeliveries,
    private readonly park: ParkDeliveries,
    private readonly resend: ResendDeliveries,
    private readonly database: Database,
  ) {}

  @Get()
  @Allowed('deliveries.read')
  async list(@Query() query: unknown, @CurrentSession() { officer }: Session): Promise<Page> {
    const filter = fieldsOf(query);
    const recipient = officer.partyCode ?? filter['recipient'];
    const state = states.find((each) => each === filter['state']);
    const found = await this.review.list({
      limit: shown,
      ...(recipient === undefined ? {} : { recipient }),
      ...(state === undefined ? {} : { state }),
    });
    const breakers = officer.partyId === null ? await this.review.openBreakers() : [];
    return new Page('deliveries/deliveries.njk', { filter, found, breakers, states });
  }

  @Get(':id')
  @Allowed('deliveries.read')
  async show(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    const found = await this.review.attempts(idOf(id));
    if (officer.partyCode !== null && found.delivery.recipient !== officer.partyCode)
      throw unknown();
    const attempts = found.attempts.map((each) => ({
      ...each,
      text: each.answer?.toString('utf8'),
    }));
    return new Page('deliveries/delivery.njk', { delivery: found.delivery, attempts });
  }

  @Post(':id/resend')
  @Allowed('deliveries.manage')
  async sendAgain(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<GoTo> {
    const ids = [idOf(id)];
    await this.database.transaction((tx) => this.resend.execute(tx, { ids }, officer.name));
    return new GoTo(`/console/deliveries/${id}`);
  }

  @Post(':id/park')
  @Allowed('deliveries.manage')
  async parkOne(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    await this.park.park(idOf(id), fieldsOf(body)['reason'] ?? '', officer.name);
    return new GoTo(`/console/deliveries/${id}`);
  }

  @Post(':id/unpark')
  @Allowed('deliveries.manage')
  async unparkOne(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<GoTo> {
    await this.park.unpark({ id: idOf(id) }, officer.name);
    return new GoTo(`/console/deliveries/${id}`);
  }
}

function idOf(text: string): bigint {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw unknown();
  return BigInt(text);
}

function unknown(): Refusal {
  return new Refusal('delivery.unknown', 'there is no such delivery', 'not-found');
}
