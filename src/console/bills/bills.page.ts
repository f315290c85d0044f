/** Bills: searched, and one as a time line of everything that happened to it. */
import { Get, Param, Post, Query } from '@nestjs/common';
import type { Session } from '../../officers/sessions';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { nextHref } from '../frame/paging';
import { fieldsOf, Page } from '../page';
import { Allowed } from '../session.guard';
import { pageLength, Search } from './search';
import { Trace } from './trace';

@ConsolePages('bills')
export class BillPages {
  constructor(
    private readonly trace: Trace,
    private readonly searching: Search,
  ) {}

  @Get()
  @Allowed('bills.read')
  async search(@Query() query: unknown, @CurrentSession() { officer }: Session): Promise<Page> {
    const filter = fieldsOf(query);
    const found = await this.searching.bills(filter, officer);
    const paging = nextHref('/console/bills', filter, found, pageLength);
    return new Page('bills/bills.njk', { filter, found: found.slice(0, pageLength), paging });
  }

  @Get(':id')
  @Allowed('bills.read')
  async show(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    return new Page('bills/bill.njk', await this.trace.bill(id, officer));
  }

  @Post(':id/reveal')
  @Allowed('payer.reveal')
  async reveal(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    const data = await this.trace.bill(id, officer, true);
    return new Page('bills/bill.njk', { ...data, isRevealed: true });
  }
}
