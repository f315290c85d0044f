/**
 * Registers the GePG paths on Fastify, one route per row of the operations table. HTTP 200 for every business outcome;
 * `Content-Length`, and no charset, since a client compares the header text exactly (gepg-protocol.md §2.3).
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AcceptMessage } from './accept-message';
import { type Admission, type RequestClass, retryAfter } from '../platform/http/admission';
import { operations } from './operations';

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return (typeof value === 'string' ? value : '').trim();
}

type AnswerFault = (fault: unknown, request: FastifyRequest, reply: FastifyReply) => void;

export function registerGepgRoutes(
  server: FastifyInstance,
  acceptMessage: AcceptMessage,
  admission: Admission,
  answerFault: AnswerFault,
): void {
  for (const operation of operations) {
    server.route({
      method: 'POST',
      url: operation.path,
      bodyLimit: operation.bodyLimit,
      // Any spelling of the content type, or none, is a message: clients of the field never agreed on one.
      onRequest: (request, reply, done) => {
        request.headers['content-type'] = 'application/xml';
        if (admit(admission, operation.requestClass, reply)) done();
      },
      errorHandler: answerFault,
      handler: async (request, reply) => {
        const answer = await acceptMessage.execute(operation, {
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          codeHeader: header(request, 'gepg-code'),
          comHeader: header(request, 'gepg-com'),
          algorithmHeader: header(request, 'gepg-alg'),
          peer: request.ip,
          requestId: randomUUID(),
        });
        return reply
          .header('content-type', 'application/xml')
          .header('content-length', answer.length)
          .send(answer);
      },
    });
  }
}

/** Before a byte of the body is read; what is turned away is told when to try again, at once and without a signature. */
function admit(admission: Admission, kind: RequestClass, reply: FastifyReply): boolean {
  if (!admission.enter(kind)) {
    void reply.code(503).header('retry-after', retryAfter(Math.random())).send();
    return false;
  }
  reply.raw.once('close', () => {
    admission.leave(kind);
  });
  return true;
}
