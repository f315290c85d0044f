/**
 * Money that goes back to payers, from the approved refund to the bank's line that pays it: what waits, what can be
 * instructed, the files for the bank, and each refund's way (rulings.md §8). Payees are masked until somebody asks.
 */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { Approvals } from '../../officers/approvals';
import type { Session } from '../../officers/sessions';
import { ReadRefunds, type RefundFilter, refundStates } from '../../payments/read-refunds';
import { Refunds } from '../../payments/refunds';
import { ReviewSettlement } from '../../settlement/review-settlement';
import { Trace } from '../bills/trace';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { nextHref } from '../frame/paging';
import { Download, faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';
import { ages, ageOf, pageLength } from './list-filter';

const here = '/console/settlement/refunds';

@ConsolePages('settlement/refunds')
export class RefundPages {
  constructor(
    private readonly reading: ReadRefunds,
    private readonly refunds: Refunds,
    private readonly settlement: ReviewSettlement,
    private readonly approvals: Approvals,
    private readonly trace: Trace,
  ) {}

  /** Refuses: refund.unknown, for a page that begins with no refund. */
  @Get()
  @Allowed('refunds.read')
  async list(@Query() query: unknown): Promise<Page> {
    return this.show(fieldsOf(query));
  }

  /** All that is approved of an account, in one file; a second officer approves it. */
  @Post('instruct')
  @Allowed('refunds.request')
  async instruct(
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const { account = '', currency = '' } = fieldsOf(body);
    try {
      const id = await this.refunds.requestBatch(account, currency, officer.name);
      return new GoTo(`/console/approvals/${id}?done=asked`);
    } catch (fault) {
      return this.show({}, { fault: faultOf(fault) });
    }
  }

  /** Refuses: refund.batch-unknown. */
  @Get('files/:id')
  @Allowed('refunds.read')
  async file(@Param('id') id: string): Promise<Page> {
    const found = await this.reading.batch(id);
    const events = await this.trace.eventsOf([id]);
    const taken = events.filter(({ action }) => action === 'refund.file-taken');
    return new Page('refunds/file.njk', { ...found, taken });
  }

  /** Refuses: refund.batch-unknown. */
  @Post('files/:id/download')
  @Allowed('refunds.request')
  async download(
    @Param('id') id: string,
    @CurrentSession() { officer }: Session,
  ): Promise<Download> {
    const { name, text } = await this.refunds.file(id, officer.name);
    return new Download(name, 'application/xml', Buffer.from(text));
  }

  /** Refuses: refund.unknown. */
  @Get(':id')
  @Allowed('refunds.read')
  async one(@Param('id') id: string): Promise<Page> {
    return this.refund(id, false);
  }

  /** Counts as a payer seen. Refuses: refund.unknown, trace.view-limit. */
  @Post(':id/reveal')
  @Allowed('refunds.reveal')
  async reveal(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    const { paymentId } = await this.reading.one(id);
    await this.trace.noteReveals(officer, [paymentId]);
    return this.refund(id, true);
  }

  private async refund(id: string, isRevealed: boolean): Promise<Page> {
    const refund = await this.reading.one(id, isRevealed);
    const atBank = await this.settlement.refundAtBank(id);
    return new Page('refunds/refund.njk', { refund, atBank, isRevealed });
  }

  private async show(
    filter: Readonly<Record<string, string>>,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<Page> {
    const found = await this.reading.search(filterOf(filter), filter['before'], pageLength);
    const asked = (await this.approvals.waiting()).filter(
      ({ action }) => action === 'refunds.request',
    );
    const data = {
      filter,
      found: found.slice(0, pageLength),
      paging: nextHref(here, filter, found, pageLength),
      asked,
      waiting: await this.reading.waiting(),
      batches: await this.reading.batches(),
      states: refundStates,
      ages,
      ...more,
    };
    return new Page('refunds/refunds.njk', data, more['fault'] === undefined ? 200 : 422);
  }
}

/** What cannot be read is left out. */
function filterOf({
  state,
  account,
  receipt,
  age,
}: Readonly<Record<string, string>>): RefundFilter {
  const known = refundStates.find((each) => each === state);
  return {
    ...(known === undefined ? {} : { state: known }),
    ...(account === undefined ? {} : { account }),
    ...(receipt === undefined ? {} : { receipt }),
    ...ageOf(age),
  };
}
