/** Days on which banks do not settle: those of a year, what is proclaimed added, what is not kept taken away. */
import { Body, Get, Post, Query } from '@nestjs/common';
import { businessDayOf, parseBusinessDay } from '../../kernel/business-day';
import type { Session } from '../../officers/sessions';
import { ManageCalendar } from '../../settlement/manage-calendar';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

@ConsolePages('administration/calendar')
export class CalendarPages {
  constructor(private readonly calendar: ManageCalendar) {}

  @Get()
  @Allowed('parties.read')
  async list(@Query() query: unknown): Promise<Page> {
    return this.page(fieldsOf(query)['year'], {});
  }

  /** What is wrong stands over the form. */
  @Post()
  @Allowed('calendars.manage')
  async add(@Body() body: unknown, @CurrentSession() { officer }: Session): Promise<GoTo | Page> {
    const wanted = fieldsOf(body);
    try {
      const day = parseBusinessDay(wanted['day'] ?? '');
      await this.calendar.add(day, wanted['name'] ?? '', officer.name);
      return new GoTo(`/console/administration/calendar?year=${day.slice(0, 4)}`);
    } catch (fault) {
      return this.page(undefined, { fault: faultOf(fault), wanted }, 422);
    }
  }

  /** What is wrong stands over the list. */
  @Post('remove')
  @Allowed('calendars.manage')
  async remove(
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    try {
      const day = parseBusinessDay(fieldsOf(body)['day'] ?? '');
      await this.calendar.remove(day, officer.name);
      return new GoTo(`/console/administration/calendar?year=${day.slice(0, 4)}`);
    } catch (fault) {
      return this.page(undefined, { fault: faultOf(fault) }, 422);
    }
  }

  private async page(asked: string | undefined, more: object, status = 200): Promise<Page> {
    const thisYear = businessDayOf(await this.calendar.now()).slice(0, 4);
    const year = /^20\d\d$/.test(asked ?? '') ? Number(asked) : Number(thisYear);
    const shown = { year, days: await this.calendar.list(year), wanted: {}, ...more };
    return new Page('administration/calendar.njk', shown, status);
  }
}
