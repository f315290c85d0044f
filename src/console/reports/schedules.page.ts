/**
 * Reports that are sent by e-mail, again and again: which there are and how the last sending went, a new one, resting, and
 * taking away. An institution's officer sees and makes those of the own institution.
 */
import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { isLanguage } from '../../platform/locale/locale';
import { ManageSchedules } from '../../reports/manage-schedules';
import type { ReportName } from '../../reports/report-catalogue';
import type { ReportScope } from '../../reports/run-report';
import { word } from '../../reports/report-words';
import { frequencies } from '../../reports/schedule.rules';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { ShowPage } from '../frame/show-page';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';
import { filtersOf, reportsFor } from './report-filters';

const home = '/console/reports/schedules';
const formats = ['pdf', 'xlsx', 'csv'] as const;
/** These follow from how often it is sent. */
const ofDays = ['from', 'to', 'span'];

type Fields = Readonly<Record<string, string>>;

@ConsolePages('reports/schedules')
export class SchedulePages {
  constructor(
    private readonly schedules: ManageSchedules,
    private readonly pages: ShowPage,
  ) {}

  @Get()
  @Allowed('reports.read')
  async list(
    @Query() query: unknown,
    @CurrentSession() session: Session,
    @Req() request: FastifyRequest,
  ): Promise<Page> {
    const language = this.pages.languageOf(request);
    const found = await this.schedules.list(scopeOf(session));
    return new Page('reports/schedules.njk', {
      done: fieldsOf(query)['done'],
      found: found.map((each) => ({
        ...each,
        title: word(language, `title.${each.report}`),
        at: clockOf(each.minuteOfDay),
      })),
    });
  }

  /** Refuses: report.unknown. */
  @Get('add')
  @Allowed('reports.schedule')
  ask(
    @Query() query: unknown,
    @CurrentSession() session: Session,
    @Req() request: FastifyRequest,
  ): Page {
    return this.form(fieldsOf(query), session, request, {});
  }

  @Post('add')
  @Allowed('reports.schedule')
  async add(
    @Body() body: unknown,
    @CurrentSession() session: Session,
    @Req() request: FastifyRequest,
  ): Promise<Page | GoTo> {
    const fields = fieldsOf(body);
    const { name = '', format, recipients = '', frequency, at = '', language = '' } = fields;
    try {
      await this.schedules.add(
        {
          name,
          report: reportOf(fields, session),
          parameters: parametersOf(fields),
          format: formats.find((each) => each === format) ?? 'pdf',
          recipients: recipients.split(/[\s,;]+/).filter((each) => each !== ''),
          frequency: frequencies.find((each) => each === frequency) ?? 'daily',
          at,
          language: isLanguage(language) ? language : 'en',
        },
        scopeOf(session),
        session.officer.name,
      );
      return new GoTo(`${home}?done=added`);
    } catch (fault) {
      return this.form(fields, session, request, { fault: faultOf(fault) });
    }
  }

  /** Refuses: schedule.unknown. */
  @Post(':name/pause')
  @Allowed('reports.schedule')
  async pause(@Param('name') name: string, @CurrentSession() session: Session): Promise<GoTo> {
    await this.schedules.pause(name, scopeOf(session), session.officer.name);
    return new GoTo(`${home}?done=paused`);
  }

  /** Refuses: schedule.unknown. */
  @Post(':name/resume')
  @Allowed('reports.schedule')
  async resume(@Param('name') name: string, @CurrentSession() session: Session): Promise<GoTo> {
    await this.schedules.resume(name, scopeOf(session), session.officer.name);
    return new GoTo(`${home}?done=resumed`);
  }

  /** Refuses: schedule.unknown. */
  @Post(':name/remove')
  @Allowed('reports.schedule')
  async remove(@Param('name') name: string, @CurrentSession() session: Session): Promise<GoTo> {
    await this.schedules.remove(name, scopeOf(session), session.officer.name);
    return new GoTo(`${home}?done=removed`);
  }

  private form(
    fields: Fields,
    session: Session,
    request: FastifyRequest,
    more: Readonly<Record<string, unknown>>,
  ): Page {
    const language = this.pages.languageOf(request);
    const report = reportOf(fields, session);
    const asked = {
      name: report,
      parameters: parametersOf(fields),
      scope: scopeOf(session),
      askedBy: session.officer.name,
      language,
    };
    const parameters = filtersOf(asked, language).filter(({ name }) => !ofDays.includes(name));
    return new Page(
      'reports/schedule.njk',
      {
        fields,
        report,
        title: word(language, `title.${report}`),
        parameters,
        formats,
        frequencies,
        ...more,
      },
      more['fault'] === undefined ? 200 : 422,
    );
  }
}

function scopeOf({ officer }: Session): ReportScope {
  return officer.partyId === null ? 'everybody' : { partyId: officer.partyId };
}

/** Refuses: report.unknown. */
function reportOf(fields: Fields, { officer }: Session): ReportName {
  const name = reportsFor(officer).find((each) => each === fields['report']);
  if (name !== undefined) return name;
  throw new Refusal('report.unknown', 'there is no such report to be sent', 'not-found');
}

function parametersOf(fields: Fields): Fields {
  const known = ['by', 'period', 'sp', 'psp', 'gfs', 'channel', 'currency'];
  return Object.fromEntries(Object.entries(fields).filter(([name]) => known.includes(name)));
}

function clockOf(minuteOfDay: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}
