/** Wires deliveries. The port DeliveryEncoder is bound by the application. */
import { Module } from '@nestjs/common';
import { PartiesModule } from '../parties/parties.module';
import { DeliverDue } from './deliver-due';
import { DeliveryStore } from './delivery.store';
import { EnqueueDelivery } from './enqueue-delivery';
import { FeedReader } from './feed-reader';
import { FeedStore } from './feed.store';
import { WatchFeeds } from './feed-watch';
import { ReviewDeliveries } from './review-deliveries';
import { SealFeed } from './seal-feed';

@Module({
  imports: [PartiesModule],
  providers: [
    DeliveryStore,
    FeedStore,
    EnqueueDelivery,
    DeliverDue,
    ReviewDeliveries,
    SealFeed,
    FeedReader,
    WatchFeeds,
  ],
  exports: [EnqueueDelivery, DeliverDue, ReviewDeliveries, SealFeed, FeedReader, WatchFeeds],
})
export class DeliveriesModule {}
