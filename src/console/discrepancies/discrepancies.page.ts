/** The work list of discrepancies, with its filters in the address, and a page for each. */
import { Get, Param, Query } from '@nestjs/common';
import { parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import {
  type DiscrepancyKind,
  discrepancyKinds,
  type DiscrepancyState,
  discrepancyStates,
} from '../../reconciliation/discrepancy.rules';
import { ReadDays } from '../../reconciliation/read-days';
import { type DiscrepancyFilter, ReadDiscrepancies } from '../../reconciliation/read-discrepancies';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { fieldsOf, idOf, Page } from '../page';
import { Allowed } from '../session.guard';

const ages = [1, 3, 7, 30] as const;

@ConsolePages('discrepancies')
export class DiscrepancyPages {
  constructor(
    private readonly discrepancies: ReadDiscrepancies,
    private readonly days: ReadDays,
  ) {}

  @Get()
  @Allowed('discrepancies.read')
  async list(@Query() query: unknown, @CurrentSession() { officer }: Session): Promise<Page> {
    const fields = fieldsOf(query);
    const { after, ...filter } = fields;
    const { found, next, sums } = await this.discrepancies.search(
      filterOf(filter, officer.name),
      idOf(after) ?? 0n,
    );
    const address = (more: Readonly<Record<string, string>>) =>
      `/console/discrepancies?${new URLSearchParams({ ...filter, ...more }).toString()}`;
    return new Page('discrepancies/discrepancies.njk', {
      filter,
      found,
      sums,
      first: after === undefined ? undefined : address({}),
      next: next === null ? undefined : address({ after: String(next) }),
      psps: await this.days.psps(),
      kinds: discrepancyKinds,
      states: discrepancyStates,
      ages,
    });
  }

  /** Refuses: discrepancy.unknown. */
  @Get(':id')
  @Allowed('discrepancies.read')
  async one(@Param('id') text: string): Promise<Page> {
    const id = idOf(text);
    if (id === undefined)
      throw new Refusal('discrepancy.unknown', 'there is no such discrepancy', 'not-found');
    return new Page('discrepancies/discrepancy.njk', await this.discrepancies.one(id));
  }
}

/** What cannot be read is left out: an address that was typed shows more, and no error. */
function filterOf(fields: Readonly<Record<string, string>>, officer: string): DiscrepancyFilter {
  const { day, psp, kind, state, owner, age } = fields;
  const days = ages.find((each) => String(each) === age);
  return {
    ...(day === undefined ? {} : { day: parseBusinessDay(day) }),
    ...(psp === undefined ? {} : { pspCode: psp }),
    ...(discrepancyKinds.some((each) => each === kind) ? { kind: kind as DiscrepancyKind } : {}),
    ...(discrepancyStates.some((each) => each === state)
      ? { state: state as DiscrepancyState }
      : {}),
    ...(owner === 'me' ? { owner: officer } : owner === 'nobody' ? { owner: '-' } : {}),
    ...(days === undefined ? {} : { olderThanDays: days }),
  };
}
