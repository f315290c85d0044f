/**
 * The OpenAPI 3.1 document, made from the decorators, and its page at /docs, which loads nothing from elsewhere. Both
 * are public: they say what may be asked, and hold nothing of anybody.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { ApiModule } from './api.module';

const introduction = `The JSON edge of the payment gateway, for institutions and payment service providers.

- Sign in with \`Authorization: Bearer <API key>\`. A key belongs to one party and has scopes.
- Amounts are decimal strings (\`"150000.00"\`); instants carry their zone; days are calendar days of Tanzania.
- Every POST takes an \`Idempotency-Key\`: the same key and body get the stored answer, for ever.
- Refusals are \`application/problem+json\` (RFC 9457) with a stable \`code\` and pointers to the fields.
- Fields that are not named here are refused. Lists come in pages: ask again with \`cursor\` = \`next\`.`;

/** OpenAPI 3.0 said \`nullable\`; 3.1 has a type for null. */
function withNullTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNullTypes);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as { nullable?: boolean; type?: string; enum?: unknown[] };
  const inner = Object.fromEntries(
    Object.entries(rest).map(([name, each]) => [name, withNullTypes(each)]),
  );
  if (nullable !== true) return inner;
  return {
    ...inner,
    type: [rest.type, 'null'],
    ...(rest.enum === undefined ? {} : { enum: [...rest.enum, null] }),
  };
}

export function buildDocument(app: INestApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle('Malipo JSON API')
    .setDescription(introduction)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .setOpenAPIVersion('3.1.0')
    .addServer('/', 'This gateway')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key.' }, 'apiKey')
    .build();
  const document = SwaggerModule.createDocument(app, settings, {
    include: [ApiModule],
    operationIdFactory: (_controller, method) => method,
  });
  return withNullTypes(document) as OpenAPIObject;
}

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Malipo JSON API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" href="data:,"></head>
<body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`;

const start = `window.onload = () => {
  SwaggerUIBundle({ url: '/docs/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });
};
`;

/** Swagger UI writes styles of its own; scripts come from here alone. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

export function registerDocs(server: FastifyInstance, app: INestApplication): void {
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  let document: string | undefined;
  const texts: Readonly<Record<string, readonly [type: string, text: () => string]>> = {
    '/docs': ['text/html', () => page],
    '/docs/start.js': ['text/javascript', () => start],
    '/docs/swagger-ui.css': [
      'text/css',
      () => readFileSync(join(folder, 'swagger-ui.css'), 'utf8'),
    ],
    '/docs/swagger-ui-bundle.js': [
      'text/javascript',
      () => readFileSync(join(folder, 'swagger-ui-bundle.js'), 'utf8'),
    ],
    '/docs/openapi.json': [
      'application/json',
      () => (document ??= JSON.stringify(buildDocument(app))),
    ],
  };
  for (const [url, [type, text]] of Object.entries(texts)) {
    server.get(url, (_request, reply) => {
      void reply
        .header('content-type', `${type}; charset=utf-8`)
        .header('content-security-policy', policy)
        .header('x-content-type-options', 'nosniff')
        .send(text());
    });
  }
}
