/** From a payment: asking that it be refunded or taken back. Both wait for a second officer, who sees what they would post. */
import { Body, Get, Param, Post } from '@nestjs/common';
import { Approvals } from '../../officers/approvals';
import type { Session } from '../../officers/sessions';
import { DecideReversals } from '../../payments/decide-reversals';
import { ReadRefunds, refundSources } from '../../payments/read-refunds';
import { ReadReversals } from '../../payments/read-reversals';
import { Refunds, type RefundWish } from '../../payments/refunds';
import { searchedAmount } from '../bills/search.rules';
import { Trace } from '../bills/trace';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

type Given = Readonly<Record<string, string>>;

@ConsolePages('payments')
export class AskBackPages {
  constructor(
    private readonly refunds: Refunds,
    private readonly readRefunds: ReadRefunds,
    private readonly reversals: DecideReversals,
    private readonly readReversals: ReadReversals,
    private readonly approvals: Approvals,
    private readonly trace: Trace,
  ) {}

  /** Refuses: trace.unknown. */
  @Get(':id/refund')
  @Allowed('refunds.request')
  async refund(@Param('id') id: string, @CurrentSession() session: Session): Promise<Page> {
    return this.refundForm(id, session);
  }

  @Post(':id/refund')
  @Allowed('refunds.request')
  async askForRefund(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() session: Session,
  ): Promise<Page | GoTo> {
    const given = fieldsOf(body);
    try {
      const approval = await this.refunds.request(wishOf(id, given), session.officer.name);
      return new GoTo(`/console/approvals/${approval}?done=asked`);
    } catch (fault) {
      return this.refundForm(id, session, { fault: faultOf(fault), given });
    }
  }

  /** Refuses: trace.unknown. */
  @Get(':id/reversal')
  @Allowed('payments.reverse')
  async reversal(@Param('id') id: string, @CurrentSession() session: Session): Promise<Page> {
    return this.reversalForm(id, session);
  }

  @Post(':id/reversal')
  @Allowed('payments.reverse')
  async askForReversal(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() session: Session,
  ): Promise<Page | GoTo> {
    const given = fieldsOf(body);
    const { reason = '' } = given;
    try {
      const wish = { paymentId: id, reason };
      const approval = await this.reversals.propose(wish, session.officer.name);
      return new GoTo(`/console/approvals/${approval}?done=asked`);
    } catch (fault) {
      return this.reversalForm(id, session, { fault: faultOf(fault), given });
    }
  }

  private async refundForm(
    id: string,
    { officer }: Session,
    more: { readonly fault?: object; readonly given?: Given } = {},
  ): Promise<Page> {
    const { payment } = await this.trace.payment(id, officer);
    const { left, account } = await this.readRefunds.refundable(id);
    const sources = refundSources
      .filter((source) => left[source] > 0n)
      .map((source) => ({ source, leftMinor: left[source] }));
    const data = { payment, sources, account, waiting: await this.waiting(id), ...more };
    return new Page('refunds/ask-refund.njk', data, more.fault === undefined ? 200 : 422);
  }

  private async reversalForm(
    id: string,
    { officer }: Session,
    more: { readonly fault?: object; readonly given?: Given } = {},
  ): Promise<Page> {
    const { payment } = await this.trace.payment(id, officer);
    const waiting = await this.waiting(id);
    const { requests } = await this.readReversals.ofPayment(id);
    const open = requests.filter(({ state }) => state === 'requested');
    const data = { payment, waiting, requests: open, ...(await this.reversible(id)), ...more };
    return new Page('refunds/ask-reversal.njk', data, more.fault === undefined ? 200 : 422);
  }

  /** What a reversal would take back, or why there is none. */
  private async reversible(id: string): Promise<object> {
    try {
      return { reversible: await this.readReversals.reversible(id) };
    } catch (fault) {
      return { fault: faultOf(fault) };
    }
  }

  /** What was asked of this payment and is not decided. */
  private async waiting(id: string) {
    const asked = await this.approvals.ofSubject(`payment/${id}`);
    return asked.filter(({ state }) => state === 'waiting');
  }
}

/** Refuses: money.malformed. */
function wishOf(paymentId: string, given: Given): RefundWish {
  const { source, amount = '', account, name = '', payee = '', bank = '', reason = '' } = given;
  return {
    paymentId,
    source: refundSources.find((each) => each === source) ?? 'suspense',
    amountMinor: searchedAmount(amount),
    ...(account === undefined ? {} : { account }),
    creditorName: name,
    creditorAccount: payee,
    creditorBank: bank,
    reason,
  };
}
