/** How the day goes: what was collected against the same weekday, and what waits for somebody. */
import { Injectable } from '@nestjs/common';
import { Alarms } from '../../assurance/alarms';
import { addDays, type BusinessDay } from '../../kernel/business-day';
import type { Currency } from '../../kernel/money';
import { ReadDays } from '../../reconciliation/read-days';
import { ReviewSettlement, type TransitRow } from '../../settlement/review-settlement';
import { Database } from '../../platform/database/database';
import { Recent } from '../../platform/recent';
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
  /** When today was added up. */
  readonly asOf: Date;
  readonly hours: readonly Comparison[];
  readonly psps: readonly Comparison[];
  readonly total: Comparison;
}

interface SummedDay {
  readonly asOf: Date;
  readonly rows: readonly HourOfPsp[];
}

/** Every overview that is open asks again four times a minute: all of them are answered from one sum. */
const todayForMs = 10_000;
/** A day that is over gets no payments. */
const pastForMs = 600_000;

@Injectable()
export class ReadOverview {
  private readonly sumsOfToday = new Recent<SummedDay>(todayForMs);
  private readonly sumsOfPast = new Recent<SummedDay>(pastForMs);

  constructor(
    private readonly database: Database,
    private readonly store: OverviewStore,
    private readonly days: ReadDays,
    private readonly settlement: ReviewSettlement,
    private readonly alarms: Alarms,
  ) {}

  async collections(currency: Currency, partyId: number | null): Promise<Collections> {
    const { reader } = this.database;
    const day = await this.store.today(reader);
    const weekBefore = addDays(day, -7);
    const [today, before] = await Promise.all([
      this.summed(this.sumsOfToday, day, currency, partyId),
      this.summed(this.sumsOfPast, weekBefore, currency, partyId),
    ]);
    const all = [...today.rows, ...before.rows];
    const hours = [...new Set(all.map(({ hour }) => hour))].sort((a, b) => a - b);
    const psps = [...new Set(all.map(({ psp }) => psp))].sort();
    const compare = (label: string, isMeant: (row: HourOfPsp) => boolean): Comparison => {
      const own = today.rows.filter(isMeant);
      return {
        label,
        today: sum(own.map((row) => row.amountMinor)),
        before: sum(before.rows.filter(isMeant).map((row) => row.amountMinor)),
        count: sum(own.map((row) => row.count)),
      };
    };
    return {
      currency,
      day,
      weekBefore,
      asOf: today.asOf,
      hours: hours.map((hour) =>
        compare(`${String(hour).padStart(2, '0')}:00`, (row) => row.hour === hour),
      ),
      psps: psps.map((psp) => compare(psp, (row) => row.psp === psp)),
      total: compare('', () => true),
    };
  }

  private summed(
    recent: Recent<SummedDay>,
    day: BusinessDay,
    currency: Currency,
    partyId: number | null,
  ): Promise<SummedDay> {
    const { reader } = this.database;
    return recent.of(`${day} ${currency} ${String(partyId)}`, async () => ({
      asOf: await this.store.now(reader),
      rows: await this.store.collections(reader, day, currency, partyId),
    }));
  }

  /** What waits for somebody. Of deliveries an institution's officer sees the own ones. */
  async stuck(partyId: number | null) {
    return this.store.stuckDeliveries(this.database.reader, partyId);
  }

  /** What is the treasury's to know: nothing of it is shown to an institution. */
  async treasury() {
    const { reader } = this.database;
    const today = await this.store.today(reader);
    const days = await this.days.between(addDays(today, -shownDays), addDays(today, -1));
    const [discrepancies, alarms, alarmCount, certificates, lateStatements, open, held] =
      await Promise.all([
        this.store.openDiscrepancies(reader),
        this.alarms.open(),
        this.alarms.countOpen(),
        this.store.endingCertificates(reader),
        this.days.lateStatements(days),
        this.settlement.open(),
        this.settlement.onItsWay(),
      ]);
    const late = open.filter(({ state }) => state === 'late');
    const accounts = [...new Set(late.map((each) => each.collectionAccount))].sort();
    return {
      days,
      notClosed: days.filter(({ state }) => state !== 'closed').length,
      ready: days.filter(({ state }) => state === 'ready').length,
      discrepancies,
      alarms: alarms.alarms.slice(0, shownAlarms),
      alarmCount,
      certificates,
      lateStatements,
      lateBanks: accounts.map((account) => ({
        account,
        days: late.filter((each) => each.collectionAccount === account).map(clearingDay),
      })),
      inTransit: inTransitOf(held),
    };
  }
}

/** Two weeks before today: who looks further back has the calendar. */
const shownDays = 14;
/** The newest; the page of alarms has them all. */
const shownAlarms = 10;

const clearingDay = (each: { readonly clearingDay: BusinessDay }): BusinessDay => each.clearingDay;

/** By currency: how much, since when, and in how many places. */
function inTransitOf(rows: readonly TransitRow[]) {
  return [...new Set(rows.map(({ currency }) => currency))].sort().map((currency) => {
    const own = rows.filter((row) => row.currency === currency);
    const [since] = own.map((row) => row.since).sort();
    return {
      currency,
      amountMinor: sum(own.map((row) => row.amountMinor)),
      since,
      count: own.length,
    };
  });
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, each) => total + each, 0n);
}
