/**
 * Who holds how much since when, what should arrive and what did, and each line of a bank with what explains it
 * (product.md §7). An institution's officer sees what was collected for the own institution, and no bank.
 */
import { Get, Param, Post, Query } from '@nestjs/common';
import { addDays, businessDayOf, parseBusinessDay } from '../../kernel/business-day';
import { SystemClock } from '../../kernel/clock';
import { isId } from '../../kernel/ids';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { MatchSettlement } from '../../settlement/match-settlement';
import { ReviewSettlement } from '../../settlement/review-settlement';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

const shownDays = 14;

@ConsolePages('settlement')
export class SettlementPages {
  private readonly clock = new SystemClock();

  constructor(
    private readonly review: ReviewSettlement,
    private readonly matching: MatchSettlement,
  ) {}

  @Get()
  @Allowed('settlement.read')
  async day(@Query() query: unknown, @CurrentSession() session: Session): Promise<Page> {
    const fields = fieldsOf(query);
    const day = fields['day'] === undefined ? this.today() : parseBusinessDay(fields['day']);
    const own = ownOf(session);
    const collected = (await this.review.collected(day)).filter(
      ({ spCode }) => own === undefined || spCode === own,
    );
    const expected = own === undefined ? await this.review.status(day) : [];
    return new Page('settlement/settlement.njk', {
      day,
      collected,
      expected,
      isOfAll: own === undefined,
      isDone: fields['done'] === 'matched',
    });
  }

  @Get('transit')
  @Allowed('settlement.read')
  async transit(@CurrentSession() session: Session): Promise<Page> {
    refuseInstitutions(session);
    const [{ rows, totals }, open] = await Promise.all([this.review.transit(), this.review.open()]);
    return new Page('settlement/transit.njk', { rows, totals, open });
  }

  @Get('expectations/:id')
  @Allowed('settlement.read')
  async payments(
    @Param('id') id: string,
    @Query() query: unknown,
    @CurrentSession() session: Session,
  ): Promise<Page> {
    refuseInstitutions(session);
    const after = fieldsOf(query)['after'];
    if (after !== undefined && !isId(after)) throw nothing(after);
    const payments = await this.review.payments(idOf(id), after);
    return new Page('settlement/payments.njk', {
      id,
      payments,
      isLater: after !== undefined,
      next: payments.length === 200 ? payments.at(-1)?.paymentId : undefined,
    });
  }

  @Get('statements')
  @Allowed('settlement.read')
  async statements(@Query() query: unknown, @CurrentSession() session: Session): Promise<Page> {
    refuseInstitutions(session);
    const fields = fieldsOf(query);
    const to = fields['to'] === undefined ? this.today() : parseBusinessDay(fields['to']);
    const from =
      fields['from'] === undefined ? addDays(to, -shownDays) : parseBusinessDay(fields['from']);
    const statements = await this.review.statements(from, to);
    return new Page('settlement/statements.njk', {
      from,
      to,
      statements,
      isDone: fields['done'] === 'imported',
    });
  }

  @Get('statements/:id')
  @Allowed('settlement.read')
  async entries(@Param('id') id: string, @CurrentSession() session: Session): Promise<Page> {
    refuseInstitutions(session);
    const entries = await this.review.entries(idOf(id));
    const isMatched = (each: (typeof entries)[number]): boolean =>
      each.matchedMinor === each.amountMinor;
    return new Page('settlement/entries.njk', {
      id,
      matched: entries.filter(isMatched),
      unmatched: entries.filter((each) => !isMatched(each)),
    });
  }

  @Post('match')
  @Allowed('settlement.work')
  async match(@CurrentSession() { officer }: Session): Promise<GoTo> {
    await this.matching.execute(officer.name);
    return new GoTo('/console/settlement?done=matched');
  }

  private today() {
    return businessDayOf(this.clock.now());
  }
}

function ownOf({ officer }: Session): string | undefined {
  return officer.partyCode ?? undefined;
}

function refuseInstitutions(session: Session): void {
  if (ownOf(session) !== undefined) throw nothing('banks');
}

function idOf(text: string): bigint {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw nothing(text);
  return BigInt(text);
}

function nothing(what: string): Refusal {
  return new Refusal('settlement.unknown', `there is no ${what} to show`, 'not-found');
}
