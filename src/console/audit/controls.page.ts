/** The daily control tests with their results, and running those of a day again. */
import { Body, Get, Param, Post } from '@nestjs/common';
import { controls } from '../../assurance/controls';
import { RunControls } from '../../assurance/run-controls';
import { parseBusinessDay } from '../../kernel/business-day';
import type { Session } from '../../officers/sessions';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

@ConsolePages('audit/controls')
export class ControlPages {
  constructor(private readonly tests: RunControls) {}

  @Get()
  @Allowed('audit.read')
  async list(): Promise<Page> {
    return new Page('audit/controls.njk', { controls, days: await this.tests.days() });
  }

  @Post()
  @Allowed('audit.verify')
  async run(@Body() body: unknown, @CurrentSession() { officer }: Session): Promise<Page | GoTo> {
    const { day = '' } = fieldsOf(body);
    try {
      const wanted = parseBusinessDay(day);
      await this.tests.request(wanted, officer.name);
      return new GoTo(`/console/audit/controls/${wanted}`);
    } catch (fault) {
      const days = await this.tests.days();
      return new Page('audit/controls.njk', { controls, days, day, fault: faultOf(fault) }, 422);
    }
  }

  /** Refuses: day.malformed. */
  @Get(':day')
  @Allowed('audit.read')
  async show(@Param('day') text: string): Promise<Page> {
    const day = parseBusinessDay(text);
    return new Page('audit/control-day.njk', { day, ...(await this.tests.day(day)) });
  }
}
