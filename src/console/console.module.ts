/** Wires the console. A new page: README.md of this folder. */
import { type DynamicModule, Module } from '@nestjs/common';
import { AssuranceModule } from '../assurance/assurance.module';
import { BillsModule } from '../bills/bills.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { PartiesModule } from '../parties/parties.module';
import { PaymentsModule } from '../payments/payments.module';
import { AlarmPages } from './alarms/alarms.page';
import { CalendarPages } from './administration/calendar.page';
import { MappingPages } from './administration/mappings.page';
import { RangePages } from './administration/ranges.page';
import { TermsPages } from './administration/terms.page';
import { AuditPages } from './audit/audit.page';
import { ChainPages } from './audit/chain.page';
import { ControlPages } from './audit/controls.page';
import { SamplePages } from './audit/samples.page';
import { AuditSearchStore } from './audit/audit-search.store';
import { BillPages } from './bills/bills.page';
import { Search } from './bills/search';
import { SearchStore } from './bills/search.store';
import { Trace } from './bills/trace';
import { TraceStore } from './bills/trace.store';
import { DeliveryPages } from './deliveries/deliveries.page';
import { OfficerPages } from './officers/officers.page';
import { OverviewStore } from './overview/overview.store';
import { ReadOverview } from './overview/read-overview';
import { ApiKeyPages } from './parties/api-keys.page';
import { CertificatePages } from './parties/certificates.page';
import { EnrolPages } from './parties/enrol.page';
import { GoLivePages } from './parties/go-live.page';
import { GoLiveStore } from './parties/go-live.store';
import { PartyListStore } from './parties/party-list.store';
import { PartyPages } from './parties/parties.page';
import { AskBackPages } from './refunds/ask.page';
import { RefundPages } from './refunds/refunds.page';
import { ReversalPages } from './refunds/reversals.page';
import { PaymentPages } from './payments/payments.page';
import { OfficersModule } from '../officers/officers.module';
import { ApprovalPages } from './approvals/approvals.page';
import { AssetPages } from './assets/assets.page';
import { ClosingModule } from '../closing/closing.module';
import { ClosingDayPages } from './closing/closing-days.page';
import { ClosingPages } from './closing/closing.page';
import { Cookies } from './console-request';
import { ConsoleSettings } from './console-settings';
import { DiscrepancyPages } from './discrepancies/discrepancies.page';
import { SheetPages } from './discrepancies/sheet.page';
import { ErrorPages } from './frame/error-pages';
import { FramePages } from './frame/frame.page';
import { Renderer } from './frame/renderer';
import { ShowPage } from './frame/show-page';
import { Uploads } from './frame/uploads';
import { OverviewPages } from './overview/overview.page';
import { ReportsModule } from '../reports/reports.module';
import { ReportPages } from './reports/reports.page';
import { SchedulePages } from './reports/schedules.page';
import { KeptFiles } from './frame/kept-files';
import { SentFiles } from './frame/sent-files';
import { ReconciliationPages } from './reconciliation/reconciliation.page';
import { UploadPages } from './reconciliation/uploads.page';
import { WebhookPages } from './parties/webhooks.page';
import { SessionGuard } from './session.guard';
import { BankUploadPages } from './settlement/bank-uploads.page';
import { SettlementPages } from './settlement/settlement.page';
import { SignInPages } from './sign-in/sign-in.page';

@Module({})
export class ConsoleModule {
  static register(settings: ConsoleSettings): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [
        AssuranceModule,
        BillsModule,
        OfficersModule,
        ClosingModule,
        ReportsModule,
        PartiesModule,
        PaymentsModule,
        DeliveriesModule,
      ],
      controllers: [
        AssetPages,
        SignInPages,
        OverviewPages,
        RefundPages,
        ReversalPages,
        BankUploadPages,
        SettlementPages,
        SchedulePages,
        ReportPages,
        UploadPages,
        ReconciliationPages,
        SheetPages,
        DiscrepancyPages,
        ApprovalPages,
        ClosingDayPages,
        ClosingPages,
        BillPages,
        AskBackPages,
        PaymentPages,
        DeliveryPages,
        AlarmPages,
        ApiKeyPages,
        CertificatePages,
        EnrolPages,
        GoLivePages,
        WebhookPages,
        PartyPages,
        RangePages,
        CalendarPages,
        TermsPages,
        MappingPages,
        OfficerPages,
        ChainPages,
        SamplePages,
        ControlPages,
        AuditPages,
        FramePages,
      ],
      providers: [
        { provide: ConsoleSettings, useValue: settings },
        Cookies,
        Renderer,
        ShowPage,
        ErrorPages,
        SessionGuard,
        Uploads,
        OverviewStore,
        ReadOverview,
        SearchStore,
        Search,
        TraceStore,
        Trace,
        GoLiveStore,
        PartyListStore,
        AuditSearchStore,
        KeptFiles,
        SentFiles,
      ],
    };
  }
}
