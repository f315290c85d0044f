/** Wires deliveries. The port DeliveryEncoder is bound by the application. */
import { Module } from '@nestjs/common';
import { PartiesModule } from '../parties/parties.module';
import { BreakerStore } from './breaker.store';
import { DeliverDue } from './deliver-due';
import { DeliveryLogStore } from './delivery-log.store';
import { DeliveryStore } from './delivery.store';
import { EnqueueDelivery } from './enqueue-delivery';
import { FeedReader } from './feed-reader';
import { FeedStore } from './feed.store';
import { WatchFeeds } from './feed-watch';
import { ParkDeliveries } from './park-deliveries';
import { PinAuthority } from './pin-authority';
import { RecordAttempts } from './record-attempts';
import { ResendDeliveries } from './resend-deliveries';
import { ReadDeliveryLog } from './read-delivery-log';
import { ReviewDeliveries } from './review-deliveries';
import { ReviewStore } from './review.store';
import { SealFeed } from './seal-feed';
import { ManageWebhooks } from './manage-webhooks';
import { SendMessage } from './send-message';
import { WebhookEncoder } from './webhook-encoder';
import { WebhookSecrets } from './webhook-secrets';
import { WebhookStore } from './webhook.store';

@Module({
  imports: [PartiesModule],
  providers: [
    DeliveryStore,
    BreakerStore,
    ReviewStore,
    DeliveryLogStore,
    ReadDeliveryLog,
    FeedStore,
    WebhookStore,
    WebhookSecrets,
    WebhookEncoder,
    ManageWebhooks,
    EnqueueDelivery,
    DeliverDue,
    SendMessage,
    RecordAttempts,
    ReviewDeliveries,
    ResendDeliveries,
    ParkDeliveries,
    PinAuthority,
    SealFeed,
    FeedReader,
    WatchFeeds,
  ],
  exports: [
    ReadDeliveryLog,
    ManageWebhooks,
    EnqueueDelivery,
    DeliverDue,
    ReviewDeliveries,
    ResendDeliveries,
    ParkDeliveries,
    PinAuthority,
    SealFeed,
    FeedReader,
    WatchFeeds,
  ],
})
export class DeliveriesModule {}
