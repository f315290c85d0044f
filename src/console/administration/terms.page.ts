/** What each PSP agreed on, from which day: cut-off, days to settle, fee; and the accounts of the treasury. */
import { Body, Get, Post } from '@nestjs/common';
import { parseBusinessDay } from '../../kernel/business-day';
import type { Session } from '../../officers/sessions';
import { ManageTerms } from '../../settlement/manage-terms';
import { readTerms } from '../../settlement/settlement-terms.rules';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

const fresh = { currency: 'TZS', cutoff: '24:00', settleDays: '1', due: '24:00', feeBasis: 'none' };

@ConsolePages('administration/terms')
export class TermsPages {
  constructor(private readonly terms: ManageTerms) {}

  @Get()
  @Allowed('parties.read')
  async list(): Promise<Page> {
    return this.page({});
  }

  /** What is wrong stands over the form. */
  @Post()
  @Allowed('fees.manage')
  async set(@Body() body: unknown, @CurrentSession() { officer }: Session): Promise<GoTo | Page> {
    const wanted = fieldsOf(body);
    try {
      const read = readTerms({
        ...wanted,
        currency: wanted['currency'] ?? '',
        from: parseBusinessDay(wanted['from'] ?? ''),
        settleDays: Number(wanted['settleDays'] ?? '1'),
        remitters: (wanted['remitters'] ?? '')
          .split(',')
          .map((each) => each.trim())
          .filter((each) => each !== ''),
      });
      await this.terms.set(wanted['psp'] ?? '', read, officer.name);
      return new GoTo('/console/administration/terms');
    } catch (fault) {
      return this.page({ fault: { ...faultOf(fault), field: 'psp' }, wanted }, 422);
    }
  }

  /** What is wrong stands over the form. */
  @Post('treasury')
  @Allowed('fees.manage')
  async setTreasury(
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const { treasury = '', treasuryCurrency = '' } = fieldsOf(body);
    try {
      await this.terms.setTreasury(treasury, treasuryCurrency, officer.name);
      return new GoTo('/console/administration/terms');
    } catch (fault) {
      return this.page({ fault: { ...faultOf(fault), field: 'treasury' } }, 422);
    }
  }

  private async page(more: object, status = 200): Promise<Page> {
    const [terms, treasuries] = [await this.terms.list(), await this.terms.treasuries()];
    const rows = terms.map((each) => ({
      ...each,
      cutoff: clock(each.cutoffMinutes),
      due: clock(each.dueMinutes),
      perMille: String(each.feePerMillion / 1_000),
    }));
    return new Page(
      'administration/terms.njk',
      { rows, treasuries, wanted: fresh, ...more },
      status,
    );
  }
}

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
