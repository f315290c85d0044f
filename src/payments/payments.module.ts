/** Wires payments. */
import { Module } from '@nestjs/common';
import { BillsModule } from '../bills/bills.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { LedgerModule } from '../ledger/ledger.module';
import { PartiesModule } from '../parties/parties.module';
import { PaymentStore } from './payment.store';
import { ReceivePayment } from './receive-payment';
import { TellParties } from './tell-parties';

@Module({
  imports: [PartiesModule, DeliveriesModule, LedgerModule, BillsModule],
  providers: [PaymentStore, TellParties, ReceivePayment],
  exports: [ReceivePayment],
})
export class PaymentsModule {}
