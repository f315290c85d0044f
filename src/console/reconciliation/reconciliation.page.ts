/** Business days: a month of them, one of them, both sides of a PSP's day; and running the reconciliation. */
import { Get, Param, Post, Query } from '@nestjs/common';
import { parseBusinessDay } from '../../kernel/business-day';
import type { Session } from '../../officers/sessions';
import { ReadDays } from '../../reconciliation/read-days';
import { RunReconciliation } from '../../reconciliation/run-reconciliation';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { fieldsOf, GoTo, idOf, Page } from '../page';
import { Allowed } from '../session.guard';
import { monthOf } from './calendar';

@ConsolePages('reconciliation')
export class ReconciliationPages {
  constructor(
    private readonly days: ReadDays,
    private readonly run: RunReconciliation,
  ) {}

  @Get()
  @Allowed('reconciliation.read')
  async list(@Query() query: unknown): Promise<Page> {
    const month = monthOf(fieldsOf(query)['month'], await this.days.today());
    const found = await this.days.between(month.first, month.last);
    const stateOf = Object.fromEntries(found.map(({ day, state }) => [day, state]));
    return new Page('reconciliation/days.njk', { month, found, stateOf });
  }

  @Get('days/:day')
  @Allowed('reconciliation.read')
  async day(@Param('day') text: string, @Query() query: unknown): Promise<Page> {
    const day = parseBusinessDay(text);
    const { done, revision } = fieldsOf(query);
    const view = await this.days.one(day);
    return new Page('reconciliation/day.njk', { view, done, revision });
  }

  @Post('days/:day/run')
  @Allowed('reconcile.run')
  async runDay(@Param('day') text: string, @CurrentSession() { officer }: Session): Promise<GoTo> {
    const day = parseBusinessDay(text);
    await this.run.execute(day, officer.name);
    return new GoTo(`/console/reconciliation/days/${day}?done=run`);
  }

  @Get('days/:day/:psp')
  @Allowed('reconciliation.read')
  async psp(
    @Param('day') text: string,
    @Param('psp') pspCode: string,
    @Query() query: unknown,
  ): Promise<Page> {
    const day = parseBusinessDay(text);
    const { match, unmatched } = fieldsOf(query);
    const after = { match: idOf(match) ?? 0n, unmatched: idOf(unmatched) ?? 0n };
    const [view, sides] = await Promise.all([
      this.days.one(day),
      this.days.bothSides(pspCode, day, after),
    ]);
    const psp = view.psps.find((each) => each.pspCode === pspCode);
    return new Page('reconciliation/psp-day.njk', { day, pspCode, psp, sides, match, unmatched });
  }
}
