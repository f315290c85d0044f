/** Wires deliveries. The port DeliveryEncoder is bound by the application. */
import { Module } from '@nestjs/common';
import { PartiesModule } from '../parties/parties.module';
import { DeliverDue } from './deliver-due';
import { DeliveryStore } from './delivery.store';
import { EnqueueDelivery } from './enqueue-delivery';
import { ReviewDeliveries } from './review-deliveries';

@Module({
  imports: [PartiesModule],
  providers: [DeliveryStore, EnqueueDelivery, DeliverDue, ReviewDeliveries],
  exports: [EnqueueDelivery, DeliverDue, ReviewDeliveries],
})
export class DeliveriesModule {}
