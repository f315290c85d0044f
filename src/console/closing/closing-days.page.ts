/** Where the close of days begins: the last weeks with what each still needs, each with its page. */
import { Get } from '@nestjs/common';
import { addDays } from '../../kernel/business-day';
import { ReadDays } from '../../reconciliation/read-days';
import { ConsolePages } from '../console-pages';
import { Page } from '../page';
import { Allowed } from '../session.guard';

const shownDays = 35;

@ConsolePages('closing')
export class ClosingDayPages {
  constructor(private readonly days: ReadDays) {}

  @Get()
  @Allowed('day.read')
  async list(): Promise<Page> {
    const today = await this.days.today();
    const found = await this.days.between(addDays(today, -shownDays), addDays(today, -1));
    // A day closes when all before it are closed, so the oldest that is open is the next.
    const next = found.filter(({ state }) => state !== 'closed').at(-1)?.day;
    return new Page('closing/closing-days.njk', { found, next });
  }
}
