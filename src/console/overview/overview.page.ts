/** The first page: how the day goes, and what waits for somebody. */
import { Get } from '@nestjs/common';
import { ConsolePages } from '../console-pages';
import { Page } from '../page';
import { Allowed } from '../session.guard';

@ConsolePages()
export class OverviewPages {
  @Get()
  @Allowed('overview.read')
  show(): Page {
    return new Page('overview/overview.njk');
  }
}
