/** Wires payments. */
import { Module } from '@nestjs/common';
import { BillsModule } from '../bills/bills.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PartiesModule } from '../parties/parties.module';
import { MessagesModule } from '../messages/messages.module';
import { OfficersModule } from '../officers/officers.module';
import { DecideReversals } from './decide-reversals';
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
import { ReadRefunds } from './read-refunds';
import { ReadReversals } from './read-reversals';
import { RefundStore } from './refund.store';
import { RefundViewStore } from './refund-view.store';
import { ReversalViewStore } from './reversal-view.store';
import { Refunds } from './refunds';
import { ReturnRefund } from './return-refund';
import { ReversalStore } from './reversal.store';
import { CorrectedPaymentStore } from './corrected-payment.store';
import { PlacePayment } from './place-payment';
import { RecordPayment } from './record-payment';
import { ReversePayment } from './reverse-payment';
import { WeighRefund } from './weigh-refund';

@Module({
  imports: [
    PartiesModule,
    DeliveriesModule,
    LedgerModule,
    BillsModule,
    MessagesModule,
    OfficersModule,
  ],
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
    CorrectedPaymentStore,
    RefundStore,
    RefundViewStore,
    ReversalViewStore,
    WeighRefund,
    RecordPayment,
    PlacePayment,
    ReversePayment,
    Refunds,
    ReturnRefund,
    DecideReversals,
    ReadRefunds,
    ReadReversals,
  ],
  exports: [
    ReceivePayments,
    PaymentLane,
    FindPayment,
    AnnouncePayment,
    PaymentsOfDay,
    ReadPayments,
    RequestReversal,
    RecordPayment,
    PlacePayment,
    ReversePayment,
    Refunds,
    ReturnRefund,
    DecideReversals,
    ReadRefunds,
    ReadReversals,
  ],
})
export class PaymentsModule {}
