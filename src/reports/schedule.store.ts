/** Statements on schedules of reports and on their sendings. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';
import type { Language } from '../platform/locale/locale';
import type { Format } from './export-report';
import type { ReportName } from './report-catalogue';
import type { RawParameters } from './report-parameters.rules';
import type { Due, Frequency } from './schedule.rules';

export interface Schedule {
  readonly id: string;
  readonly name: string;
  readonly report: ReportName;
  readonly parameters: RawParameters;
  readonly format: Exclude<Format, 'json'>;
  readonly recipients: readonly string[];
  readonly frequency: Frequency;
  readonly minuteOfDay: number;
  readonly language: Language;
  readonly owner: string;
  /** The institution that it is of; null for everybody's. */
  readonly partyId: number | null;
}

export interface StoredSchedule extends Schedule {
  /** What fell due before is not sent: since it was made, or since it goes on. */
  readonly activeSince: Date;
  /** It rests since; null while it does not. */
  readonly pausedAt: Date | null;
  /** Of its last sending; null before the first. */
  readonly lastDueDay: BusinessDay | null;
  readonly lastState: 'waiting' | 'sent' | 'failed' | null;
  readonly lastReason: string | null;
}

/** One that was taken to be sent now. */
export interface Sending extends Schedule {
  readonly dueDay: BusinessDay;
  readonly from: BusinessDay;
  readonly to: BusinessDay;
  readonly attempt: number;
}

const columns = `s.id, s.name, s.report, s.parameters, s.format, s.recipients, s.frequency,
  s.minute_of_day as "minuteOfDay", s.language, s.owner, s.party_id as "partyId"`;

@Injectable()
export class ScheduleStore {
  /** False: the name is taken. */
  async add(tx: Tx, schedule: Schedule): Promise<boolean> {
    const rows = await tx.query(
      `insert into report_schedule (id, name, report, parameters, format, recipients, frequency, minute_of_day,
                                    language, owner, party_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (name) where removed_at is null do nothing returning id`,
      [
        schedule.id,
        schedule.name,
        schedule.report,
        JSON.stringify(schedule.parameters),
        schedule.format,
        schedule.recipients,
        schedule.frequency,
        schedule.minuteOfDay,
        schedule.language,
        schedule.owner,
        schedule.partyId,
      ],
    );
    return rows.length === 1;
  }

  async remove(tx: Tx, name: string, partyId: number | null): Promise<boolean> {
    const rows = await tx.query(
      `update report_schedule set removed_at = gateway_now()
        where name = $1 and removed_at is null and ($2::integer is null or party_id = $2) returning id`,
      [name, partyId],
    );
    return rows.length === 1;
  }

  /** False: there is none, or it is so already. */
  async setPaused(
    tx: Tx,
    name: string,
    partyId: number | null,
    isPaused: boolean,
  ): Promise<boolean> {
    const rows = await tx.query(
      `update report_schedule
          set paused_at = case when $3 then gateway_now() end,
              resumed_at = case when $3 then resumed_at else gateway_now() end
        where name = $1 and removed_at is null and ($2::integer is null or party_id = $2)
          and (paused_at is null) = $3 returning id`,
      [name, partyId, isPaused],
    );
    return rows.length === 1;
  }

  /** With `partyId`, those of one institution. */
  async list(reader: Reader, partyId: number | null): Promise<readonly StoredSchedule[]> {
    return reader.query<StoredSchedule>(
      `select ${columns}, coalesce(s.resumed_at, s.created_at) as "activeSince",
              s.paused_at as "pausedAt", n.due_day as "lastDueDay", n.state as "lastState",
              n.reason as "lastReason"
         from report_schedule s
         left join lateral (select due_day, state, reason from report_sending
                             where schedule_id = s.id order by due_day desc limit 1) n on true
        where s.removed_at is null and ($1::integer is null or s.party_id = $1) order by s.name`,
      [partyId],
    );
  }

  /** One sending per schedule and day, whoever claims it first. */
  async claim(tx: Tx, scheduleId: string, { dueDay, from, to }: Due): Promise<void> {
    await tx.query(
      `insert into report_sending (schedule_id, due_day, first_day, last_day) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [scheduleId, dueDay, from, to],
    );
  }

  /** The next that waits long enough; nobody else takes it for ten minutes. */
  async take(tx: Tx): Promise<Sending | undefined> {
    const [row] = await tx.query<Sending>(
      `update report_sending n
          set attempt_count = n.attempt_count + 1, next_attempt_at = gateway_now() + interval '10 minutes'
         from report_schedule s
        where s.id = n.schedule_id
          and (n.schedule_id, n.due_day) = (
            select w.schedule_id, w.due_day
              from report_sending w join report_schedule v on v.id = w.schedule_id and v.removed_at is null
                and v.paused_at is null
             where w.state = 'waiting' and w.next_attempt_at <= gateway_now()
             order by w.next_attempt_at limit 1 for update of w skip locked)
       returning ${columns}, n.due_day as "dueDay", n.first_day as "from", n.last_day as "to",
                 n.attempt_count as attempt`,
    );
    return row;
  }

  async sent(tx: Tx, { id, dueDay }: Sending, digest: string): Promise<void> {
    await tx.query(
      `update report_sending set state = 'sent', digest = $3, reason = '', settled_at = gateway_now()
        where schedule_id = $1 and due_day = $2`,
      [id, dueDay, digest],
    );
  }

  /** `pauseMinutes` undefined: it is given up. */
  async failed(
    tx: Tx,
    { id, dueDay }: Sending,
    {
      reason,
      pauseMinutes,
    }: { readonly reason: string; readonly pauseMinutes: number | undefined },
  ): Promise<void> {
    await tx.query(
      `update report_sending
          set reason = $3,
              state = case when $4::integer is null then 'failed' else 'waiting' end,
              settled_at = case when $4::integer is null then gateway_now() end,
              next_attempt_at = gateway_now() + make_interval(mins => coalesce($4::integer, 0))
        where schedule_id = $1 and due_day = $2`,
      [id, dueDay, reason, pauseMinutes ?? null],
    );
  }
}
