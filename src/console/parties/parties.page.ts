/** Parties: who takes part, with which certificates, until when; suspending one and letting it in again. */
import { Body, Get, Param, Post } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { ChangeCertificates } from '../../parties/change-certificates';
import { SuspendParty } from '../../parties/suspend-party';
import { Database } from '../../platform/database/database';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';
import { PartyListStore } from './party-list.store';

@ConsolePages('parties')
export class PartyPages {
  constructor(
    private readonly database: Database,
    private readonly store: PartyListStore,
    private readonly certificates: ChangeCertificates,
    private readonly suspend: SuspendParty,
  ) {}

  @Get()
  @Allowed('parties.read')
  async list(): Promise<Page> {
    return new Page('parties/parties.njk', { found: await this.store.all(this.database.reader) });
  }

  /** Refuses: party.unknown. */
  @Get(':code')
  @Allowed('parties.read')
  async show(@Param('code') code: string): Promise<Page> {
    const party = await this.store.one(this.database.reader, code);
    if (party === undefined)
      throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
    const certificates = (await this.certificates.list(code)).map((each) => ({
      ...each,
      notBefore: new Date(each.notBefore),
      notAfter: new Date(each.notAfter),
    }));
    return new Page('parties/party.njk', { party, certificates });
  }

  /** Refuses: party.unknown, party.reason-missing. */
  @Post(':code/status')
  @Allowed('parties.manage')
  async setStatus(
    @Param('code') code: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    const { reason, status } = fieldsOf(body);
    if (reason === undefined) throw new Refusal('party.reason-missing', 'say why', 'unprocessable');
    const wanted = status === 'active' ? 'active' : 'suspended';
    await this.suspend.execute(code, { status: wanted, reason }, officer.name);
    return new GoTo(`/console/parties/${encodeURIComponent(code)}`);
  }
}
