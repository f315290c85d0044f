/**
 * Everything that goes wrong outside the GePG paths, as application/problem+json (RFC 9457) with a stable code; on the
 * GePG paths only what a client may try again. Never a stack, never a statement, never a path.
 */
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FieldFault, Refusal, type RefusalKind } from '../../kernel/refusal';
import { isOutage } from '../database/outage';
import { Log } from '../logging/logger';

const statusOf: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  unsupported: 415,
  unprocessable: 422,
  limited: 429,
};

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not acceptable as it is',
  429: 'Too many requests',
  500: 'Fault of the gateway',
  503: 'Try again',
};

function httpStatusOf(fault: unknown): number {
  if (fault instanceof Refusal) return statusOf[fault.kind];
  const { getStatus, statusCode } = fault as { getStatus?: () => number; statusCode?: number };
  if (typeof getStatus === 'function') return getStatus.call(fault);
  if (typeof statusCode === 'number') return statusCode;
  return isOutage(fault) ? 503 : 500;
}

export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly instance: string;
  /** Of the request, as in the log. */
  readonly requestId?: string;
  readonly errors?: readonly FieldFault[];
  /** Members of this refusal alone, as RFC 9457 allows. */
  readonly [member: string]: unknown;
}

export function problemOf(fault: unknown, instance: string, requestId?: string): Problem {
  const status = httpStatusOf(fault);
  const fields = fault instanceof Refusal ? (fault.more.fields ?? []) : [];
  return {
    type: 'about:blank',
    title: titles[status] ?? 'Refused',
    status,
    code: fault instanceof Refusal ? fault.code : `http.${String(status)}`,
    ...(fault instanceof Refusal ? { detail: fault.detail } : {}),
    instance,
    ...(requestId === undefined ? {} : { requestId }),
    ...(fields.length === 0 ? {} : { errors: fields }),
    ...(fault instanceof Refusal ? fault.more.members : {}),
  };
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(fault: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(fault, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(fault: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(fault, request.url.split('?')[0] ?? '', request.id);
    const seconds = fault instanceof Refusal ? fault.more.retryAfterSeconds : undefined;
    if (seconds !== undefined) void reply.header('retry-after', String(seconds));
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="malipo"');
    if (problem.status === 503) {
      // One line each, without the stack: an outage has thousands of them.
      this.log.warn('request-postponed', { path: problem.instance, reason: String(fault) });
      void reply.header('retry-after', '3');
    } else if (problem.status >= 500) {
      this.log.error('request-failed', { path: problem.instance, fault });
    }
    void reply
      .code(problem.status)
      .header('content-type', 'application/problem+json')
      .send(problem);
  }
}
