/** The close of a day: its check list, the proposal, the second officer, and the sealed record that can be verified. */
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CloseDay } from '../../closing/close-day';
import { VerifyDay } from '../../closing/verify-day';
import { type BusinessDay, parseBusinessDay } from '../../kernel/business-day';
import { Approvals } from '../../officers/approvals';
import { mayDo } from '../../officers/permission.rules';
import type { Session } from '../../officers/sessions';
import { mediaTypes } from '../../reports/export-report';
import { ExportSealedDay } from '../../reports/export-sealed-day';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { ShowPage } from '../frame/show-page';
import { Download, faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

const proposing = 'day.close.propose';

@ConsolePages('closing')
export class ClosingPages {
  constructor(
    private readonly closing: CloseDay,
    private readonly verifying: VerifyDay,
    private readonly approvals: Approvals,
    private readonly documents: ExportSealedDay,
    private readonly pages: ShowPage,
  ) {}

  @Get(':day')
  @Allowed('day.read')
  async show(
    @Param('day') text: string,
    @Query() query: unknown,
    @CurrentSession() session: Session,
  ): Promise<Page> {
    const isWhole = fieldsOf(query)['whole'] !== undefined;
    return this.page(parseBusinessDay(text), session, { isWhole });
  }

  /** The sealed record, printed. Refuses: day.not-closed. */
  @Get(':day/pdf')
  @Allowed('day.read')
  async document(
    @Param('day') text: string,
    @CurrentSession() { officer }: Session,
    @Req() request: FastifyRequest,
  ): Promise<Download> {
    const day = parseBusinessDay(text);
    const language = this.pages.languageOf(request);
    const out = new PassThrough();
    const [bytes] = await Promise.all([
      buffer(out),
      this.documents
        .execute({ day, language, askedBy: officer.name }, out)
        .catch((fault: unknown) => {
          out.destroy();
          throw fault;
        }),
    ]);
    return new Download(`day-${day}.pdf`, mediaTypes.pdf, bytes);
  }

  @Post(':day/propose')
  @Allowed('day.close.propose')
  async propose(@Param('day') text: string, @CurrentSession() session: Session) {
    const day = parseBusinessDay(text);
    return this.act(day, session, () => this.closing.propose(day, session.officer.name));
  }

  @Post(':day/approve')
  @Allowed('day.close.approve')
  async approve(@Param('day') text: string, @CurrentSession() session: Session) {
    const day = parseBusinessDay(text);
    return this.act(day, session, () => this.closing.approve(day, session.officer.name));
  }

  @Post(':day/decline')
  @Allowed('day.close.approve')
  async decline(
    @Param('day') text: string,
    @Body() body: unknown,
    @CurrentSession() session: Session,
  ) {
    const day = parseBusinessDay(text);
    const { reason = '' } = fieldsOf(body);
    return this.act(day, session, () => this.closing.decline(day, session.officer.name, reason));
  }

  /** Computes the day again from its rows; changes nothing. Refuses: day.not-closed. */
  @Post(':day/verify')
  @Allowed('day.read')
  async verify(@Param('day') text: string, @CurrentSession() session: Session): Promise<Page> {
    const day = parseBusinessDay(text);
    return this.page(day, session, { verified: await this.verifying.execute(day) });
  }

  private async act(
    day: BusinessDay,
    session: Session,
    work: () => Promise<unknown>,
  ): Promise<Page | GoTo> {
    try {
      await work();
      return new GoTo(`/console/closing/${day}`);
    } catch (fault) {
      return this.page(day, session, { fault: faultOf(fault) });
    }
  }

  private async page(
    day: BusinessDay,
    { officer }: Session,
    more: Readonly<Record<string, unknown>>,
  ): Promise<Page> {
    const status = more['fault'] === undefined ? 200 : 422;
    const sealed = await this.verifying.sealed(day);
    if (sealed !== undefined)
      return new Page('closing/sealed.njk', { day, record: sealed, ...more }, status);
    const [outlook, asked] = await Promise.all([
      more['isWhole'] === true ? this.closing.outlook(day) : this.closing.glance(day),
      this.approvals.ofSubject(`day/${day}`),
    ]);
    const waiting = asked.find(({ state, action }) => state === 'waiting' && action === proposing);
    const isOwn = waiting?.requestedBy === officer.name;
    const mayDecide = waiting !== undefined && !isOwn && mayDo(officer.role, 'day.close.approve');
    const data = { day, ...outlook, waiting, isOwn, mayDecide, ...more };
    return new Page('closing/closing.njk', data, status);
  }
}
