/** What goes wrong in the console as a page in the reader's language, with the number of the request; never a stack. */
import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../kernel/refusal';
import { problemOf } from '../../platform/http/problem.filter';
import { hasText } from '../../platform/locale/locale';
import { Log } from '../../platform/logging/logger';
import { GoTo, Page } from '../page';
import { MustGoTo } from '../session.guard';
import { ShowPage } from './show-page';

@Injectable()
@Catch()
export class ErrorPages implements ExceptionFilter {
  constructor(
    private readonly show: ShowPage,
    private readonly log: Log,
  ) {}

  async catch(fault: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    await this.answer(fault, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  async answer(fault: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const answer = fault instanceof MustGoTo ? new GoTo(fault.path) : this.pageOf(fault, request);
    const body = await this.show.body(request, reply, answer);
    void reply.send(body);
  }

  private pageOf(fault: unknown, request: FastifyRequest): Page {
    const problem = problemOf(fault, request.url.split('?')[0] ?? '', request.id);
    if (problem.status >= 500) this.log.error('request-failed', { path: problem.instance, fault });
    const known = `frame.error-${String(problem.status)}`;
    const text =
      problem.code === 'console.form-foreign'
        ? 'frame.error-form'
        : hasText('en', known)
          ? known
          : 'frame.error-400';
    const refusal =
      fault instanceof Refusal ? { code: fault.code, detail: fault.detail } : undefined;
    return new Page('frame/error.njk', { text, refusal, requestId: request.id }, problem.status);
  }
}
