/** Turns what a handler answers into HTTP: pages with their frame, gzipped; redirects by 303; files to keep. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { type Action, mayDo } from '../../officers/permission.rules';
import { type Language, languages } from '../../platform/locale/locale';
import { Cookies } from '../console-request';
import { ConsoleSettings } from '../console-settings';
import { menuFor } from '../menu';
import { Download, GoTo, Page } from '../page';
import { refusalSentence } from './refusal-sentences';
import { Renderer } from './renderer';

const zip = promisify(gzip);

@Injectable()
export class ShowPage implements NestInterceptor {
  constructor(
    private readonly renderer: Renderer,
    private readonly cookies: Cookies,
    private readonly settings: ConsoleSettings,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next
      .handle()
      .pipe(
        mergeMap((answer: unknown) =>
          this.body(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), answer),
        ),
      );
  }

  async body(request: FastifyRequest, reply: FastifyReply, answer: unknown): Promise<unknown> {
    if (answer instanceof GoTo) {
      if (answer.token !== undefined) this.cookies.setToken(reply, answer.token);
      request.consoleStatus = 303;
      void reply.header('location', answer.path);
      return '';
    }
    if (answer instanceof Download) {
      void reply
        .header('content-type', answer.type)
        .header('content-disposition', `attachment; filename="${answer.fileName}"`);
      request.consoleStatus = 200;
      return answer.body;
    }
    if (!(answer instanceof Page)) return answer;
    request.consoleStatus = answer.status;
    const html = Buffer.from(this.render(request, answer));
    void reply.header('content-type', 'text/html; charset=utf-8').header('vary', 'accept-encoding');
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return html;
    void reply.header('content-encoding', 'gzip');
    return zip(html);
  }

  languageOf(request: FastifyRequest): Language {
    return request.consoleSession?.officer.language ?? this.cookies.language(request) ?? 'en';
  }

  private render(request: FastifyRequest, page: Page): string {
    const session = request.consoleSession;
    const officer = session?.step === 'open' ? session.officer : undefined;
    const [path = ''] = request.url.split('?');
    const language = this.languageOf(request);
    return this.renderer.render(page.template, language, {
      ...page.data,
      ...inWordsOf(page.data, language),
      frame: {
        name: this.settings.name,
        hasMark: this.settings.mark !== undefined,
        isSandbox: this.settings.isSandbox,
        csrf: this.cookies.formToken(this.cookies.token(request)),
        languages,
        here: request.url,
        path,
        officer,
        isSignedIn: session !== undefined,
        menu: officer === undefined ? [] : menuFor(officer.role, path),
      },
      may: (action: Action) => officer !== undefined && mayDo(officer.role, action),
    });
  }
}

/** What a page shows of a refusal, `fault` or `refusal`, in the language of who reads. */
function inWordsOf(data: Page['data'], language: Language): Readonly<Record<string, unknown>> {
  const said = ['fault', 'refusal'].flatMap((name) => {
    const value = data[name] as { code?: unknown; detail?: unknown } | undefined;
    if (typeof value?.code !== 'string' || typeof value.detail !== 'string') return [];
    const { code, detail } = value;
    return [[name, { ...value, detail: refusalSentence({ code, detail }, language) }] as const];
  });
  return Object.fromEntries(said);
}
