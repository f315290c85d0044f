/** Wires the GePG edge. Signer comes from the application's ports, where the outbound encoder needs it too. */
import { Module } from '@nestjs/common';
import { BillsModule } from '../bills/bills.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { MessagesModule } from '../messages/messages.module';
import { PartiesModule } from '../parties/parties.module';
import { PaymentsModule } from '../payments/payments.module';
import { AcceptMessage } from './accept-message';
import { AuthenticateMessage } from './authenticate-message';
import { CertificateController } from './certificate.controller';
import { IdentifySender } from './identify-sender';
import { PartyLimits } from './party-limits';
import { PspOperations } from './psp-operations';
import { RunOperation } from './run-operation';
import { SchemaController } from './schema.controller';
import { SpOperations } from './sp-operations';

@Module({
  imports: [PartiesModule, DeliveriesModule, BillsModule, MessagesModule, PaymentsModule],
  controllers: [CertificateController, SchemaController],
  providers: [
    AcceptMessage,
    AuthenticateMessage,
    IdentifySender,
    PartyLimits,
    RunOperation,
    SpOperations,
    PspOperations,
  ],
  exports: [AcceptMessage, PartyLimits],
})
export class GepgModule {}
