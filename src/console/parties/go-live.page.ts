/** What a party still needs before it goes live, and the self-test of its endpoint. */
import { Body, Get, Param, Post } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { ChangeCertificates } from '../../parties/change-certificates';
import { PartyDirectory, type Party } from '../../parties/party-directory';
import { TestParty } from '../../parties/test-party';
import { Database } from '../../platform/database/database';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, Page } from '../page';
import { Allowed } from '../session.guard';
import { goLiveChecks } from './go-live.rules';
import { GoLiveStore } from './go-live.store';

const dayMs = 86_400_000;

@ConsolePages('parties/:code')
export class GoLivePages {
  constructor(
    private readonly database: Database,
    private readonly directory: PartyDirectory,
    private readonly certificates: ChangeCertificates,
    private readonly store: GoLiveStore,
    private readonly test: TestParty,
  ) {}

  /** Refuses: party.unknown. */
  @Get('go-live')
  @Allowed('parties.read')
  async show(@Param('code') code: string): Promise<Page> {
    return this.page(code, {});
  }

  /** Refuses: party.unknown; why the endpoint was not tested stands over the list. */
  @Post('self-test')
  @Allowed('parties.manage')
  async run(
    @Param('code') code: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page> {
    const { url = '', reconciliation } = fieldsOf(body);
    try {
      const endpoint = { url, reconciliationUrl: reconciliation };
      const tested = await this.test.execute(code, endpoint, officer.name);
      return await this.page(code, { tested, url, reconciliation });
    } catch (fault) {
      return this.page(code, { fault: faultOf(fault), url, reconciliation }, 422);
    }
  }

  private async page(code: string, more: object, status = 200): Promise<Page> {
    const party = await this.directory.find(code);
    if (party === undefined)
      throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
    const { until } = await this.certificates.cover(code);
    const facts = await this.store.facts(this.database.reader, party.id);
    const { at } = party.lookedUp;
    const checks = goLiveChecks({
      ...facts,
      kind: party.kind,
      isActive: party.isActive,
      signsForDays:
        until === undefined ? undefined : Math.floor((until.getTime() - at.getTime()) / dayMs),
    });
    const shown = { code, name: party.name, checks, ...addressOf(party), ...more };
    return new Page('parties/go-live.njk', shown, status);
  }
}

function addressOf(party: Party): { url: string; reconciliation: string } {
  if (party.kind === 'payment-service-provider')
    return { url: party.resultUrl ?? '', reconciliation: '' };
  const { payment, reconciliation } = party.endpoints;
  return { url: payment ?? '', reconciliation: reconciliation ?? '' };
}
