/** Payments: searched, one proven shilling by shilling, and the message it came with, byte by byte. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { MakeEvidence } from '../../assurance/make-evidence';
import { mayDo } from '../../officers/permission.rules';
import type { Session } from '../../officers/sessions';
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
      digest: message.bodyDigest.toString('hex'),
      text: message.body.toString('utf8'),
    });
  }

  @Get(':id')
  @Allowed('payments.read')
  async show(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    return new Page('payments/payment.njk', await this.trace.payment(id, officer));
  }

  @Post(':id/reveal')
  @Allowed('payer.reveal')
  async reveal(@Param('id') id: string, @CurrentSession() { officer }: Session): Promise<Page> {
    const data = await this.trace.payment(id, officer, true);
    return new Page('payments/payment.njk', { ...data, isRevealed: true });
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
}
