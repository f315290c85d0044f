/** A new institution or PSP, and the settings of one that is enrolled: the checks of `cli enrol`, as forms. */
import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Session } from '../../officers/sessions';
import { EnrolParty } from '../../parties/enrol-party';
import { readPartyFile } from '../../parties/party-file.rules';
import { PartySettings } from '../../parties/party-settings';
import { readBroughtCertificate } from '../../platform/crypto/brought-certificate';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { smallFile, Uploads } from '../frame/uploads';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed, TakesFiles } from '../session.guard';
import { faultsOf, formOf, partyFileOf } from './party-form';

const mostBytes = 64 * 1024;

@ConsolePages('parties')
export class EnrolPages {
  constructor(
    private readonly enrol: EnrolParty,
    private readonly settings: PartySettings,
    private readonly uploads: Uploads,
  ) {}

  @Get('new')
  @Allowed('parties.manage')
  form(@Query() query: unknown): Page {
    const isPsp = fieldsOf(query)['kind'] === 'payment-service-provider';
    const kind = isPsp ? 'payment-service-provider' : 'service-provider';
    return new Page('parties/enrol.njk', { isNew: true, wanted: { kind } });
  }

  /** What is wrong stands over the form. */
  @Post('new')
  @Allowed('parties.manage')
  @TakesFiles()
  async create(
    @Req() request: FastifyRequest,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const { fields, fileName, stream } = await this.uploads.readForm(request);
    const wanted = fieldsOf(fields);
    try {
      const bytes = stream === undefined ? Buffer.alloc(0) : await smallFile({ stream }, mostBytes);
      const names = bytes.length === 0 ? [] : [fileName];
      const file = readPartyFile(partyFileOf(wanted, names, null));
      const facts = readBroughtCertificate(bytes, fields['password'] ?? '');
      const { code } = await this.enrol.execute(file, [facts], officer.name, 'new');
      return new GoTo(`/console/parties/${code}/go-live`);
    } catch (fault) {
      return failed({ isNew: true, wanted }, fault);
    }
  }

  /** Refuses: party.unknown. */
  @Get(':code/settings')
  @Allowed('parties.manage')
  async show(@Param('code') code: string): Promise<Page> {
    return new Page('parties/enrol.njk', { code, wanted: formOf(await this.settings.of(code)) });
  }

  /** Refuses: party.unknown; what is wrong with the settings stands over the form. */
  @Post(':code/settings')
  @Allowed('parties.manage')
  async change(
    @Param('code') code: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const { kind, ...known } = await this.settings.of(code);
    const wanted = { ...fieldsOf(body), kind, code };
    const mapping = 'statementMapping' in known ? known.statementMapping : null;
    try {
      const file = readPartyFile(partyFileOf(wanted, ['those it has'], mapping));
      await this.enrol.execute(file, [], officer.name, 'change');
      return new GoTo(`/console/parties/${code}`);
    } catch (fault) {
      return failed({ code, wanted }, fault);
    }
  }
}

function failed(shown: object, fault: unknown): Page {
  return new Page('parties/enrol.njk', { ...shown, faults: faultsOf(faultOf(fault)) }, 422);
}
