/** Wires the connection pools of the running program and the transactions over it. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type ConnectionSettings, dataSourceOptions } from './data-source';
import { Database, intakeName, readsName, TenantRole } from './database';

@Global()
@Module({})
export class DatabaseModule {
  static register(settings: Omit<ConnectionSettings, 'purpose'>): DynamicModule {
    const pool = (purpose: ConnectionSettings['purpose'], name?: string): DynamicModule =>
      TypeOrmModule.forRoot({
        ...dataSourceOptions({ ...settings, purpose }),
        ...(name === undefined ? {} : { name }),
        retryAttempts: 3,
        retryDelay: 500,
      });
    return {
      module: DatabaseModule,
      imports: [pool('transactions'), pool('intake', intakeName), pool('reads', readsName)],
      providers: [
        Database,
        { provide: TenantRole, useValue: new TenantRole(settings.role !== undefined) },
      ],
      exports: [Database],
    };
  }
}
