/**
 * Wires the JSON edge: what stands below /v1. To add an operation:
 *
 * 1. A class of this folder with `@Resource('path', 'Tag')` is a controller; list it below. The decorator brings the key,
 *    the scope, the rate and the strict reading of the input.
 * 2. Every method has `@Operation({ id, scope, summary, answer, refusals })`; `once: true` on a POST, `hasBody: true`
 *    where it takes JSON. A scope that does not exist yet is a row in parties/api-key.rules.
 * 3. Who asks comes with `@Institution()`, `@Psp()` or `@Holder()`; hand its id to the use case, which asks for it in
 *    every statement. Reads and writes go through `Database.forParty(id)`, and a table that they touch needs a policy
 *    and a grant for `malipo_tenant` in its migration. What no party may touch is a step `Database.asSystem(tx, …)`.
 *    Payments and enquiries of PSPs are intake, which is the system's.
 * 4. Input is a class of `fields.ts` (`@Body() input: BillInput`, `@Query()`, `@Param()` as whole classes); output is a
 *    class with `@ApiProperty` and an example on every field, made by one `show…` function. Lists: `paging.ts`.
 * 5. A POST takes `@Attempt() attempt` and does all its work inside `once.execute(attempt, async (tx) => …)`.
 * 6. A body that must be signed: `isSigned: true`, and `@Signed() signed` for its bytes and what the journal keeps.
 *
 * The document, and the tests that walk it (isolation, fuzz, schemas of answers), follow from the decorators.
 */
import { Module } from '@nestjs/common';
import { BillsModule } from '../bills/bills.module';
import { ClosingModule } from '../closing/closing.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { MessagesModule } from '../messages/messages.module';
import { PaymentsModule } from '../payments/payments.module';
import { PartiesModule } from '../parties/parties.module';
import { ApiKeyGuard } from './api-key.guard';
import { BillUploadsController } from './bill-uploads.controller';
import { BillsController } from './bills.controller';
import { DeliveriesController } from './deliveries.controller';
import { EnquiriesController } from './enquiries.controller';
import { EventsController } from './events.controller';
import { NotificationsController } from './notifications.controller';
import { PaymentsController, ReceiptsController } from './payments.controller';
import { ReportsModule } from '../reports/reports.module';
import { InstitutionReportsController } from './institution-reports.controller';
import { ReportsController } from './reports.controller';
import { Once } from './once';
import { StoredAnswerStore } from './stored-answer.store';
import { ReversalsController } from './reversals.controller';
import { StatementsController } from './statements.controller';
import { WebhooksController } from './webhooks.controller';

@Module({
  imports: [
    BillsModule,
    PartiesModule,
    PaymentsModule,
    DeliveriesModule,
    MessagesModule,
    ClosingModule,
    ReportsModule,
  ],
  controllers: [
    BillsController,
    BillUploadsController,
    NotificationsController,
    PaymentsController,
    ReceiptsController,
    ReportsController,
    InstitutionReportsController,
    DeliveriesController,
    EnquiriesController,
    EventsController,
    WebhooksController,
    StatementsController,
    ReversalsController,
  ],
  providers: [ApiKeyGuard, Once, StoredAnswerStore],
})
export class ApiModule {}
