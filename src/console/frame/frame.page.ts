/** What belongs to no page: the language, signing out, the mark, and addresses that lead nowhere. */
import { Body, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../kernel/refusal';
import { ManageOfficers } from '../../officers/manage-officers';
import type { Session } from '../../officers/sessions';
import { SignIn } from '../../officers/sign-in';
import { isLanguage } from '../../platform/locale/locale';
import { ConsolePages } from '../console-pages';
import { Cookies, CurrentSession } from '../console-request';
import { ConsoleSettings } from '../console-settings';
import { fieldsOf, GoTo } from '../page';
import { Allowed, nextPage } from '../session.guard';

@ConsolePages()
export class FramePages {
  constructor(
    private readonly officers: ManageOfficers,
    private readonly signIn: SignIn,
    private readonly cookies: Cookies,
    private readonly settings: ConsoleSettings,
  ) {}

  @Post('language')
  @Allowed('anybody')
  async chooseLanguage(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GoTo> {
    const { language = '', next = '' } = fieldsOf(body);
    const officer = request.consoleSession?.officer;
    if (officer !== undefined) await this.officers.setLanguage(officer.name, language);
    if (isLanguage(language)) this.cookies.setLanguage(reply, language);
    return new GoTo(next.startsWith('/console/sign-in') ? '/console/sign-in' : nextPage(next));
  }

  @Post('sign-out')
  @Allowed('anybody')
  async signOut(@Req() { consoleSession }: FastifyRequest): Promise<GoTo> {
    if (consoleSession !== undefined) await this.signIn.signOut(consoleSession);
    return new GoTo('/console/sign-in', '');
  }

  /** Refuses: console.asset-unknown. */
  @Get('mark')
  @Allowed('anybody')
  mark(@Res() reply: FastifyReply): void {
    const { mark } = this.settings;
    if (mark === undefined)
      throw new Refusal('console.asset-unknown', 'there is no mark', 'not-found');
    void reply
      .header('content-type', 'image/svg+xml')
      .header('cache-control', 'public, max-age=3600')
      .send(mark);
  }

  /** Refuses: console.page-unknown. */
  @Get('*')
  @Allowed('signed-in')
  nowhere(@CurrentSession() session: Session): never {
    throw new Refusal(
      'console.page-unknown',
      `there is no such page for ${session.officer.name}`,
      'not-found',
    );
  }
}
