/** The API keys of a party: a new one is shown on the answer to the form that made it, and never again. */
import { Body, Get, Param, Post } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { apiKeyState, scopesOf } from '../../parties/api-key.rules';
import { ChangeApiKeys } from '../../parties/change-api-keys';
import { PartyDirectory } from '../../parties/party-directory';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

@ConsolePages('parties/:code/api-keys')
export class ApiKeyPages {
  constructor(
    private readonly keys: ChangeApiKeys,
    private readonly directory: PartyDirectory,
  ) {}

  /** Refuses: party.unknown. */
  @Get()
  @Allowed('parties.read')
  async list(@Param('code') code: string): Promise<Page> {
    return this.page(code, {});
  }

  /** Refuses: party.unknown; what is wrong with the wish stands over the form. */
  @Post()
  @Allowed('api-keys.manage')
  async create(
    @Param('code') code: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page> {
    const wanted = fieldsOf(body);
    const scopes = Object.keys(wanted)
      .filter((name) => name.startsWith('scope-'))
      .map((name) => name.slice('scope-'.length));
    try {
      const days = Number(wanted['days'] ?? '');
      const made = await this.keys.create(code, scopes, days, officer.name);
      return await this.page(code, { made });
    } catch (fault) {
      return this.page(code, { fault: faultOf(fault), wanted }, 422);
    }
  }

  /** Refuses: party.unknown, api-key.unknown. */
  @Post(':id/revoke')
  @Allowed('api-keys.manage')
  async revoke(
    @Param('code') code: string,
    @Param('id') id: string,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    const own = await this.keys.list(code);
    if (!own.some((each) => each.id === id))
      throw new Refusal('api-key.unknown', `${code} has no key ${id}`, 'not-found');
    await this.keys.revoke(id, officer.name);
    return new GoTo(`/console/parties/${code}/api-keys`);
  }

  private async page(code: string, more: object, status = 200): Promise<Page> {
    const found = await this.keys.list(code);
    const party = await this.directory.find(code);
    if (party === undefined)
      throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
    const keys = found.map((each) => ({ ...each, state: apiKeyState(each, each.at) }));
    const shown = { code, keys, scopes: scopesOf(party.kind), wanted: { days: '365' }, ...more };
    return new Page('parties/api-keys.njk', shown, status);
  }
}
