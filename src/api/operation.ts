/**
 * What every operation of /v1 says of itself, once: the scope it needs, its answer, the refusals it has beyond those
 * that all have, and whether it takes an Idempotency-Key. The guard and the document read the same words.
 */
import {
  applyDecorators,
  Controller,
  HttpCode,
  SetMetadata,
  type Type,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Scope } from '../parties/api-key.rules';
import { ApiKeyGuard, scopeKey } from './api-key.guard';
import { FieldProblem, ProblemBody } from './problem.schema';
import { ReadInput } from './read-input';
import { SignedBodyGuard } from './signed-body.guard';

export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 503;

/** What any operation may answer. */
const everywhere: Readonly<Partial<Record<RefusalStatus, readonly string[]>>> = {
  400: ['request.invalid', 'json.refused', 'body.missing', 'http.400'],
  401: ['api-key.missing', 'api-key.invalid'],
  403: ['party.suspended', 'api-key.scope-missing'],
  429: ['request.limited', 'api-key.guessed'],
  503: ['http.503'],
};

const withBody: typeof everywhere = { 413: ['http.413'], 415: ['http.415'] };

const withIdempotencyKey: typeof everywhere = {
  400: ['idempotency.key-missing'],
  409: ['idempotency.in-flight'],
  422: ['idempotency.body-different'],
};

const withSignature: typeof everywhere = { 401: ['signature.missing', 'signature.wrong'] };

const titles: Readonly<Record<RefusalStatus, string>> = {
  400: 'What was sent cannot be read',
  401: 'No valid API key',
  403: 'The key or the party may not do this',
  404: "There is no such thing, or it is another party's: nobody can tell the two apart",
  409: 'Something else is under way or in the way',
  413: 'The body is too large',
  415: 'The body has another media type',
  422: 'Understood, but not acceptable as it is',
  429: 'Too many requests; see Retry-After',
  503: 'Try again; see Retry-After',
};

export interface OperationWords {
  /** The name of the function in generated clients. */
  readonly id: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly description?: string;
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    /** Absent: the answer is a file of this media type, or nothing. */
    readonly type?: Type;
    readonly media?: string;
  };
  readonly refusals?: Partial<Record<RefusalStatus, readonly string[]>>;
  /** Set on every POST and nowhere else. */
  readonly once?: true;
  readonly hasBody?: true;
  /** The body is signed with the key of an enrolled certificate. */
  readonly isSigned?: true;
}

function refusalsOf({ refusals = {}, once, hasBody, isSigned }: OperationWords): MethodDecorator[] {
  const parts = [
    everywhere,
    hasBody === true ? withBody : {},
    once === true ? withIdempotencyKey : {},
    isSigned === true ? withSignature : {},
    refusals,
  ];
  const statuses = [...new Set(parts.flatMap((part) => Object.keys(part)))].map(Number).sort();
  return (statuses as RefusalStatus[]).map((status) => {
    const codes = parts.flatMap((part) => part[status] ?? []);
    return ApiResponse({
      status,
      description: `${titles[status]}. Codes: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
      ...(status === 429 || status === 503 || (status === 409 && once === true)
        ? {
            headers: {
              'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
            },
          }
        : {}),
      content: {
        'application/problem+json': {
          schema: { $ref: getSchemaPath(ProblemBody) },
          example: {
            type: 'about:blank',
            title: 'Refused',
            status,
            code: codes[0],
            instance: '/v1/bills',
          },
        },
      },
    });
  });
}

const rateHeaders = {
  RateLimit: {
    description: 'What is left of the rate, and the seconds until it is whole again.',
    schema: { type: 'string' as const },
    example: '"party";r=996;t=1',
  },
  'RateLimit-Policy': {
    description: 'The rate of the party: how many at once, and in how many seconds they come back.',
    schema: { type: 'string' as const },
    example: '"party";q=1000;w=1',
  },
};

/** Goes on every method of a resource. */
export function Operation(words: OperationWords): MethodDecorator {
  const { id, scope, summary, description, answer, once } = words;
  const { status, media } = answer;
  return applyDecorators(
    SetMetadata(scopeKey, scope),
    HttpCode(status),
    ApiOperation({
      operationId: id,
      summary,
      description: `${description === undefined ? '' : `${description}\n\n`}Scope: \`${scope}\`.`,
    }),
    ...(once === true
      ? [
          ApiHeader({
            name: 'Idempotency-Key',
            required: true,
            description:
              'Made by the caller, one for each thing that is wanted. The same key and body get the stored answer, for ever.',
            schema: { type: 'string', minLength: 1, maxLength: 255 },
            example: '5f0c2f4e-8f6b-4c0e-9d5e-2f6f1a1f7a11',
          }),
        ]
      : []),
    ...(words.isSigned === true
      ? [
          UseGuards(SignedBodyGuard),
          ApiHeader({
            name: 'X-JWS-Signature',
            required: true,
            description:
              'Detached JWS (RFC 7515, RFC 7797: `b64` false) over the bytes of the body, made with the key of your certificate: RS256, PS256 or, for keys on P-256, ES256.',
            schema: { type: 'string' },
            example: 'eyJhbGciOiJSUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..c2lnbmF0dXJl',
          }),
        ]
      : []),
    ...(media === undefined ? [] : [ApiProduces(media)]),
    ApiResponse({
      status,
      description: answer.description,
      headers: rateHeaders,
      ...(answer.type === undefined ? {} : { type: answer.type }),
      ...(media === undefined
        ? {}
        : { content: { [media]: { schema: { type: 'string' as const } } } }),
    }),
    ...refusalsOf(words),
  );
}

/** Goes on every controller of /v1. `path` stands below /v1. */
export function Resource(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(`v1/${path}`),
    UseGuards(ApiKeyGuard),
    UsePipes(ReadInput),
    ApiTags(tag),
    ApiBearerAuth('apiKey'),
    ApiExtraModels(ProblemBody, FieldProblem),
  );
}
