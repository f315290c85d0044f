/** Statements on the work list of discrepancies: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader } from '../platform/database/database';
import type { DiscrepancyKind, DiscrepancyState } from './discrepancy.rules';
import { shownState } from './discrepancy-view.store';

/** Absent: any. */
export interface ListFilter {
  readonly day?: BusinessDay;
  readonly pspCode?: string;
  readonly kind?: DiscrepancyKind;
  /** Absent: what waits for somebody. */
  readonly state?: DiscrepancyState;
  /** `-` is nobody. */
  readonly owner?: string;
  readonly olderThanDays?: number;
}

export interface ListedDiscrepancy {
  readonly id: bigint;
  readonly day: BusinessDay;
  readonly pspCode: string | null;
  readonly kind: DiscrepancyKind;
  readonly subject: string;
  readonly state: DiscrepancyState;
  readonly owner: string | null;
  readonly theirMinor: bigint | null;
  readonly ourMinor: bigint | null;
  readonly currency: string;
  readonly ageDays: number;
}

export interface DiscrepancySum {
  readonly currency: string;
  readonly count: number;
  readonly theirMinor: bigint;
  readonly ourMinor: bigint;
}

const columns = `d.id, d.business_day::text as day, p.code as "pspCode", d.kind, d.subject, ${shownState} as state, d.owner,
  d.their_amount_minor as "theirMinor", d.our_amount_minor as "ourMinor", d.currency,
  (business_day_of(gateway_now()) - business_day_of(d.raised_at))::integer as "ageDays"`;

const matching = `from discrepancy d left join party p on p.id = d.psp_id
  where ($1::date is null or d.business_day = $1)
    and ($2::text is null or p.code = $2)
    and ($3::text is null or d.kind = $3)
    and ${shownState} = any ($4::text[])
    and ($5::text is null or coalesce(d.owner, '-') = $5)
    and ($6::integer is null or business_day_of(gateway_now()) - business_day_of(d.raised_at) >= $6)`;

function parametersOf(filter: ListFilter): readonly unknown[] {
  const { day, pspCode, kind, state, owner, olderThanDays } = filter;
  const states = state === undefined ? ['open', 'awaiting-approval'] : [state];
  return [day, pspCode, kind, states, owner, olderThanDays].map((each) => each ?? null);
}

@Injectable()
export class DiscrepancyListStore {
  /** The oldest first, after the one given. */
  async search(
    reader: Reader,
    filter: ListFilter,
    after: bigint,
    limit: number,
  ): Promise<readonly ListedDiscrepancy[]> {
    return reader.query<ListedDiscrepancy>(
      `select ${columns} ${matching} and d.id > $7 order by d.id limit $8`,
      [...parametersOf(filter), after, limit],
    );
  }

  async sums(reader: Reader, filter: ListFilter): Promise<readonly DiscrepancySum[]> {
    return reader.query<DiscrepancySum>(
      `select d.currency, count(*)::integer as count,
              coalesce(sum(d.their_amount_minor), 0)::bigint as "theirMinor",
              coalesce(sum(d.our_amount_minor), 0)::bigint as "ourMinor"
         ${matching} group by d.currency order by d.currency`,
      parametersOf(filter),
    );
  }
}
