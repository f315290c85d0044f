/** Officers: who signs in, with which role. Passwords are shown once, on the answer to the form that made them. */
import { Body, Get, Param, Post } from '@nestjs/common';
import { ManageOfficers } from '../../officers/manage-officers';
import { ProposeRole } from '../../officers/propose-role';
import { roles } from '../../officers/permission.rules';
import { Sessions, type Session } from '../../officers/sessions';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

@ConsolePages('officers')
export class OfficerPages {
  constructor(
    private readonly officers: ManageOfficers,
    private readonly sessions: Sessions,
    private readonly roles: ProposeRole,
  ) {}

  @Get()
  @Allowed('officers.read')
  async list(): Promise<Page> {
    return this.listPage({});
  }

  @Post()
  @Allowed('officers.manage')
  async create(@Body() body: unknown, @CurrentSession() { officer }: Session): Promise<Page> {
    const { name = '', fullName = '', role = '', party } = fieldsOf(body);
    const wanted = { name, fullName, role, ...(party === undefined ? {} : { partyCode: party }) };
    try {
      const { password } = await this.officers.create(wanted, officer.name);
      return await this.listPage({ made: { name, password } });
    } catch (fault) {
      return this.listPage({ fault: faultOf(fault), wanted: { ...wanted, party } }, 422);
    }
  }

  @Get(':name')
  @Allowed('officers.read')
  async show(@Param('name') name: string): Promise<Page> {
    return this.onePage(name, {});
  }

  @Post(':name/reset')
  @Allowed('officers.manage')
  async reset(@Param('name') name: string, @CurrentSession() { officer }: Session): Promise<Page> {
    const { password } = await this.officers.reset(name, officer.name);
    return this.onePage(name, { made: { name, password } });
  }

  @Post(':name/status')
  @Allowed('officers.manage')
  async setStatus(
    @Param('name') name: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    const status = fieldsOf(body)['status'] === 'active' ? 'active' : 'disabled';
    await this.officers.setStatus(name, status, officer.name);
    return new GoTo(`/console/officers/${encodeURIComponent(name)}`);
  }

  /** Another administrator decides. */
  @Post(':name/role')
  @Allowed('officers.change-role')
  async changeRole(
    @Param('name') name: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<Page | GoTo> {
    const { role = '', party } = fieldsOf(body);
    try {
      const wanted = { role, ...(party === undefined ? {} : { partyCode: party }) };
      const approval = await this.roles.request(name, wanted, officer.name);
      return new GoTo(`/console/approvals/${approval}`);
    } catch (fault) {
      return this.onePage(name, { fault: faultOf(fault) }, 422);
    }
  }

  @Post(':name/sessions')
  @Allowed('officers.manage')
  async endSessions(
    @Param('name') name: string,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo> {
    await this.officers.endSessions(name, officer.name);
    return new GoTo(`/console/officers/${encodeURIComponent(name)}`);
  }

  private async listPage(more: object, status = 200): Promise<Page> {
    const all = await this.officers.list();
    return new Page('officers/officers.njk', { all, roles, ...more }, status);
  }

  private async onePage(name: string, more: object, status = 200): Promise<Page> {
    const officer = await this.officers.find(name);
    const sessions = await this.sessions.openOf(officer.id);
    const waiting = await this.roles.waiting(name);
    const shown = { officer, sessions, roles, waiting, ...more };
    return new Page('officers/officer.njk', shown, status);
  }
}
