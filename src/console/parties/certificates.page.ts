/** The certificates of a party: what stands, what waits for a second administrator, and asking for a change. */
import { Body, Get, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Approvals } from '../../officers/approvals';
import { ProposeCertificates } from '../../officers/propose-certificates';
import type { Session } from '../../officers/sessions';
import { ChangeCertificates } from '../../parties/change-certificates';
import { readBroughtCertificate } from '../../platform/crypto/brought-certificate';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { smallFile, Uploads } from '../frame/uploads';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed, TakesFiles } from '../session.guard';

const mostBytes = 64 * 1024;

@ConsolePages('parties/:code/certificates')
export class CertificatePages {
  constructor(
    private readonly certificates: ChangeCertificates,
    private readonly propose: ProposeCertificates,
    private readonly approvals: Approvals,
    private readonly uploads: Uploads,
  ) {}

  /** Refuses: party.unknown. */
  @Get()
  @Allowed('parties.read')
  async list(@Param('code') code: string): Promise<Page> {
    return this.page(code, {});
  }

  /** Refuses: party.unknown; what else is wrong with the file stands over the form. */
  @Post('add')
  @Allowed('certificates.manage')
  @TakesFiles()
  async add(
    @Param('code') code: string,
    @Req() request: FastifyRequest,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const upload = await this.uploads.read(request);
    const { fields } = upload;
    try {
      const bytes = await smallFile(upload, mostBytes);
      const facts = readBroughtCertificate(bytes, fields['password'] ?? '');
      const isForced = fields['force'] === 'yes';
      return waits(await this.propose.add(code, facts, isForced, officer.name));
    } catch (fault) {
      return this.page(code, { fault: { ...faultOf(fault), field: 'file' } }, 422);
    }
  }

  /** Refuses: party.unknown; what else is wrong stands over the form. */
  @Post('retire')
  @Allowed('certificates.manage')
  async retire(
    @Param('code') code: string,
    @Body() body: unknown,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const { fingerprint = '', force } = fieldsOf(body);
    try {
      return waits(await this.propose.retire(code, fingerprint, force === 'yes', officer.name));
    } catch (fault) {
      return this.page(code, { fault: { ...faultOf(fault), field: 'fingerprint' } }, 422);
    }
  }

  private async page(code: string, more: object, status = 200): Promise<Page> {
    const found = await this.certificates.list(code);
    const cover = await this.certificates.cover(code);
    const asked = await this.approvals.ofSubject(code);
    const certificates = found.map((each) => ({
      ...each,
      notBefore: new Date(each.notBefore),
      notAfter: new Date(each.notAfter),
    }));
    const waiting = asked.filter(
      (each) => each.action === 'certificates.manage' && each.state === 'waiting',
    );
    const shown = { code, certificates, cover, waiting, ...more };
    return new Page('parties/certificates.njk', shown, status);
  }
}

/** Where the second administrator will see it. */
function waits(approval: string): GoTo {
  return new GoTo(`/console/approvals/${approval}`);
}
