/**
 * The alarms that somebody must look at, and who looked. One is open for each kind and subject: acknowledged, it makes
 * room for the next, so that the same fault is told again (rulings.md §10).
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { type Alarm, AlarmStore } from './alarm.store';

export type { Alarm };

const pageSize = 50;
const noteLength = 500;

@Injectable()
export class Alarms {
  constructor(
    private readonly database: Database,
    private readonly store: AlarmStore,
    private readonly audit: AuditTrail,
  ) {}

  async countOpen(): Promise<number> {
    return this.store.countOpen(this.database.reader);
  }

  /** The newest first, fifty at most; `next` is what to give as `before` for those behind them. */
  async open(
    before?: bigint,
  ): Promise<{ readonly alarms: readonly Alarm[]; readonly next: bigint | undefined }> {
    const found = await this.store.open(this.database.reader, before ?? null, pageSize + 1);
    const alarms = found.slice(0, pageSize);
    return { alarms, next: found.length > pageSize ? alarms.at(-1)?.id : undefined };
  }

  /** The last fifty. */
  async acknowledged(): Promise<readonly Alarm[]> {
    return this.store.acknowledged(this.database.reader, pageSize);
  }

  /**
   * `note` is what was found or done. Refuses: alarm.note-missing, alarm.unknown, alarm.already-acknowledged.
   */
  async acknowledge(id: bigint, note: string, officer: string): Promise<void> {
    const said = note.trim();
    if (said === '' || said.length > noteLength) {
      throw new Refusal(
        'alarm.note-missing',
        `an acknowledgement says in 1 to ${String(noteLength)} characters what was found or done`,
      );
    }
    await this.database.transaction(async (tx) => {
      const alarm = await this.store.lock(tx, id);
      if (alarm === undefined)
        throw new Refusal('alarm.unknown', `there is no alarm ${String(id)}`, 'not-found');
      const by = alarm.acknowledgedBy;
      if (by !== null) {
        throw new Refusal(
          'alarm.already-acknowledged',
          `alarm ${String(id)} was acknowledged by ${by}`,
          'conflict',
        );
      }
      await this.store.acknowledge(tx, id, officer);
      await this.audit.record(tx, {
        actor: officer,
        action: 'alarm.acknowledged',
        subject: `${alarm.kind}/${alarm.subject}`,
        detail: { alarm: String(id), note: said },
      });
    });
  }
}
