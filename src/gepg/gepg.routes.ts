/**
 * Registers the GePG paths on Fastify, one route per row of the operations table. HTTP 200 for every business outcome;
 * `Content-Length`, and no charset, since a client compares the header text exactly (gepg-protocol.md §2.3).
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AcceptMessage } from './accept-message';
import type { Metrics } from '../platform/http/metrics';
import { type Admission, type RequestClass, retryAfter } from '../platform/http/admission';
import { Turns } from '../platform/http/turns';
import { operations } from './operations';
import { LimitReached, type PartyLimits } from './party-limits';

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return (typeof value === 'string' ? value : '').trim();
}

/** Messages that are verified and read before the next look at the sockets: about a millisecond. */
const portion = 4;

type AnswerFault = (fault: unknown, request: FastifyRequest, reply: FastifyReply) => void;

export function registerGepgRoutes(
  server: FastifyInstance,
  acceptMessage: AcceptMessage,
  guards: {
    readonly admission: Admission;
    readonly limits: PartyLimits;
    readonly metrics: Metrics;
  },
  answerFault: AnswerFault,
): void {
  const { admission, limits, metrics } = guards;
  const turns = new Turns(portion);
  /** What is turned away is told when to try again, at once, without a body and without a signature. */
  const turnAway = (reply: FastifyReply, kind: RequestClass): void => {
    metrics.refused.inc({ reason: `overload-${kind}` });
    void reply.code(503).header('retry-after', retryAfter(Math.random())).send();
  };
  const turnAwayGreedy = (reply: FastifyReply, party: string): void => {
    limits.tell(party);
    const seconds = Math.max(1, limits.secondsToWait(party));
    void reply.code(429).header('retry-after', String(seconds)).send();
  };
  for (const operation of operations) {
    const kind = operation.requestClass;
    server.route({
      method: 'POST',
      url: operation.path,
      bodyLimit: operation.bodyLimit,
      onRequest: (request, reply, done) => {
        // Any spelling of the content type, or none, is a message: clients of the field never agreed on one.
        request.headers['content-type'] = 'application/xml';
        const named = header(request, 'gepg-code');
        if (!admission.isOpen(kind)) turnAway(reply, kind);
        else if (limits.secondsToWait(named) > 0) turnAwayGreedy(reply, named);
        else done();
      },
      errorHandler: answerFault,
      handler: async (request, reply) => {
        if (!admission.enter(kind)) {
          turnAway(reply, kind);
          return reply;
        }
        reply.raw.once('close', () => {
          admission.leave();
        });
        try {
          await turns.take();
          const answer = await acceptMessage.execute(operation, {
            body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
            codeHeader: header(request, 'gepg-code'),
            comHeader: header(request, 'gepg-com'),
            algorithmHeader: header(request, 'gepg-alg'),
            peer: request.ip,
            requestId: randomUUID(),
          });
          return await reply
            .header('content-type', 'application/xml')
            .header('content-length', answer.length)
            .send(answer);
        } catch (fault) {
          if (!(fault instanceof LimitReached)) throw fault;
          turnAwayGreedy(reply, fault.party);
          return reply;
        }
      },
    });
  }
}
