/** Alarms: the open ones, each acknowledged with what was found or done, and those that were. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { Alarms } from '../../assurance/alarms';
import type { Session } from '../../officers/sessions';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, idOf, Page } from '../page';
import { Allowed } from '../session.guard';
import { placeOfAlarm } from './alarm-place';

@ConsolePages('alarms')
export class AlarmPages {
  constructor(private readonly alarms: Alarms) {}

  @Get()
  @Allowed('alarms.read')
  async list(@Query() query: unknown): Promise<Page> {
    return this.page(idOf(fieldsOf(query)['before']));
  }

  /** What is wrong stands over the list. */
  @Post(':id/acknowledge')
  @Allowed('alarms.acknowledge')
  async acknowledge(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    try {
      await this.alarms.acknowledge(idOf(id) ?? 0n, fieldsOf(body)['note'] ?? '', officer.name);
      return new GoTo('/console/alarms');
    } catch (fault) {
      return this.page(undefined, { fault: faultOf(fault) }, 422);
    }
  }

  private async page(before: bigint | undefined, more: object = {}, status = 200): Promise<Page> {
    const { alarms, next } = await this.alarms.open(before);
    const placed = alarms.map((each) => ({
      ...each,
      place: placeOfAlarm(each.kind, each.subject),
    }));
    const acknowledged = await this.alarms.acknowledged();
    const isFirst = before === undefined;
    return new Page(
      'alarms/alarms.njk',
      { alarms: placed, next, isFirst, acknowledged, ...more },
      status,
    );
  }
}
