/** Wires payments. */
import { Module } from '@nestjs/common';
import { BillsModule } from '../bills/bills.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PartiesModule } from '../parties/parties.module';
import { MessagesModule } from '../messages/messages.module';
import { FindPayment } from './find-payment';
import { PaymentDayStore } from './payment-day.store';
import { PaymentLane } from './payment-lane';
import { PaymentViewStore } from './payment-view.store';
import { ReadPayments } from './read-payments';
import { PaymentStore } from './payment.store';
import { AnnouncePayment } from './announce-payment';
import { AnswerRepeats } from './answer-repeats';
import { PaymentsOfDay } from './payments-of-day';
import { ReceivePayments } from './receive-payments';
import { RequestReversal } from './request-reversal';
import { ReversalStore } from './reversal.store';

@Module({
  imports: [PartiesModule, DeliveriesModule, LedgerModule, BillsModule, MessagesModule],
  providers: [
    PaymentStore,
    PaymentDayStore,
    PaymentViewStore,
    ReadPayments,
    AnswerRepeats,
    ReceivePayments,
    PaymentLane,
    FindPayment,
    AnnouncePayment,
    PaymentsOfDay,
    ReversalStore,
    RequestReversal,
  ],
  exports: [
    ReceivePayments,
    PaymentLane,
    FindPayment,
    AnnouncePayment,
    PaymentsOfDay,
    ReadPayments,
    RequestReversal,
  ],
})
export class PaymentsModule {}
