/**
 * What every operator command shares: the installation opened for its length, its output, and how days and counts are
 * read. Who acted is written down as `cli`.
 */
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InvalidArgumentError } from 'commander';
import { AppModule } from '../app.module';
import { openInstallation, readSettings } from '../installation';
import { type BusinessDay, businessDayOf, parseBusinessDay } from '../kernel/business-day';
import { SystemClock } from '../kernel/clock';
import { Log } from '../platform/logging/logger';

export const actor = 'cli';

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function asJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each),
    2,
  );
}

/** Opens the installation for one command and closes it again, whatever happens. */
export async function withApp(
  work: (app: INestApplicationContext) => Promise<void>,
): Promise<void> {
  const settings = readSettings();
  const installation = await openInstallation(settings);
  try {
    const quiet = {
      ...installation.settings,
      config: { ...settings.config, logLevel: 'error' as const },
    };
    const app = await NestFactory.createApplicationContext(AppModule.register(quiet), {
      logger: new Log('error'),
      abortOnError: false,
    });
    try {
      await work(app);
    } finally {
      await app.close();
    }
  } finally {
    await installation.stopDatabase();
  }
}

export function readCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('wanted a number like 50.');
  return Number(text);
}

export function dayOf(text: string | undefined): BusinessDay {
  return text === undefined ? businessDayOf(new SystemClock().now()) : parseBusinessDay(text);
}
