/**
 * Registers the GePG paths on Fastify, one route per row of the operations table. HTTP 200 for every business outcome;
 * `Content-Length`, and no charset, since a client compares the header text exactly (gepg-protocol.md §2.3).
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AcceptMessage } from './accept-message';
import { operations } from './operations';

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return (typeof value === 'string' ? value : '').trim();
}

type AnswerFault = (fault: unknown, request: FastifyRequest, reply: FastifyReply) => void;

export function registerGepgRoutes(
  server: FastifyInstance,
  acceptMessage: AcceptMessage,
  answerFault: AnswerFault,
): void {
  for (const operation of operations) {
    server.route({
      method: 'POST',
      url: operation.path,
      bodyLimit: operation.bodyLimit,
      // Any spelling of the content type, or none, is a message: clients of the field never agreed on one.
      onRequest: (request, _reply, done) => {
        request.headers['content-type'] = 'application/xml';
        done();
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
