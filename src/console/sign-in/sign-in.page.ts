/** Signing in, step by step: password, code, the first authenticator, the first password of one's own. No script. */
import { Body, Get, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { toString as drawQr } from 'qrcode';
import type { Session } from '../../officers/sessions';
import { SignIn } from '../../officers/sign-in';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed, nextPage } from '../session.guard';

@ConsolePages('sign-in')
export class SignInPages {
  constructor(private readonly signIn: SignIn) {}

  @Get()
  @Allowed('anybody')
  ask(@Query() query: unknown, @Req() { consoleSession }: FastifyRequest): Page | GoTo {
    if (consoleSession?.step === 'open') return new GoTo('/console');
    return new Page('sign-in/sign-in.njk', { next: fieldsOf(query)['next'] });
  }

  @Post()
  @Allowed('anybody')
  async enter(@Body() body: unknown, @Req() { ip }: FastifyRequest): Promise<Page | GoTo> {
    const { name = '', next } = fieldsOf(body);
    try {
      const token = await this.signIn.withPassword(
        name.toLowerCase(),
        textOf(body, 'password'),
        ip,
      );
      return new GoTo(nextPage(next), token);
    } catch (fault) {
      return new Page('sign-in/sign-in.njk', { next, name, fault: faultOf(fault) }, 422);
    }
  }

  @Get('code')
  @Allowed('give-code')
  askCode(): Page {
    return new Page('sign-in/code.njk');
  }

  @Post('code')
  @Allowed('give-code')
  async giveCode(
    @Body() body: unknown,
    @CurrentSession() session: Session,
    @Req() { ip }: FastifyRequest,
  ): Promise<Page | GoTo> {
    try {
      return new GoTo('/console', await this.signIn.withCode(session, textOf(body, 'code'), ip));
    } catch (fault) {
      return new Page('sign-in/code.njk', { fault: faultOf(fault) }, 422);
    }
  }

  @Get('authenticator')
  @Allowed('set-up-code')
  async askAuthenticator(@CurrentSession() session: Session): Promise<Page> {
    return this.authenticator(session);
  }

  @Post('authenticator')
  @Allowed('set-up-code')
  async confirmAuthenticator(
    @Body() body: unknown,
    @CurrentSession() session: Session,
    @Req() { ip }: FastifyRequest,
  ): Promise<Page | GoTo> {
    try {
      return new GoTo('/console', await this.signIn.withCode(session, textOf(body, 'code'), ip));
    } catch (fault) {
      return this.authenticator(session, faultOf(fault));
    }
  }

  @Get('password')
  @Allowed('change-password')
  askPassword(): Page {
    return new Page('sign-in/password.njk');
  }

  @Post('password')
  @Allowed('change-password')
  async changePassword(
    @Body() body: unknown,
    @CurrentSession() session: Session,
    @Req() { ip }: FastifyRequest,
  ): Promise<Page | GoTo> {
    const [old, next] = [textOf(body, 'old'), textOf(body, 'next')];
    try {
      if (next !== textOf(body, 'again'))
        return new Page('sign-in/password.njk', { isUnlike: true }, 422);
      return new GoTo('/console', await this.signIn.changePassword(session, { old, next }, ip));
    } catch (fault) {
      return new Page('sign-in/password.njk', { fault: faultOf(fault) }, 422);
    }
  }

  private async authenticator(session: Session, fault?: object): Promise<Page> {
    const { secret, address } = await this.signIn.offerCode(session);
    const drawing = await drawQr(address, { type: 'svg', margin: 1 });
    const spaced = (secret.match(/.{1,4}/g) ?? []).join(' ');
    const data = { secret: spaced, drawing, fault };
    return new Page('sign-in/authenticator.njk', data, fault === undefined ? 200 : 422);
  }
}

/** As it was typed: a password may begin with a blank. */
function textOf(body: unknown, name: string): string {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}
