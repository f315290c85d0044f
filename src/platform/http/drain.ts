/**
 * The end of a process without a lost request: for a moment every answer closes its connection, so that clients with
 * requests on the way are answered and come back to another process. Closing at once would cut what they just sent on
 * a connection that looks idle from here. Rule: security-reliability §3.4 (SIGTERM, 0 failed requests).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Longer than a busy client takes between two requests on one connection. */
const drainMs = 1_000;

@Injectable()
export class Drain {
  private isDraining = false;

  register(server: FastifyInstance): void {
    server.addHook('onRequest', (_request, reply, done) => {
      if (this.isDraining) reply.header('connection', 'close');
      done();
    });
  }

  /** Resolves when the server may be closed. */
  async execute(): Promise<void> {
    this.isDraining = true;
    await pause(drainMs);
  }
}
