/** Payments that are taken back: what PSPs ask for, proposed to a second officer or declined, and what was reversed. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { Approvals } from '../../officers/approvals';
import type { Session } from '../../officers/sessions';
import { DecideReversals } from '../../payments/decide-reversals';
import { ReadReversals, type RequestFilter, requestStates } from '../../payments/read-reversals';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { nextHref } from '../frame/paging';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';
import { ages, ageOf, pageLength } from './list-filter';

const here = '/console/settlement/reversals';

@ConsolePages('settlement/reversals')
export class ReversalPages {
  constructor(
    private readonly reading: ReadReversals,
    private readonly deciding: DecideReversals,
    private readonly approvals: Approvals,
  ) {}

  /** Refuses: reversal.unknown, for a page that begins with none. */
  @Get()
  @Allowed('reversals.read')
  async requests(@Query() query: unknown): Promise<Page> {
    const filter = fieldsOf(query);
    const found = await this.reading.requests(filterOf(filter), filter['before'], pageLength);
    const asked = (await this.approvals.waiting()).filter(
      ({ action }) => action === 'payments.reverse',
    );
    return new Page('refunds/requests.njk', {
      filter,
      found: found.slice(0, pageLength),
      paging: nextHref(here, filter, found, pageLength),
      asked,
      states: requestStates,
      ages,
    });
  }

  /** Refuses: reversal.unknown, for a page that begins with none. */
  @Get('done')
  @Allowed('reversals.read')
  async reversals(@Query() query: unknown): Promise<Page> {
    const filter = fieldsOf(query);
    const found = await this.reading.reversals(filter['before'], pageLength);
    const paging = nextHref(`${here}/done`, filter, found, pageLength);
    return new Page('refunds/reversals.njk', { found: found.slice(0, pageLength), paging });
  }

  /** Refuses: reversal.unknown. */
  @Get(':id')
  @Allowed('reversals.read')
  async request(@Param('id') id: string, @Query() query: unknown): Promise<Page> {
    return this.show(id, { done: fieldsOf(query)['done'] });
  }

  @Post(':id/propose')
  @Allowed('payments.reverse')
  async propose(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page | GoTo> {
    const { reason = '' } = fieldsOf(body);
    try {
      const approval = await this.deciding.propose({ requestId: id, reason }, officer.name);
      return new GoTo(`/console/approvals/${approval}?done=asked`);
    } catch (fault) {
      return this.show(id, { fault: faultOf(fault), given: { propose: reason } });
    }
  }

  @Post(':id/decline')
  @Allowed('payments.reverse')
  async decline(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page | GoTo> {
    const { reason = '' } = fieldsOf(body);
    try {
      await this.deciding.decline(id, reason, officer.name);
      return new GoTo(`${here}/${id}?done=declined`);
    } catch (fault) {
      return this.show(id, { fault: faultOf(fault), given: { decline: reason } });
    }
  }

  private async show(id: string, more: Readonly<Record<string, unknown>>): Promise<Page> {
    const request = await this.reading.request(id);
    const asked = await this.approvals.ofSubject(`payment/${request.paymentId}`);
    const waiting = asked.filter(({ state }) => state === 'waiting');
    const status = more['fault'] === undefined ? 200 : 422;
    return new Page('refunds/request.njk', { request, waiting, ...more }, status);
  }
}

/** What cannot be read is left out. */
function filterOf({ state, psp, receipt, age }: Readonly<Record<string, string>>): RequestFilter {
  const known = requestStates.find((each) => each === state);
  return {
    ...(known === undefined ? {} : { state: known }),
    ...(psp === undefined ? {} : { pspCode: psp }),
    ...(receipt === undefined ? {} : { receipt }),
    ...ageOf(age),
  };
}
