/** Schedules of reports by e-mail: added, listed, paused, removed; each change is in the audit trail with what it says. */
import { Injectable } from '@nestjs/common';
import { businessDayOf } from '../kernel/business-day';
import { newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import type { Language } from '../platform/locale/locale';
import type { Format } from './export-report';
import { catalogue, type ReportName } from './report-catalogue';
import { type RawParameters, readParameters } from './report-parameters.rules';
import { ReportStore } from './report.store';
import type { ReportScope } from './run-report';
import { type Frequency, readRecipients, readScheduleName, readTimeOfDay } from './schedule.rules';
import { type Schedule, ScheduleStore, type StoredSchedule } from './schedule.store';

export interface ScheduleInput {
  readonly name: string;
  readonly report: ReportName;
  readonly parameters: RawParameters;
  readonly format: Exclude<Format, 'json'>;
  readonly recipients: readonly string[];
  readonly frequency: Frequency;
  /** `07:30`, in East Africa Time. */
  readonly at: string;
  readonly language: Language;
}

const partyOf = (scope: ReportScope): number | null =>
  scope === 'everybody' ? null : scope.partyId;

@Injectable()
export class ManageSchedules {
  constructor(
    private readonly database: Database,
    private readonly store: ScheduleStore,
    private readonly reports: ReportStore,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Refuses: schedule.name-malformed, schedule.name-taken, schedule.time-malformed, schedule.recipients-malformed,
   * report.not-yours, report.party-missing, and what the report refuses of its parameters.
   */
  async add(input: ScheduleInput, scope: ReportScope, actor: string): Promise<Schedule> {
    const { at, ...rest } = input;
    const definition = catalogue[input.report];
    const schedule: Schedule = {
      ...rest,
      id: newId(),
      name: readScheduleName(input.name),
      recipients: readRecipients(input.recipients),
      minuteOfDay: readTimeOfDay(at),
      owner: actor,
      partyId: partyOf(scope),
    };
    if (scope !== 'everybody' && definition.audience === 'gateway')
      throw new Refusal(
        'report.not-yours',
        'this report is not about one institution',
        'forbidden',
      );
    return this.database.transaction(async (tx) => {
      const days = ['from', 'to', 'span'].filter((name) => input.parameters[name] !== undefined);
      if (days.length > 0)
        throw new Refusal(
          'report.parameter-refused',
          `${days.join(', ')}: the days follow from how often it is sent`,
        );
      const today = businessDayOf(await this.reports.now(tx));
      const { sp } = readParameters(definition, input.parameters, today);
      if (definition.isOfOneInstitution && sp === null && scope === 'everybody')
        throw new Refusal(
          'report.party-missing',
          'this report is of one institution; say which: sp',
        );
      if (!(await this.store.add(tx, schedule)))
        throw new Refusal(
          'schedule.name-taken',
          `there is a schedule ${schedule.name} already`,
          'conflict',
        );
      await this.audit.record(tx, {
        actor,
        action: 'report-schedule.added',
        subject: schedule.name,
        detail: { ...input, recipients: schedule.recipients, partyId: schedule.partyId },
      });
      return schedule;
    });
  }

  /** Of everybody, or of one institution. */
  async list(scope: ReportScope): Promise<readonly StoredSchedule[]> {
    return this.store.list(this.database.reader, partyOf(scope));
  }

  /** Nothing of it is sent until it goes on; then, what falls due from then on. Refuses: schedule.unknown. */
  async pause(name: string, scope: ReportScope, actor: string): Promise<void> {
    await this.setPaused(name, scope, actor, true);
  }

  /** Refuses: schedule.unknown. */
  async resume(name: string, scope: ReportScope, actor: string): Promise<void> {
    await this.setPaused(name, scope, actor, false);
  }

  private async setPaused(name: string, scope: ReportScope, actor: string, isPaused: boolean) {
    await this.database.transaction(async (tx) => {
      const found = await this.store.list(tx, partyOf(scope));
      if (!found.some((each) => each.name === name)) throw unknownSchedule(name);
      if (!(await this.store.setPaused(tx, name, partyOf(scope), isPaused))) return;
      const action = isPaused ? 'report-schedule.paused' : 'report-schedule.resumed';
      await this.audit.record(tx, { actor, action, subject: name });
    });
  }

  /** What waits to be sent is not sent any more. Refuses: schedule.unknown. */
  async remove(name: string, scope: ReportScope, actor: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.store.remove(tx, name, partyOf(scope)))) throw unknownSchedule(name);
      await this.audit.record(tx, { actor, action: 'report-schedule.removed', subject: name });
    });
  }
}

function unknownSchedule(name: string): Refusal {
  return new Refusal('schedule.unknown', `there is no schedule ${name}`, 'not-found');
}
