/** What a request of the console carries besides HTTP: the session, the cookie, and the token of its forms. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal';
import type { Session } from '../officers/sessions';
import { Secrets } from '../platform/config/secrets';
import { isLanguage, type Language } from '../platform/locale/locale';
import { ConsoleSettings } from './console-settings';

declare module 'fastify' {
  interface FastifyRequest {
    consoleSession?: Session;
    /** The status of the answer, where it is not the one of its verb. */
    consoleStatus?: number;
  }
}

export function consoleRequestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

/** The session of who asks; the guard has made sure of it. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { consoleSession } = consoleRequestOf(context);
  if (consoleSession === undefined) throw new Error('a page without a guard');
  return consoleSession;
});

const languageCookie = 'malipo_language';
const yearSeconds = 365 * 86_400;

@Injectable()
export class Cookies {
  private readonly key: Buffer;

  constructor(
    private readonly settings: ConsoleSettings,
    secrets: Secrets,
  ) {
    this.key = secrets.keyFor('console forms');
  }

  /** With the prefix, a browser takes it over TLS only; one prefix that allows a path is all there is. */
  private get sessionName(): string {
    return this.settings.isSecure ? '__Secure-malipo' : 'malipo';
  }

  token(request: FastifyRequest): string {
    return fastifyCookie.parse(request.headers.cookie ?? '')[this.sessionName] ?? '';
  }

  language(request: FastifyRequest): Language | undefined {
    const text = fastifyCookie.parse(request.headers.cookie ?? '')[languageCookie] ?? '';
    return isLanguage(text) ? text : undefined;
  }

  /** An empty token takes the cookie away. */
  setToken(reply: FastifyReply, token: string): void {
    this.set(reply, this.sessionName, token, token === '' ? { maxAge: 0 } : {});
  }

  setLanguage(reply: FastifyReply, language: Language): void {
    this.set(reply, languageCookie, language, { maxAge: yearSeconds });
  }

  /** Bound to the cookie of the session, so that a form of another session, or of nobody, is no form of this one. */
  formToken(token: string): string {
    return createHmac('sha256', this.key).update(token).digest('base64url');
  }

  /** Refuses: console.form-foreign. */
  requireFormToken(request: FastifyRequest, given: unknown): void {
    const wanted = Buffer.from(this.formToken(this.token(request)));
    const got = Buffer.from(typeof given === 'string' ? given : '');
    if (got.length === wanted.length && timingSafeEqual(got, wanted)) return;
    throw foreignForm();
  }

  /** A form comes from our own pages, and its browser says so. Refuses: console.form-foreign. */
  requireOwnOrigin(request: FastifyRequest): void {
    const { origin = '' } = request.headers;
    const own = this.settings.origin;
    const isOwn =
      own === undefined
        ? URL.canParse(origin) && new URL(origin).host === request.headers.host
        : origin === own;
    if (!isOwn) throw foreignForm();
  }

  private set(reply: FastifyReply, name: string, value: string, more: { maxAge?: number }): void {
    const text = fastifyCookie.serialize(name, value, {
      path: '/console',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.settings.isSecure,
      ...more,
    });
    void reply.header('set-cookie', text);
  }
}

function foreignForm(): Refusal {
  return new Refusal(
    'console.form-foreign',
    'the form is too old or came from another site',
    'forbidden',
  );
}
