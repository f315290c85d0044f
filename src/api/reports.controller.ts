/** The report of a business day: sums as JSON, payments as CSV. */
import { Readable } from 'node:stream';
import { Get, Param, StreamableFile } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { InstitutionSettlement } from '../closing/institution-settlement';
import type { ServiceProvider } from '../parties/party-directory';
import { ReadPayments } from '../payments/read-payments';
import { Operation, Resource } from './operation';
import { dayCsv, DayPath, DayReportBody, showDay } from './report.schema';
import { Institution } from './request-context';

@Resource('reports', 'Reports')
export class ReportsController {
  constructor(
    private readonly payments: ReadPayments,
    private readonly settlement: InstitutionSettlement,
  ) {}

  @Get('days/:day')
  @Operation({
    id: 'getDayReport',
    scope: 'reports:read',
    summary: 'Read the sums of a day',
    answer: {
      status: 200,
      description: 'Sums by currency and PSP, and what of them is at the bank.',
      type: DayReportBody,
    },
  })
  async day(@Institution() sp: ServiceProvider, @Param() { day }: DayPath): Promise<DayReportBody> {
    const [paid, settlement] = await Promise.all([
      this.payments.day(sp.id, day),
      this.settlement.execute(sp.id, day, day),
    ]);
    return showDay(paid, settlement);
  }

  @Get('days/:day/payments.csv')
  @Operation({
    id: 'getDayPayments',
    scope: 'reports:read',
    summary: 'Read the payments of a day as CSV',
    answer: { status: 200, description: 'A line per bill of a payment.', media: 'text/csv' },
  })
  dayPayments(@Institution() sp: ServiceProvider, @Param() { day }: DayPath): StreamableFile {
    return new StreamableFile(Readable.from(this.lines(sp.id, day)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="payments-${day}.csv"`,
    });
  }

  private async *lines(partyId: number, day: BusinessDay): AsyncGenerator<string> {
    let isFirst = true;
    for await (const payments of this.payments.ofDay(partyId, day)) {
      yield dayCsv(payments, isFirst);
      isFirst = false;
    }
  }
}
