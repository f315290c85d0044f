/** The webhook endpoints of a party, by an officer for it. A secret is shown once, on the answer that made it. */
import { Body, Get, Param, Post } from '@nestjs/common';
import { type EventType, eventTypes } from '../../deliveries/feed-digest.rules';
import { ManageWebhooks } from '../../deliveries/manage-webhooks';
import { isId } from '../../kernel/ids';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { type Party, PartyDirectory } from '../../parties/party-directory';
import { Database, type Tx } from '../../platform/database/database';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

type Fields = Readonly<Record<string, string>>;

@ConsolePages('parties/:code/webhooks')
export class WebhookPages {
  constructor(
    private readonly webhooks: ManageWebhooks,
    private readonly directory: PartyDirectory,
    private readonly database: Database,
  ) {}

  /** Refuses: party.unknown. */
  @Get()
  @Allowed('parties.read')
  async list(@Param('code') code: string): Promise<Page> {
    return this.page(await this.party(code), {});
  }

  /** Refuses: party.unknown; what is wrong stands over the form. */
  @Post()
  @Allowed('webhooks.manage')
  async add(
    @Param('code') code: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page> {
    const party = await this.party(code);
    const wanted = fieldsOf(body);
    try {
      const wish = { url: wanted['url'] ?? '', eventTypes: eventsOf(wanted) };
      const owner = { id: party.id, code, officer: officer.name };
      const { secret } = await this.database.transaction((tx) =>
        this.webhooks.add(tx, owner, wish),
      );
      return await this.page(party, { secret });
    } catch (fault) {
      return this.page(party, { fault: faultOf(fault), wanted }, 422);
    }
  }

  /** Address and events. Refuses: party.unknown; what else is wrong stands over the list. */
  @Post(':id/change')
  @Allowed('webhooks.manage')
  async change(
    @Param('code') code: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const wanted = fieldsOf(body);
    const wish = { url: wanted['url'] ?? '', eventTypes: eventsOf(wanted) };
    return this.act(code, officer.name, (tx, owner) =>
      this.webhooks.change(tx, owner, idOf(id), wish),
    );
  }

  /** Paused or on again. Refuses: as `change`. */
  @Post(':id/state')
  @Allowed('webhooks.manage')
  async setState(
    @Param('code') code: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const isOn = fieldsOf(body)['state'] === 'on';
    return this.act(code, officer.name, (tx, owner) =>
      this.webhooks.change(tx, owner, idOf(id), { isOn }),
    );
  }

  /** Refuses: party.unknown, webhook.unknown. */
  @Post(':id/rotate')
  @Allowed('webhooks.manage')
  async rotate(
    @Param('code') code: string,
    @Param('id') id: string,
    @CurrentSession() { officer }: Session,
  ): Promise<Page> {
    const party = await this.party(code);
    const owner = { id: party.id, code, officer: officer.name };
    const secret = await this.database.transaction((tx) =>
      this.webhooks.rotate(tx, owner, idOf(id)),
    );
    return this.page(party, { secret });
  }

  /** Refuses: party.unknown, webhook.unknown. */
  @Post(':id/remove')
  @Allowed('webhooks.manage')
  async remove(
    @Param('code') code: string,
    @Param('id') id: string,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    const party = await this.party(code);
    await this.webhooks.remove({ id: party.id, code, officer: officer.name }, idOf(id));
    return new GoTo(`/console/parties/${code}/webhooks`);
  }

  private async act(
    code: string,
    officer: string,
    work: (tx: Tx, owner: { id: number; code: string; officer: string }) => Promise<unknown>,
  ): Promise<GoTo | Page> {
    const party = await this.party(code);
    try {
      await this.database.transaction((tx) => work(tx, { id: party.id, code, officer }));
      return new GoTo(`/console/parties/${code}/webhooks`);
    } catch (fault) {
      return this.page(party, { fault: faultOf(fault) }, 422);
    }
  }

  private async party(code: string): Promise<Party> {
    const party = await this.directory.find(code);
    if (party !== undefined) return party;
    throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
  }

  private async page({ id, code }: Party, more: object, status = 200): Promise<Page> {
    const endpoints = await this.webhooks.list(id);
    const shown = { code, endpoints, eventTypes, wanted: {}, ...more };
    return new Page('parties/webhooks.njk', shown, status);
  }
}

/** Refuses: webhook.unknown. */
function idOf(text: string): string {
  if (isId(text)) return text;
  throw new Refusal('webhook.unknown', 'there is no such endpoint', 'not-found');
}

/** None ticked: all. */
function eventsOf(fields: Fields): readonly EventType[] {
  return eventTypes.filter((each) => fields[`event-${each}`] !== undefined);
}
