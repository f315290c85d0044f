/** Wires payments. */
import { Module } from '@nestjs/common';
import { BillsModule } from '../bills/bills.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PartiesModule } from '../parties/parties.module';
import { PaymentStore } from './payment.store';
import { AnswerRepeats } from './answer-repeats';
import { ReceivePayments } from './receive-payments';

@Module({
  imports: [PartiesModule, DeliveriesModule, LedgerModule, BillsModule],
  providers: [PaymentStore, AnswerRepeats, ReceivePayments],
  exports: [ReceivePayments],
})
export class PaymentsModule {}
