/** The audit trail, searched: who did what to which subject, with before and after. */
import { Get, Query } from '@nestjs/common';
import { parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import { Database } from '../../platform/database/database';
import { ConsolePages } from '../console-pages';
import { nextHref } from '../frame/paging';
import { fieldsOf, Page } from '../page';
import { Allowed } from '../session.guard';
import { AuditSearchStore, frequent } from './audit-search.store';

const pageLength = 100;

@ConsolePages('audit')
export class AuditPages {
  constructor(
    private readonly database: Database,
    private readonly store: AuditSearchStore,
  ) {}

  /** Refuses: day.malformed, trace.cursor-unknown. */
  @Get()
  @Allowed('audit.read')
  async search(@Query() query: unknown): Promise<Page> {
    const filter = fieldsOf(query);
    const { before, from, to } = filter;
    for (const day of [from, to]) if (day !== undefined) parseBusinessDay(day);
    if (before !== undefined && !/^\d{1,18}$/.test(before))
      throw new Refusal('trace.cursor-unknown', 'there is no page that begins so');
    const { reader } = this.database;
    const isParty = await this.store.isParty(reader, filter['actor'] ?? '');
    const isRare = meansRare(filter, isParty);
    const found = await this.store.search(reader, filter, pageLength, isRare);
    const events = found
      .slice(0, pageLength)
      .map((each) => ({ ...each, text: JSON.stringify(each.detail) }));
    const paging = nextHref('/console/audit', filter, found, pageLength);
    return new Page('audit/audit.njk', { filter, events, paging });
  }
}

/** Whether what is done by parties' messages cannot be meant: another action is named, or somebody who is no party. */
function meansRare(filter: Readonly<Record<string, string>>, isParty: boolean): boolean {
  const { action, actor } = filter;
  if (action !== undefined) return !frequent.includes(action);
  return actor !== undefined && !isParty;
}
