/**
 * Builds the HTTP application: Nest on Fastify, with the limits of security-reliability §2.9. Used by the program and
 * by the tests alike.
 */
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { registerDocs } from './api/document';
import { AppModule } from './app.module';
import { registerConsole } from './console/frame/register-console';
import { AcceptMessage } from './gepg/accept-message';
import { registerGepgRoutes } from './gepg/gepg.routes';
import { PartyLimits } from './gepg/party-limits';
import { Admission } from './platform/http/admission';
import { Drain } from './platform/http/drain';
import { Metrics } from './platform/http/metrics';
import { problemOf, ProblemFilter } from './platform/http/problem.filter';
import { Log } from './platform/logging/logger';
import type { PlatformSettings } from './platform/platform.module';

/** Answers on the bare socket what never became a request: unfinished headers, a parse error, headers too long. */
function refuseOnSocket(fault: { code?: string }, socket: Socket): void {
  const status =
    fault.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : fault.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  if (socket.writable)
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function adapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: 262_144,
    genReqId: () => randomUUID(),
    routerOptions: {
      ignoreTrailingSlash: true,
      caseSensitive: false,
      ignoreDuplicateSlashes: true,
      maxParamLength: 128,
    },
    requestTimeout: 15_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    http: { maxHeaderSize: 8_192, headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    clientErrorHandler: refuseOnSocket,
    frameworkErrors: (fault: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(fault, request.url, request.id);
      void reply
        .code(problem.status)
        .header('content-type', 'application/problem+json')
        .send(problem);
    },
    // Clients were seen to send the path with trailing blanks (gepg-protocol.md §2.1).
    rewriteUrl: (request: IncomingMessage) =>
      (request.url ?? '/').replace(/(?:%20|\s|\/)+$/, '') || '/',
  });
}

/** The one place where a file may come; elsewhere its type is refused as any other that nobody reads. */
const uploadPath = '/v1/bill-uploads';

const xmlType = /^(?:application|text)\/(?:[\w.-]+\+)?xml\b/i;

export async function createApp(settings: PlatformSettings): Promise<NestFastifyApplication> {
  const log = new Log(settings.config.logLevel);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(settings),
    adapter(),
    // Bodies are read below: XML and JSON as the bytes that came, which their edges parse strictly and verify.
    { logger: log, abortOnError: false, bodyParser: false },
  );
  const server = app.getHttpAdapter().getInstance();
  server.removeContentTypeParser(['text/plain', 'application/json']);
  for (const type of [xmlType, 'application/json']) {
    server.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
  }
  server.addContentTypeParser('text/csv', (request, payload, done) => {
    if (request.routeOptions.url === uploadPath) done(null, payload);
    else done(Object.assign(new Error('no file is taken here'), { statusCode: 415 }));
  });
  app.get(Drain).register(server);
  const filter = new ProblemFilter(log);
  app.useGlobalFilters(filter);
  if (settings.config.role !== 'worker') {
    await registerConsole(server, app);
    registerGepgRoutes(
      server,
      app.get(AcceptMessage),
      {
        admission: app.get(Admission),
        limits: app.get(PartyLimits, { strict: false }),
        metrics: app.get(Metrics),
      },
      (fault, request, reply) => {
        filter.answer(fault, request, reply);
      },
    );
    registerDocs(server, app);
  }
  await app.init();
  await server.ready();
  return app;
}
