/** The work list of discrepancies with its filters in the address; each one's page, its owner, comments and resolution. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import { ManageOfficers } from '../../officers/manage-officers';
import { mayDo } from '../../officers/permission.rules';
import type { Session } from '../../officers/sessions';
import {
  type DiscrepancyKind,
  discrepancyKinds,
  type DiscrepancyState,
  discrepancyStates,
} from '../../reconciliation/discrepancy.rules';
import { ReadDays } from '../../reconciliation/read-days';
import { type ListFilter, ReadDiscrepancies } from '../../reconciliation/read-discrepancies';
import { type ResolutionWish, ResolveDiscrepancy } from '../../reconciliation/resolve-discrepancy';
import { WorkDiscrepancies } from '../../reconciliation/work-discrepancies';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, idOf, Page } from '../page';
import { Allowed } from '../session.guard';

const ages = [1, 3, 7, 30] as const;

@ConsolePages('discrepancies')
export class DiscrepancyPages {
  constructor(
    private readonly discrepancies: ReadDiscrepancies,
    private readonly work: WorkDiscrepancies,
    private readonly resolving: ResolveDiscrepancy,
    private readonly days: ReadDays,
    private readonly officers: ManageOfficers,
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
      workers: await this.workers(),
      query: new URLSearchParams(filter).toString(),
    });
  }

  /** Those that were ticked, taken or given together. Refuses: discrepancy.unknown, discrepancy.owner-unfit. */
  @Post('assign')
  @Allowed('discrepancies.work')
  async assignAll(@Body() body: unknown, @CurrentSession() { officer }: Session): Promise<GoTo> {
    const { filter = '' } = fieldsOf(body);
    const owner = await this.ownerOf(body, officer.name);
    const ids: unknown[] = [(body as { id?: unknown } | undefined)?.id].flat();
    const ticked = ids.filter((id) => typeof id === 'string');
    for (const text of ticked) await this.work.assign(idFrom(text), owner, officer.name);
    return new GoTo(`/console/discrepancies?${new URLSearchParams(filter).toString()}`);
  }

  /** Refuses: discrepancy.unknown. */
  @Get(':id')
  @Allowed('discrepancies.read')
  async one(@Param('id') text: string, @Query() query: unknown): Promise<Page> {
    return this.show(idFrom(text), { done: fieldsOf(query)['done'] });
  }

  /** Refuses: discrepancy.unknown, discrepancy.owner-unfit. */
  @Post(':id/assign')
  @Allowed('discrepancies.work')
  async assign(
    @Param('id') text: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    const id = idFrom(text);
    await this.work.assign(id, await this.ownerOf(body, officer.name), officer.name);
    return new GoTo(`/console/discrepancies/${String(id)}?done=assigned`);
  }

  /** Refuses: discrepancy.unknown. */
  @Post(':id/comment')
  @Allowed('discrepancies.work')
  async comment(
    @Param('id') text: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page | GoTo> {
    const id = idFrom(text);
    try {
      await this.work.comment(id, fieldsOf(body)['text'] ?? '', officer.name);
      return new GoTo(`/console/discrepancies/${String(id)}?done=commented`);
    } catch (fault) {
      return this.show(id, { fault: faultOf(fault) });
    }
  }

  /** What the resolution would do; nothing is changed yet. */
  @Post(':id/preview')
  @Allowed('discrepancies.resolve')
  async preview(@Param('id') text: string, @Body() body: unknown): Promise<Page> {
    const wish = wishOf(idFrom(text), body);
    try {
      return await this.show(wish.id, { wish, plan: await this.resolving.preview(wish) });
    } catch (fault) {
      return this.show(wish.id, { wish, fault: faultOf(fault) });
    }
  }

  @Post(':id/resolve')
  @Allowed('discrepancies.resolve')
  async resolve(
    @Param('id') text: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page | GoTo> {
    const wish = wishOf(idFrom(text), body);
    try {
      const { state } = await this.resolving.execute(wish, officer.name);
      const done = state === 'awaiting-approval' ? 'proposed' : 'resolved';
      return new GoTo(`/console/discrepancies/${String(wish.id)}?done=${done}`);
    } catch (fault) {
      return this.show(wish.id, { wish, fault: faultOf(fault) });
    }
  }

  /** Who may be given one: signs in, and works on them. */
  private async workers() {
    const officers = await this.officers.list();
    return officers.filter(
      ({ status, role }) => status === 'active' && mayDo(role, 'discrepancies.work'),
    );
  }

  /** Refuses: discrepancy.owner-unfit. */
  private async ownerOf(body: unknown, own: string): Promise<string> {
    const { owner, officer = '' } = fieldsOf(body);
    if (owner === 'me') return own;
    if (owner !== 'officer') return '';
    if ((await this.workers()).some(({ name }) => name === officer)) return officer;
    throw new Refusal(
      'discrepancy.owner-unfit',
      'this officer does not work on discrepancies',
      'unprocessable',
    );
  }

  private async show(id: bigint, more: Readonly<Record<string, unknown>>): Promise<Page> {
    const item = await this.work.one(id);
    const asks = new Set(item.resolutions.flatMap(({ name }) => asked[name] ?? []));
    const status = more['fault'] === undefined ? 200 : 422;
    return new Page(
      'discrepancies/discrepancy.njk',
      { item, asks: [...asks], workers: await this.workers(), ...more },
      status,
    );
  }
}

/** Refuses: discrepancy.unknown. */
function idFrom(text: string): bigint {
  const id = idOf(text);
  if (id !== undefined) return id;
  throw new Refusal('discrepancy.unknown', 'there is no such discrepancy', 'not-found');
}

/** What a resolution must be told beside its note. */
const asked: Readonly<Record<string, readonly string[]>> = {
  refund: ['refund'],
  'refund-returned': ['refund'],
  link: ['psp', 'day', 'account'],
};
const inputs = ['controlNumber', 'refund', 'psp', 'day', 'account'];

function wishOf(id: bigint, body: unknown): ResolutionWish {
  const fields = fieldsOf(body);
  const { resolution = '', note = '', revision = '' } = fields;
  const given = inputs.filter((name) => (fields[name] ?? '') !== '');
  return {
    id,
    resolution,
    ...(/^\d{1,9}$/.test(revision) ? { revision: Number(revision) } : {}),
    input: { note, ...Object.fromEntries(given.map((name) => [name, fields[name]])) },
  };
}

/** What cannot be read is left out: an address that was typed shows more, and no error. */
function filterOf(fields: Readonly<Record<string, string>>, officer: string): ListFilter {
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
