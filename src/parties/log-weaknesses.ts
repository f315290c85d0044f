/**
 * Job: once a business day, one log line for every party whose profile weakens a check, with the end it has, so that
 * nobody forgets what was switched on for a client of the field (SIG-6 of the security design: reported daily).
 */
import { Injectable } from '@nestjs/common';
import { type BusinessDay, businessDayOf } from '../kernel/business-day';
import { Database } from '../platform/database/database';
import { Log } from '../platform/logging/logger';
import { type Profile, weaknessesOf } from './profile.rules';
import { PartyStore } from './party.store';

@Injectable()
export class LogWeaknesses {
  private loggedDay: BusinessDay | undefined;

  constructor(
    private readonly database: Database,
    private readonly store: PartyStore,
    private readonly log: Log,
  ) {}

  /** How many lines were written; none when this process wrote them today already. */
  async execute(): Promise<number> {
    const { reader } = this.database;
    const today = businessDayOf(await this.store.now(reader));
    if (today === this.loggedDay) return 0;
    this.loggedDay = today;
    let count = 0;
    for (const { code, profile } of await this.store.profiles(reader)) {
      for (const weakness of weaknessesOf(profile as Profile, today)) {
        const until = (profile as Profile).weakUntil[weakness];
        this.log.info('profile-weakened', {
          party: code,
          kind: weakness,
          reason: until === null ? 'no end is set' : `until ${until}`,
        });
        count += 1;
      }
    }
    return count;
  }
}
