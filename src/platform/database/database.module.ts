/** Wires the connection pool of the running program and the transactions over it. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type ConnectionSettings, dataSourceOptions } from './data-source';
import { Database } from './database';

@Global()
@Module({})
export class DatabaseModule {
  static register(settings: ConnectionSettings): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(settings),
          retryAttempts: 3,
          retryDelay: 500,
        }),
      ],
      providers: [Database],
      exports: [Database],
    };
  }
}
