/** Serves the assets, to anybody: the sign-in page needs them too. */
import { Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../kernel/refusal';
import { ConsolePages } from '../console-pages';
import { Allowed } from '../session.guard';
import { assetHash, assets } from './assets';

@ConsolePages('assets')
export class AssetPages {
  /** Refuses: console.asset-unknown. */
  @Get(':hash/:name')
  @Allowed('anybody')
  show(
    @Param('hash') hash: string,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const found = hash === assetHash ? assets.get(name) : undefined;
    if (found === undefined)
      throw new Refusal('console.asset-unknown', 'there is no such file', 'not-found');
    const isZipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (isZipped) void reply.header('content-encoding', 'gzip');
    void reply
      .header('content-type', found.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding')
      .send(isZipped ? found.gzipped : found.plain);
  }
}
