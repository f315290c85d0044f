/** The first page: how the day goes, and what waits for somebody. */
import { Get, Query } from '@nestjs/common';
import { isCurrency } from '../../kernel/money';
import type { Session } from '../../officers/sessions';
import { translator } from '../../platform/locale/locale';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { barChart } from '../frame/chart';
import { fieldsOf, Page } from '../page';
import { Allowed } from '../session.guard';
import { type Comparison, ReadOverview } from './read-overview';

@ConsolePages()
export class OverviewPages {
  constructor(private readonly overview: ReadOverview) {}

  @Get()
  @Allowed('overview.read')
  async show(@Query() query: unknown, @CurrentSession() { officer }: Session): Promise<Page> {
    const asked = fieldsOf(query)['currency'] ?? 'TZS';
    const currency = isCurrency(asked) ? asked : 'TZS';
    const [collections, deliveries, treasury] = await Promise.all([
      this.overview.collections(currency, officer.partyId),
      this.overview.stuck(officer.partyId),
      officer.partyId === null ? this.overview.treasury() : undefined,
    ]);
    const t = translator(officer.language);
    const draw = (title: string, rows: readonly Comparison[]) =>
      barChart({
        title,
        summary: `${title}: ${t('overview.chart-summary')}`,
        labels: rows.map(({ label }) => label),
        series: [
          { name: t('overview.today'), values: rows.map(({ today }) => today) },
          { name: t('overview.week-before'), values: rows.map(({ before }) => before) },
        ],
      });
    return new Page('overview/overview.njk', {
      collections,
      charts: [
        { drawn: draw(t('overview.by-hour'), collections.hours), rows: collections.hours },
        { drawn: draw(t('overview.by-psp'), collections.psps), rows: collections.psps },
      ],
      deliveries,
      treasury,
    });
  }
}
