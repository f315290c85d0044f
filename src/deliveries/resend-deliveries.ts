/**
 * Sends deliveries again, by hand or on an institution's request: with the same id and the same bytes, so that a
 * recipient tells a repeat. Audited; the same delivery at most once a minute, and so many of one recipient in an hour,
 * so that nobody is flooded by a slip (security-reliability §3.3, O9). What is under way is left to itself.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import { ReviewStore, type Selection } from './review.store';

export type { Selection };

/** A day of a large institution is more: the events feed is made for that. */
const mostInAnHour = 10_000;

@Injectable()
export class ResendDeliveries {
  constructor(
    private readonly store: ReviewStore,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns how many are due again. Refuses: delivery.nothing-selected, delivery.resend-limited. */
  async execute(tx: Tx, selection: Selection, actor: string): Promise<number> {
    requireChoice(selection);
    const chosen = await this.store.select(tx, selection, mostInAnHour + 1);
    const resent = await this.store.resentLastHour(
      tx,
      chosen.map(({ recipientId }) => recipientId),
    );
    const counts = new Map(resent);
    for (const { recipientId } of chosen)
      counts.set(recipientId, (counts.get(recipientId) ?? 0) + 1);
    const isTooMany = [...counts.values()].some((count) => count > mostInAnHour);
    if (chosen.length > mostInAnHour || isTooMany) {
      throw new Refusal(
        'delivery.resend-limited',
        `at most ${String(mostInAnHour)} deliveries of a recipient are sent again within an hour; choose fewer`,
        'limited',
        { retryAfterSeconds: 3_600 },
      );
    }
    await this.store.sendAgain(
      tx,
      chosen.map(({ id }) => id),
    );
    const { ids, events, subject, day, recipientId } = selection;
    const range = events === undefined ? [] : [`${String(events.from)}-${String(events.to)}`];
    await this.audit.record(tx, {
      actor,
      action: 'delivery.resent',
      subject: subject ?? day ?? (ids ?? range).slice(0, 10).join(' '),
      detail: {
        count: chosen.length,
        ...(recipientId === undefined ? {} : { recipientId }),
        ...(ids === undefined ? {} : { ids: ids.slice(0, 1_000).map(String) }),
        ...(events === undefined ? {} : { events: range[0] }),
      },
    });
    return chosen.length;
  }
}

function requireChoice({ ids, events, subject, day, recipientId }: Selection): void {
  if (ids === undefined && events === undefined && subject === undefined && day === undefined)
    throw new Refusal('delivery.nothing-selected', 'name deliveries, events, a bill or a day');
  if (events !== undefined && recipientId === undefined)
    throw new Refusal('delivery.nothing-selected', 'events have numbers within a feed: name whose');
  if (events !== undefined && events.to < events.from)
    throw new Refusal('delivery.nothing-selected', 'the range of events ends before it begins');
}
