/** Wires payments. */
import { Module } from '@nestjs/common';
import { BillsModule } from '../bills/bills.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PartiesModule } from '../parties/parties.module';
import { MessagesModule } from '../messages/messages.module';
import { PaymentLane } from './payment-lane';
import { PaymentStore } from './payment.store';
import { AnswerRepeats } from './answer-repeats';
import { ReceivePayments } from './receive-payments';

@Module({
  imports: [PartiesModule, DeliveriesModule, LedgerModule, BillsModule, MessagesModule],
  providers: [PaymentStore, AnswerRepeats, ReceivePayments, PaymentLane],
  exports: [ReceivePayments, PaymentLane],
})
export class PaymentsModule {}
