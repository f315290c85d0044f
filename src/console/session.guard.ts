/**
 * Lets an officer to a page: a session that is open, a role that may do the action which the page declares, and, where
 * something is sent, a form of our own. Default deny: a page that declares no action is a fault of ours (CON3, CON6).
 */
import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal';
import { type Action, mayDo } from '../officers/permission.rules';
import { Sessions } from '../officers/sessions';
import type { Step } from '../officers/sign-in.rules';
import { consoleRequestOf, Cookies } from './console-request';

export const allowedKey = 'console:allowed';
const filesKey = 'console:files';

/** Who is let in without an action: anybody, or an officer who is at this step of signing in. */
export type Entrance = 'anybody' | 'signed-in' | Exclude<Step, 'open'>;

/** The action that the page needs; every handler has one, or says who else is let in. */
export const Allowed = (what: Action | Entrance): MethodDecorator => SetMetadata(allowedKey, what);

/** The body is a stream of files: the token is its first field, and `Uploads` compares it. */
export const TakesFiles = (): MethodDecorator => SetMetadata(filesKey, true);

/** Thrown to send a browser to where it has to go first. */
export class MustGoTo extends Error {
  constructor(readonly path: `/console${string}`) {
    super(`go to ${path}`);
  }
}

const pageOfStep: Readonly<Record<Step, `/console${string}`>> = {
  'set-up-code': '/console/sign-in/authenticator',
  'give-code': '/console/sign-in/code',
  'change-password': '/console/sign-in/password',
  open: '/console',
};

const entrances: readonly string[] = [
  'anybody',
  'signed-in',
  'set-up-code',
  'give-code',
  'change-password',
] satisfies Entrance[];

function isEntrance(what: string): what is Entrance {
  return entrances.includes(what);
}

@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
    private readonly cookies: Cookies,
  ) {}

  /** Refuses: console.not-allowed, console.form-foreign. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    const what = this.reflector.get<Action | Entrance | undefined>(allowedKey, handler);
    if (what === undefined) throw new Error('a page of the console declares its action');
    const request = consoleRequestOf(context);
    const session = await this.sessions.find(this.cookies.token(request), !isLive(request));
    if (session !== undefined) request.consoleSession = session;
    if (what !== 'anybody') {
      if (session === undefined) throw new MustGoTo(signInFor(request.method, request.url));
      const isHere = what === 'signed-in' || what === session.step;
      if (!isHere && (session.step !== 'open' || isEntrance(what)))
        throw new MustGoTo(pageOfStep[session.step]);
      if (!isEntrance(what) && !mayDo(session.officer.role, what)) {
        throw new Refusal(
          'console.not-allowed',
          `your role may not do this (${what})`,
          'forbidden',
        );
      }
    }
    const isSent = request.method !== 'GET' && request.method !== 'HEAD';
    if (isSent && this.reflector.get<true | undefined>(filesKey, handler) === undefined)
      this.cookies.requireFormToken(
        request,
        (request.body as { _csrf?: unknown } | undefined)?._csrf,
      );
    return true;
  }
}

/** Asked by a page that refreshes its figures (console.mjs), not by an officer; nothing is sent that way. */
function isLive({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers['x-console-live'] === '1';
}

/** Only a page that was asked for by GET is come back to, and only one of ours. */
function signInFor(method: string, url: string): `/console${string}` {
  const path = nextPage(url);
  return method === 'GET' && path !== '/console'
    ? `/console/sign-in?next=${encodeURIComponent(path)}`
    : '/console/sign-in';
}

/** Whatever was given, a page inside the console. */
export function nextPage(text: string | undefined): `/console${string}` {
  if (text === undefined || !/^\/console(?:[/?][\x21-\x7e]*)?$/.test(text)) return '/console';
  return text.startsWith('/console/sign-in') ? '/console' : (text as `/console${string}`);
}
