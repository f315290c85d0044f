/** Verification of the audit chain from the page: asked for here, done by the worker, its progress and its result. */
import { Get, Post } from '@nestjs/common';
import { CheckChain } from '../../assurance/check-chain';
import type { Session } from '../../officers/sessions';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

@ConsolePages('audit/chain')
export class ChainPages {
  constructor(private readonly chain: CheckChain) {}

  @Get()
  @Allowed('audit.read')
  async show(): Promise<Page> {
    const checks = await this.chain.latest();
    const isOpen = checks.some(({ finishedAt }) => finishedAt === null);
    return new Page('audit/chain.njk', { checks, isOpen });
  }

  @Post()
  @Allowed('audit.verify')
  async start(@CurrentSession() { officer }: Session): Promise<GoTo> {
    await this.chain.request(officer.name);
    return new GoTo('/console/audit/chain');
  }
}
