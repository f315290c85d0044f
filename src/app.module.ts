/** The one file that knows every module; binds ports to their adapters. */
import { join } from 'node:path';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ApiModule } from './api/api.module';
import { AssuranceModule } from './assurance/assurance.module';
import { SignedPartsReader } from './assurance/signed-parts';
import { BillsModule } from './bills/bills.module';
import { AllotPrefixes } from './bills/allot-prefixes';
import { ConsoleModule } from './console/console.module';
import { ConsoleSettings } from './console/console-settings';
import { ClosingModule } from './closing/closing.module';
import { DeliveriesModule } from './deliveries/deliveries.module';
import { DeliveryEncoder } from './deliveries/delivery-encoder';
import { EnvelopeParts } from './gepg/envelope-parts';
import { CertifySelfTest } from './gepg/certify/self-test';
import { EncodeDayBatch } from './gepg/encode-day-batch';
import { GepgModule } from './gepg/gepg.module';
import { ReportsModule } from './reports/reports.module';
import { OutboundEncoder } from './gepg/outbound-encoder';
import { Signer } from './gepg/signer';
import { LedgerModule } from './ledger/ledger.module';
import { SandboxSwitch } from './parties/admit-certificate';
import { OfficersModule } from './officers/officers.module';
import { NumberRanges } from './parties/number-ranges';
import { PartiesModule } from './parties/parties.module';
import { PlaySelfTest } from './parties/test-party';
import { ReconciliationModule } from './reconciliation/reconciliation.module';
import { PaymentsModule } from './payments/payments.module';
import { SettlementModule } from './settlement/settlement.module';
import { PlatformModule, type PlatformSettings } from './platform/platform.module';

@Global()
@Module({})
class PortsModule {
  static register(isSandbox: boolean): DynamicModule {
    return {
      module: PortsModule,
      imports: [BillsModule, PaymentsModule],
      providers: [
        Signer,
        EncodeDayBatch,
        OutboundEncoder,
        { provide: DeliveryEncoder, useExisting: OutboundEncoder },
        { provide: SignedPartsReader, useClass: EnvelopeParts },
        { provide: PlaySelfTest, useClass: CertifySelfTest },
        { provide: NumberRanges, useExisting: AllotPrefixes },
        { provide: SandboxSwitch, useValue: new SandboxSwitch(isSandbox) },
      ],
      exports: [
        Signer,
        DeliveryEncoder,
        SignedPartsReader,
        NumberRanges,
        PlaySelfTest,
        SandboxSwitch,
      ],
    };
  }
}

function consoleOf({ config }: PlatformSettings): DynamicModule {
  const { consoleName, consoleMark, consoleOrigin, isSandbox, dataDir } = config;
  const uploads = join(dataDir, 'uploads');
  return ConsoleModule.register(
    new ConsoleSettings(consoleName, consoleMark, consoleOrigin, isSandbox, uploads),
  );
}

@Module({})
export class AppModule {
  static register(settings: PlatformSettings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.register(settings),
        PortsModule.register(settings.config.isSandbox),
        PartiesModule,
        OfficersModule,
        DeliveriesModule,
        ReportsModule,
        LedgerModule,
        BillsModule,
        ReconciliationModule.register(settings.config.cutoffMinutes),
        SettlementModule.register(join(settings.config.dataDir, 'inbox')),
        ClosingModule,
        AssuranceModule,
        ...(settings.config.role === 'worker' ? [] : [GepgModule, ApiModule, consoleOf(settings)]),
      ],
    };
  }
}
