/** Wires settings, database, logs, metrics, audit and jobs, for every other module. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AuditChain } from './audit/audit-chain';
import { AuditHeads } from './audit/audit-heads';
import { AuditKey } from './audit/audit-key';
import { AuditTrail } from './audit/audit-trail';
import { ProveEvent } from './audit/prove-event';
import { SealAudit } from './audit/seal-audit';
import { VerifyChain } from './audit/verify-chain';
import type { Config } from './config/config';
import { Secrets } from './config/secrets';
import { DatabaseModule } from './database/database.module';
import { Admission } from './http/admission';
import { Drain } from './http/drain';
import { HealthController } from './http/health.controller';
import { Metrics } from './http/metrics';
import { SharedBuckets } from './http/shared-buckets';
import { JobLeaseStore } from './jobs/job-lease.store';
import { JobLoop } from './jobs/job-loop';
import { Log } from './logging/logger';
import { Mailer } from './mail/mailer';

export interface PlatformSettings {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly databaseUrl: string;
  /** Absent where the login could not create roles. */
  readonly databaseRole: string | undefined;
}

@Global()
@Module({})
export class PlatformModule {
  static register({ config, secrets, databaseUrl, databaseRole }: PlatformSettings): DynamicModule {
    const services = [
      Admission,
      AuditTrail,
      AuditChain,
      ProveEvent,
      SealAudit,
      VerifyChain,
      Drain,
      Metrics,
      JobLeaseStore,
      JobLoop,
      Mailer,
      SharedBuckets,
    ];
    const values = [
      { provide: Secrets, useValue: secrets },
      { provide: AuditKey, useValue: new AuditKey(config.auditKeyFile) },
      { provide: AuditHeads, useValue: new AuditHeads(config.auditHeadFile) },
      { provide: Log, useValue: new Log(config.logLevel) },
    ];
    return {
      module: PlatformModule,
      imports: [
        DatabaseModule.register({
          url: databaseUrl,
          processes: config.httpProcesses,
          ...(databaseRole === undefined ? {} : { role: databaseRole }),
        }),
      ],
      controllers: [HealthController],
      providers: [...services, ...values],
      exports: [...services, Secrets, Log],
    };
  }
}
