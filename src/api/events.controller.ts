/** The gap-free feed: read it from any position for ever, and acknowledge what is held. */
import { Body, Get, Post, Query } from '@nestjs/common';
import { FeedReader } from '../deliveries/feed-reader';
import type { KeyHolder } from '../parties/api-key-directory';
import {
  AcknowledgeInput,
  FeedBody,
  FeedPositionBody,
  FeedQuery,
  showFeed,
  showPosition,
} from './events.schema';
import { Attempt, type AttemptAt, Once } from './once';
import { Operation, Resource } from './operation';
import { Holder } from './request-context';

@Resource('events', 'Events')
export class EventsController {
  constructor(
    private readonly feed: FeedReader,
    private readonly once: Once,
  ) {}

  @Get()
  @Operation({
    id: 'listEvents',
    scope: 'events:read',
    summary: 'Read the feed of events',
    description:
      'Numbered from 1 without gaps, in the order in which they were committed, for ever. An empty page means that nothing is new.',
    answer: { status: 200, description: 'Events in order, oldest first.', type: FeedBody },
  })
  async list(@Holder() { party }: KeyHolder, @Query() query: FeedQuery): Promise<FeedBody> {
    const { after = '0', limit = '50' } = query;
    return showFeed(await this.feed.page(party.id, BigInt(after), Number(limit)));
  }

  @Post('ack')
  @Operation({
    id: 'acknowledgeEvents',
    scope: 'events:read',
    summary: 'Acknowledge a position of the feed',
    description:
      'Moves forward only. Whoever has acknowledged once and then stops is looked after: an alarm is raised after a day.',
    answer: { status: 200, description: 'The position as it stands now.', type: FeedPositionBody },
    refusals: { 409: ['feed.digest-differs'], 422: ['feed.position-unknown'] },
    once: true,
    hasBody: true,
  })
  async acknowledge(
    @Holder() { party }: KeyHolder,
    @Attempt() attempt: AttemptAt,
    @Body() { sequence, digest }: AcknowledgeInput,
  ): Promise<FeedPositionBody> {
    return this.once.execute(attempt, async (tx) => ({
      status: 200,
      body: showPosition(await this.feed.acknowledge(tx, party, BigInt(sequence), digest)),
    }));
  }
}
