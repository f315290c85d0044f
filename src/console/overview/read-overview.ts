/** How the day goes: what was collected against the same weekday, and what waits for somebody. */
import { Injectable } from '@nestjs/common';
import { addDays, type BusinessDay } from '../../kernel/business-day';
import type { Currency } from '../../kernel/money';
import { Database } from '../../platform/database/database';
import { type HourOfPsp, OverviewStore } from './overview.store';

export interface Comparison {
  readonly label: string;
  readonly today: bigint;
  readonly before: bigint;
  readonly count: bigint;
}

export interface Collections {
  readonly currency: Currency;
  readonly day: BusinessDay;
  readonly weekBefore: BusinessDay;
  readonly hours: readonly Comparison[];
  readonly psps: readonly Comparison[];
  readonly total: Comparison;
}

@Injectable()
export class ReadOverview {
  constructor(
    private readonly database: Database,
    private readonly store: OverviewStore,
  ) {}

  async collections(currency: Currency, partyId: number | null): Promise<Collections> {
    const { reader } = this.database;
    const day = await this.store.today(reader);
    const weekBefore = addDays(day, -7);
    const rows = await this.store.collections(reader, [day, weekBefore], currency, partyId);
    const hours = [...new Set(rows.map(({ hour }) => hour))].sort((a, b) => a - b);
    const psps = [...new Set(rows.map(({ psp }) => psp))].sort();
    const compare = (label: string, chosen: readonly HourOfPsp[]): Comparison => ({
      label,
      today: sum(chosen.filter((row) => row.day === day).map((row) => row.amountMinor)),
      before: sum(chosen.filter((row) => row.day === weekBefore).map((row) => row.amountMinor)),
      count: sum(chosen.filter((row) => row.day === day).map((row) => row.count)),
    });
    return {
      currency,
      day,
      weekBefore,
      hours: hours.map((hour) =>
        compare(
          `${String(hour).padStart(2, '0')}:00`,
          rows.filter((row) => row.hour === hour),
        ),
      ),
      psps: psps.map((psp) =>
        compare(
          psp,
          rows.filter((row) => row.psp === psp),
        ),
      ),
      total: compare('', rows),
    };
  }

  /** What an institution's officer is not shown is empty. */
  async waiting(partyId: number | null) {
    const { reader } = this.database;
    const deliveries = await this.store.stuckDeliveries(reader, partyId);
    if (partyId !== null)
      return { deliveries, discrepancies: [], alarms: [], certificates: [], days: [] };
    return {
      deliveries,
      discrepancies: await this.store.openDiscrepancies(reader),
      alarms: await this.store.openAlarms(reader),
      certificates: await this.store.endingCertificates(reader),
      days: await this.store.openDays(reader),
    };
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, each) => total + each, 0n);
}
