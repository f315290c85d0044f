/** Random samples of payments: drawn, looked at, taken away as CSV, and the evidence of small ones as one ZIP. */
import { Body, Get, Param, Post } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { DrawSample, mostBundled, type SampleWish } from '../../assurance/draw-sample';
import { parseBusinessDay } from '../../kernel/business-day';
import { formatAmount } from '../../kernel/money';
import { mayDo } from '../../officers/permission.rules';
import type { Session } from '../../officers/sessions';
import { Trace } from '../bills/trace';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { Download, faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

const home = '/console/audit/samples';

@ConsolePages('audit/samples')
export class SamplePages {
  constructor(
    private readonly samples: DrawSample,
    private readonly trace: Trace,
  ) {}

  @Get()
  @Allowed('audit.read')
  async list(): Promise<Page> {
    return new Page('audit/samples.njk', { samples: await this.samples.latest(), values: {} });
  }

  @Post()
  @Allowed('audit.verify')
  async draw(@Body() body: unknown, @CurrentSession() { officer }: Session): Promise<Page | GoTo> {
    const values = fieldsOf(body);
    try {
      const id = await this.samples.execute(wishOf(values), officer.name);
      return new GoTo(`${home}/${id}`);
    } catch (fault) {
      const samples = await this.samples.latest();
      return new Page('audit/samples.njk', { samples, values, fault: faultOf(fault) }, 422);
    }
  }

  @Get(':id')
  @Allowed('audit.read')
  async show(@Param('id') id: string): Promise<Page> {
    return new Page('audit/sample.njk', { ...(await this.samples.find(id)), mostBundled });
  }

  /** A text that a spreadsheet would run as a formula begins with a quote (F8). */
  @Get(':id/csv')
  @Allowed('audit.read')
  async csv(@Param('id') id: string): Promise<Download> {
    const { sample, payments } = await this.samples.find(id);
    const rows = payments.map((each, i) => ({
      seed: sample.seed,
      place: i + 1,
      receipt: each.receiptNumber,
      businessDay: each.businessDay,
      psp: each.psp,
      institutions: each.institutions,
      controlNumber: each.controlNumber,
      transactionId: each.transactionId,
      currency: each.currency,
      amount: formatAmount(each.amountMinor),
    }));
    const text = stringify(rows, { header: true, escape_formulas: true });
    return new Download(`sample-${sample.seed}.csv`, 'text/csv; charset=utf-8', Buffer.from(text));
  }

  @Post(':id/evidence')
  @Allowed('evidence.export')
  async evidence(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Download> {
    const { sample } = await this.samples.find(id);
    const hidesPayer = fieldsOf(body)['payer'] === 'hidden' || !mayDo(officer.role, 'payer.reveal');
    if (!hidesPayer && sample.paymentIds.length <= mostBundled)
      await this.trace.noteReveals(officer, sample.paymentIds);
    const { name: madeBy, language } = officer;
    const zip = await this.samples.bundles(id, { madeBy, language, hidesPayer });
    return new Download(`evidence-${sample.seed}.zip`, 'application/zip', zip);
  }
}

/** Refuses: day.malformed; what is no number is a size that the use case refuses. */
function wishOf(values: Readonly<Record<string, string>>): SampleWish {
  const { from = '', to = '', size = '', psp, sp, seed } = values;
  return {
    from: parseBusinessDay(from),
    to: parseBusinessDay(to),
    size: /^\d{1,4}$/.test(size) ? Number(size) : 0,
    ...(psp === undefined ? {} : { psp }),
    ...(sp === undefined ? {} : { sp }),
    ...(seed === undefined ? {} : { seed }),
  };
}
