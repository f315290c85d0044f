/**
 * What the console needs of Fastify, on its own routes alone: forms and files are read nowhere else, and the paths of
 * payments carry no hook of it. Told apart by the registered route, since a router that is tolerant of case and slashes
 * lets a path look like another one.
 */
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { INestApplicationContext } from '@nestjs/common';
import { Cookies } from '../console-request';
import { ErrorPages } from './error-pages';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** One file of 64 MiB at a time: a day of a large PSP is less. */
const limits = { fileSize: 67_108_864, files: 1, fields: 20, fieldSize: 10_000, parts: 25 };
const formLimit = 1_048_576;

const isConsole = (url: string | undefined): boolean =>
  url !== undefined && /^\/console(?:\/|$)/.test(url);

function notHere(): Error {
  return Object.assign(new Error('no form is taken here'), { statusCode: 415 });
}

function setHeaders(reply: FastifyReply): void {
  void reply.headers({
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    // With no-referrer a browser would send a form with the origin "null".
    'referrer-policy': 'same-origin',
  });
}

export async function registerConsole(
  server: FastifyInstance,
  app: INestApplicationContext,
): Promise<void> {
  const cookies = app.get(Cookies, { strict: false });
  await server.register(multipart, { limits });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: formLimit },
    (request, body, done) => {
      if (!isConsole(request.routeOptions.url)) done(notHere());
      else done(null, Object.fromEntries(groupFields(String(body))));
    },
  );
  server.addHook('onRoute', (route: RouteOptions) => {
    if (!isConsole(route.url)) {
      if (route.method !== 'GET' && route.method !== 'HEAD') route.preParsing = refuseFiles(route);
      return;
    }
    route.onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
      setHeaders(reply);
      if (request.method !== 'GET' && request.method !== 'HEAD') cookies.requireOwnOrigin(request);
      return Promise.resolve();
    };
    route.onSend = async (request: FastifyRequest, reply: FastifyReply) => {
      if (request.consoleStatus !== undefined) void reply.code(request.consoleStatus);
      return Promise.resolve();
    };
    route.errorHandler = (fault, request, reply) => {
      void app.get(ErrorPages, { strict: false }).answer(fault, request, reply);
    };
  });
}

/** A field that comes several times, as check boxes do, is a list. */
function groupFields(body: string): ReadonlyMap<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(body)) {
    const known = fields.get(name);
    fields.set(name, known === undefined ? value : [known, value].flat());
  }
  return fields;
}

type Step = NonNullable<RouteOptions['preParsing']>;

/** Outside the console a file is refused by its type, as it was before anything here could read one. */
function refuseFiles(route: RouteOptions): Step {
  const refuse: Step = (request: FastifyRequest, _reply, payload, done) => {
    const isFile = /^multipart\//i.test(request.headers['content-type'] ?? '');
    if (isFile) done(notHere());
    else done(null, payload);
  };
  const before = route.preParsing;
  return before === undefined ? refuse : [refuse, before].flat();
}
