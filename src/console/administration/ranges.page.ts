/** Administration that belongs to no single party; and the ranges of control numbers, with one more for who needs it. */
import { Body, Get, Post } from '@nestjs/common';
import { ManageRanges } from '../../bills/manage-ranges';
import type { Session } from '../../officers/sessions';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

@ConsolePages('administration')
export class RangePages {
  constructor(private readonly ranges: ManageRanges) {}

  @Get()
  @Allowed('ranges.read')
  home(): Page {
    return new Page('administration/administration.njk');
  }

  @Get('ranges')
  @Allowed('ranges.read')
  async list(): Promise<Page> {
    return this.page({});
  }

  /** What is wrong stands over the form. */
  @Post('ranges')
  @Allowed('ranges.manage')
  async widen(@Body() body: unknown, @CurrentSession() { officer }: Session): Promise<GoTo | Page> {
    const wanted = fieldsOf(body);
    try {
      const { party = '', prefix = '' } = wanted;
      await this.ranges.widen(party, prefix, officer.name);
      return new GoTo('/console/administration/ranges');
    } catch (fault) {
      return this.page({ fault: faultOf(fault), wanted }, 422);
    }
  }

  private async page(more: object, status = 200): Promise<Page> {
    const shown = { ranges: await this.ranges.usage(), wanted: {}, ...more };
    return new Page('administration/ranges.njk', shown, status);
  }
}
