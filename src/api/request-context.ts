/**
 * What one request of the JSON edge carries: who signed in, the exact bytes of the body, and the body as it was read.
 * The raw bytes stay, since the signature of a PSP covers them.
 */
import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { KeyHolder } from '../parties/api-key-directory';
import { Refusal } from '../kernel/refusal';
import type { PaymentServiceProvider, ServiceProvider } from '../parties/party-directory';

/** A body whose signature held, with what the journal keeps of that. */
export interface SignedBody {
  readonly bytes: Buffer;
  readonly jws: string;
  readonly certificateFingerprint: string;
}

export interface ApiRequest extends FastifyRequest {
  holder?: KeyHolder;
  signed?: SignedBody;
}

export function requestOf(context: ExecutionContext): ApiRequest {
  return context.switchToHttp().getRequest<ApiRequest>();
}

export function holderOf(request: ApiRequest): KeyHolder {
  if (request.holder === undefined) throw new Error('the guard runs before every operation');
  return request.holder;
}

/** The exact bytes of the body; none where no body came. */
export function rawBodyOf(request: ApiRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** A body of text/csv, which nobody has read yet. Refuses: upload.not-csv. */
export const CsvBody = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Readable => {
    const { body } = requestOf(context);
    if (!(body instanceof Readable))
      throw new Refusal('upload.not-csv', 'send a file with Content-Type text/csv', 'unsupported');
    return body;
  },
);

/** Who signed in, whatever kind of party it is. */
export const Holder = createParamDecorator((_data: unknown, context: ExecutionContext): KeyHolder =>
  holderOf(requestOf(context)),
);

/** The institution that signed in. Its scopes belong to institutions alone, so another party never comes so far. */
export const Institution = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ServiceProvider => {
    const { party } = holderOf(requestOf(context));
    if (party.kind !== 'service-provider') throw new Error(`${party.code} is no institution`);
    return party;
  },
);

/** The PSP that signed in, as `Institution`. */
export const Psp = createParamDecorator(
  (_data: unknown, context: ExecutionContext): PaymentServiceProvider => {
    const { party } = holderOf(requestOf(context));
    if (party.kind !== 'payment-service-provider') throw new Error(`${party.code} is no PSP`);
    return party;
  },
);

/** The body of an operation that is signed; its guard runs before the operation. */
export const Signed = createParamDecorator(
  (_data: unknown, context: ExecutionContext): SignedBody => {
    const { signed } = requestOf(context);
    if (signed === undefined) throw new Error('the guard of signatures runs before the operation');
    return signed;
  },
);
