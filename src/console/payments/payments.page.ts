/** Payments: searched, one proven shilling by shilling, and the message it came with, byte by byte. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { MakeEvidence } from '../../assurance/make-evidence';
import { Approvals } from '../../officers/approvals';
import { mayDo } from '../../officers/permission.rules';
import type { Session } from '../../officers/sessions';
import { ReadRefunds } from '../../payments/read-refunds';
import { ReadReversals } from '../../payments/read-reversals';
import { pageLength, Search } from '../bills/search';
import { Trace } from '../bills/trace';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { nextHref } from '../frame/paging';
import { Download, fieldsOf, Page } from '../page';
import { Allowed } from '../session.guard';

@ConsolePages('payments')
export class PaymentPages {
  constructor(
    private readonly trace: Trace,
    private readonly searching: Search,
    private readonly evidence: MakeEvidence,
    private readonly refunds: ReadRefunds,
    private readonly reversals: ReadReversals,
    private readonly approvals: Approvals,
  ) {}

  @Get()
  @Allowed('payments.read')
  async search(@Query() query: unknown, @CurrentSession() { officer }: Session): Promise<Page> {
    const filter = fieldsOf(query);
    const found = await this.searching.payments(filter, officer);
    const paging = nextHref('/console/payments', filter, found, pageLength);
    return new Page('payments/payments.njk', { filter, found: found.slice(0, pageLength), paging });
  }

  @Get('messages/:id')
  @Allowed('payer.reveal')
  async message(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    const { message, isSigned } = await this.trace.message(id, officer);
    return new Page('payments/message.njk', {
      message,
      isSigned,
      digest: message.bodyDigest,
      text: message.body.toString('utf8'),
    });
  }

  @Get(':id')
  @Allowed('payments.read')
  async show(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    return this.payment(id, officer, false);
  }

  @Post(':id/reveal')
  @Allowed('payer.reveal')
  async reveal(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    return this.payment(id, officer, true);
  }

  /** A ZIP with everything that is kept of the payment; with the payer in it, it counts as a payer seen. */
  @Post(':id/evidence')
  @Allowed('evidence.export')
  async bundle(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Download> {
    await this.trace.payment(id, officer);
    const hidesPayer = fieldsOf(body)['payer'] === 'hidden' || !mayDo(officer.role, 'payer.reveal');
    if (!hidesPayer) await this.trace.noteReveals(officer, [id]);
    const { name: madeBy, language } = officer;
    const { fileName, zip } = await this.evidence.execute({
      paymentId: id,
      madeBy,
      language,
      hidesPayer,
    });
    return new Download(fileName, 'application/zip', zip);
  }

  private async payment(
    id: string,
    officer: Session['officer'],
    isRevealed: boolean,
  ): Promise<Page> {
    const data = await this.trace.payment(id, officer, isRevealed);
    const back = mayDo(officer.role, 'refunds.read') ? await this.moneyBack(id) : {};
    return new Page('payments/payment.njk', { ...data, ...back, isRevealed });
  }

  /** What was taken back and refunded of it, and what of that waits for a second officer. */
  private async moneyBack(id: string): Promise<object> {
    const [refunds, taken, asked] = await Promise.all([
      this.refunds.ofPayment(id),
      this.reversals.ofPayment(id),
      this.approvals.ofSubject(`payment/${id}`),
    ]);
    const waiting = asked.filter(({ state }) => state === 'waiting');
    return { refunds, ...taken, waiting };
  }
}
