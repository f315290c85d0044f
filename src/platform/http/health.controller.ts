/** Liveness, readiness (the database answers) and metrics, for whoever keeps the gateway running. */
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database } from '../database/database';
import { Metrics } from './metrics';

@Controller()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    try {
      await this.database.reader.query(`select 1 from gateway_clock`);
      await reply.send({ status: 'up', database: 'up' });
    } catch {
      await reply.code(503).header('retry-after', '2').send({ status: 'down', database: 'down' });
    }
  }

  @Get('metrics')
  async scrape(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.metrics.text();
    await reply.header('content-type', this.metrics.registry.contentType).send(text);
  }
}
