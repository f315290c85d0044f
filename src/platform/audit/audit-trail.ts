/**
 * Who did what to which subject, written inside the caller's transaction; and the alarms that somebody must look at.
 * An alarm is a row, a metric and a log line (rulings.md §10).
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database';
import { Log } from '../logging/logger';
import { Metrics } from '../http/metrics';

export interface AuditEvent {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail?: object;
}

const insertEvents = `
  insert into audit_event (occurred_at, actor, action, subject, detail)
  select (select gateway_now()), t.actor, t.action, t.subject, t.detail
    from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])
      with ordinality as t (actor, action, subject, detail, place)
   order by t.place`;

@Injectable()
export class AuditTrail {
  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Any number of events, in their order, in one statement. */
  async record(tx: Tx, ...events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    await tx.prepared('insert-audit-events', insertEvents, [
      events.map((event) => event.actor),
      events.map((event) => event.action),
      events.map((event) => event.subject),
      events.map((event) => JSON.stringify(event.detail ?? {})),
    ]);
  }

  /** One open alarm per kind and subject; a repetition only adds to the metric and the log. */
  async raiseAlarm(
    tx: Tx,
    alarm: { kind: string; subject: string; detail: string },
  ): Promise<void> {
    await tx.query(`select raise_alarm($1, $2, $3)`, [alarm.kind, alarm.subject, alarm.detail]);
    this.metrics.alarms.inc({ kind: alarm.kind });
    this.log.error('alarm', {
      kind: alarm.kind,
      subject: alarm.subject,
      reason: alarm.detail,
    });
  }

  /** For what is told once and for all: nothing happens if it was ever raised, acknowledged or not. */
  async raiseAlarmOnce(
    tx: Tx,
    alarm: { kind: string; subject: string; detail: string },
  ): Promise<boolean> {
    const known = await tx.query(`select from alarm where kind = $1 and subject = $2 limit 1`, [
      alarm.kind,
      alarm.subject,
    ]);
    if (known.length > 0) return false;
    await this.raiseAlarm(tx, alarm);
    return true;
  }
}
