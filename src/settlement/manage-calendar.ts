/** The calendar of bank days as data: what is proclaimed is added, what is not kept is taken away, by an officer. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Reader } from '../platform/database/database';
import { BusinessCalendar } from './calendar.rules';
import { TermsStore } from './terms.store';

export interface Holiday {
  readonly day: BusinessDay;
  readonly name: string;
  readonly note: string;
}

@Injectable()
export class ManageCalendar {
  constructor(
    private readonly database: Database,
    private readonly store: TermsStore,
    private readonly audit: AuditTrail,
  ) {}

  async now(): Promise<Date> {
    return this.store.now(this.database.reader);
  }

  async calendar(reader: Reader): Promise<BusinessCalendar> {
    return new BusinessCalendar(await this.store.calendarDays(reader));
  }

  async list(year: number): Promise<readonly Holiday[]> {
    const rows = await this.store.calendarDays(this.database.reader);
    const notes = new Map(rows.map((row) => [row.day, row.note]));
    return new BusinessCalendar(rows)
      .holidays(year)
      .map((each) => ({ ...each, note: notes.get(each.day) ?? '' }));
  }

  /** Refuses: calendar.name-missing. */
  async add(day: BusinessDay, name: string, actor: string): Promise<void> {
    if (name.trim() === '' || name.length > 100)
      throw new Refusal('calendar.name-missing', 'a holiday has a name of 1 to 100 characters');
    await this.database.transaction(async (tx) => {
      await this.store.setCalendarDay(tx, { day, name, isHoliday: true }, actor);
      await this.audit.record(tx, {
        actor,
        action: 'calendar.added',
        subject: day,
        detail: { name },
      });
    });
  }

  /** Of a computed holiday banks are said to work. Refuses: calendar.not-a-holiday. */
  async remove(day: BusinessDay, actor: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const name = (await this.calendar(tx)).holiday(day);
      if (name === undefined)
        throw new Refusal('calendar.not-a-holiday', `${day} is no public holiday`, 'not-found');
      await this.store.dropCalendarDay(tx, day);
      if ((await this.calendar(tx)).holiday(day) !== undefined)
        await this.store.setCalendarDay(tx, { day, name, isHoliday: false }, actor);
      await this.audit.record(tx, {
        actor,
        action: 'calendar.removed',
        subject: day,
        detail: { name },
      });
    });
  }
}
