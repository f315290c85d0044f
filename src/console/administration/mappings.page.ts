/**
 * How the CSV of a PSP, or of an account at a bank, is read: the mapping as JSON, tried on a sample file before it is
 * kept. A sample is read and thrown away.
 */
import { Readable } from 'node:stream';
import { Get, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { EnrolParty } from '../../parties/enrol-party';
import { readPartyFile } from '../../parties/party-file.rules';
import { PartySettings } from '../../parties/party-settings';
import { readBankMapping } from '../../reconciliation/bank-files/bank-mapping.rules';
import { ImportStatement } from '../../reconciliation/import-statement';
import { PreviewBankFile } from '../../reconciliation/preview-bank-file';
import { ReadDays } from '../../reconciliation/read-days';
import { ManageBankMappings } from '../../settlement/manage-bank-mappings';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { smallFile, Uploads } from '../frame/uploads';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed, TakesFiles } from '../session.guard';

const mostBytes = 1024 * 1024;
const shownLines = 10;

type Kind = 'psp' | 'account';

@ConsolePages('administration/mappings')
export class MappingPages {
  constructor(
    private readonly days: ReadDays,
    private readonly banks: ManageBankMappings,
    private readonly settings: PartySettings,
    private readonly enrol: EnrolParty,
    private readonly statements: ImportStatement,
    private readonly previews: PreviewBankFile,
    private readonly uploads: Uploads,
  ) {}

  @Get()
  @Allowed('parties.read')
  async list(): Promise<Page> {
    const set = await this.banks.list();
    const accounts = (await this.banks.accounts()).map((account) => ({
      account,
      ...set.find((each) => each.account === account),
    }));
    const shown = { psps: await this.days.psps(), accounts };
    return new Page('administration/mappings.njk', shown);
  }

  /** Refuses: party.unknown. */
  @Get('psp/:code')
  @Allowed('parties.read')
  async psp(@Param('code') code: string): Promise<Page> {
    const mapping = await this.mappingOf(code);
    return show('psp', code, { mapping: textOf(mapping) });
  }

  @Get('account/:account')
  @Allowed('parties.read')
  async account(@Param('account') account: string): Promise<Page> {
    const found = (await this.banks.list()).find((each) => each.account === account);
    return show('account', account, { mapping: textOf(found?.mapping ?? null) });
  }

  /** Tried where a file comes with it, else kept. Refuses: party.unknown; what is wrong stands over the form. */
  @Post('psp/:code')
  @Allowed('mappings.manage')
  @TakesFiles()
  async setPsp(
    @Param('code') code: string,
    @Req() request: FastifyRequest,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const keep = async (mapping: object | null): Promise<void> => {
      const file = { ...(await this.settings.of(code)), certificates: ['those it has'] };
      const changed = readPartyFile({ ...file, statementMapping: mapping });
      await this.enrol.execute(changed, [], officer.name, 'change');
    };
    return this.tryOrKeep(request, 'psp', code, keep, async (mapping, bytes, day) => {
      const tried = await this.statements.execute({
        pspCode: code,
        day: parseBusinessDay(day),
        fileName: 'sample',
        open: () => Readable.from([bytes]) as AsyncIterable<Buffer>,
        importedBy: officer.name,
        isDryRun: true,
        mapping,
      });
      return tried.kind === 'faulty'
        ? { faults: tried.faults }
        : { count: tried.lineCount, lines: tried.firstLines.slice(0, shownLines) };
    });
  }

  /** As for a PSP; an empty mapping takes the account's away. */
  @Post('account/:account')
  @Allowed('mappings.manage')
  @TakesFiles()
  async setAccount(
    @Param('account') account: string,
    @Req() request: FastifyRequest,
    @CurrentSession() { officer }: Session,
  ): Promise<GoTo | Page> {
    const keep = async (mapping: object | null): Promise<void> => {
      if (mapping === null) await this.banks.remove(account, officer.name);
      else await this.banks.set(account, mapping, officer.name);
    };
    return this.tryOrKeep(request, 'account', account, keep, async (mapping, bytes) => {
      const read = readBankMapping(mapping);
      const { preview, file } = await this.previews.execute({
        fileName: 'sample',
        account,
        source: Readable.from([bytes]) as AsyncIterable<Buffer>,
        mappingOf: () => Promise.resolve(read),
      });
      return file === undefined
        ? { faults: preview.faults }
        : { count: preview.entryCount, sums: preview.sums };
    });
  }

  /** `attempt` gives what came of the sample. */
  private async tryOrKeep(
    request: FastifyRequest,
    kind: Kind,
    name: string,
    keep: (mapping: object | null) => Promise<void>,
    attempt: (mapping: object | null, bytes: Buffer, day: string) => Promise<object>,
  ): Promise<GoTo | Page> {
    const { wanted, bytes } = await this.read(request);
    try {
      const mapping = objectOf(wanted['mapping']);
      if (wanted['act'] === 'try') {
        const outcome = await attempt(mapping, bytes, wanted['day'] ?? '');
        return show(kind, name, { ...wanted, outcome });
      }
      await keep(mapping);
      return new GoTo('/console/administration/mappings');
    } catch (fault) {
      return show(kind, name, { ...wanted, fault: faultOf(fault) }, 422);
    }
  }

  private async read(
    request: FastifyRequest,
  ): Promise<{ wanted: Readonly<Record<string, string>>; bytes: Buffer }> {
    const { fields, stream } = await this.uploads.readForm(request);
    const bytes = stream === undefined ? Buffer.alloc(0) : await smallFile({ stream }, mostBytes);
    return { wanted: fieldsOf(fields), bytes };
  }

  private async mappingOf(code: string): Promise<object | null> {
    const settings = await this.settings.of(code);
    if (settings.kind === 'payment-service-provider') return settings.statementMapping;
    throw new Refusal('party.unknown', `${code} is not an enrolled PSP`, 'not-found');
  }
}

function show(kind: Kind, name: string, more: object, status = 200): Page {
  return new Page('administration/mapping.njk', { kind, name, ...more }, status);
}

function textOf(mapping: object | null): string {
  return mapping === null ? '' : JSON.stringify(mapping, null, 2);
}

/** Nothing written: the documented layout. Refuses: statement.mapping-bad. */
function objectOf(text: string | undefined): object | null {
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Refusal('statement.mapping-bad', 'mapping: wanted an object in JSON');
}
