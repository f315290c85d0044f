/** Discrepancies as officers see them, with what their resolutions need; reads only. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Reader } from '../platform/database/database';
import type { DiscrepancyKind, DiscrepancyState } from './discrepancy.rules';

export interface DiscrepancyView {
  readonly id: bigint;
  readonly pspId: number | null;
  readonly pspCode: string | null;
  readonly businessDay: BusinessDay;
  readonly kind: DiscrepancyKind;
  readonly subject: string;
  readonly theirMinor: bigint | null;
  readonly ourMinor: bigint | null;
  readonly currency: Currency;
  readonly state: DiscrepancyState;
  readonly owner: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly revision: number;
  readonly raisedAt: Date;
  readonly closedAt: Date | null;
  /** The one of a later day in which it is worked on since its own day was closed. */
  readonly carriedTo: bigint | null;
  /** The one of a closed day that this goes on with. */
  readonly carriedFrom: { readonly id: string; readonly day: BusinessDay } | null;
  /** Whole days since it was raised, until it was closed. */
  readonly ageDays: number;
  /** Found by a run, so that running the day again looks at it anew. */
  readonly isOfRun: boolean;
  readonly line: {
    readonly line: number;
    readonly transactionId: string;
    readonly controlNumber: string;
    readonly amountMinor: string;
    readonly currency: Currency;
    readonly paidAt: string;
  } | null;
  readonly payment: {
    readonly id: string;
    readonly receiptNumber: string;
    readonly controlNumber: string;
    readonly collectionAccount: string;
    readonly currency: Currency;
    readonly spCode: string | null;
  } | null;
}

export interface DiscrepancyFilter {
  readonly day?: BusinessDay;
  readonly pspCode?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly owner?: string;
  readonly after?: bigint;
  readonly limit: number;
}

/**
 * As officers see it: one whose resolution waits for a second officer is stored as open, and so is one of a closed day
 * that is worked on in a later one. Of `discrepancy d`.
 */
export const shownState = `case
  when d.state in ('open', 'awaiting-approval')
       and exists (select from discrepancy_carry y where y.discrepancy_id = d.id) then 'carried'
  when d.state = 'open' and exists (
    select from approval_request a where a.subject = 'discrepancy/' || d.id and a.state = 'waiting')
  then 'awaiting-approval' else d.state end`;

const select = `
  select d.id, d.psp_id as "pspId", s.code as "pspCode", d.business_day as "businessDay", d.kind, d.subject,
         d.their_amount_minor as "theirMinor", d.our_amount_minor as "ourMinor", d.currency,
         ${shownState} as state, n.carried_to as "carriedTo",
         (select jsonb_build_object('id', f.id::text, 'day', f.business_day)
            from discrepancy_carry b join discrepancy f on f.id = b.discrepancy_id
           where b.carried_to = d.id) as "carriedFrom",
         d.owner, d.detail, d.revision, d.raised_at as "raisedAt", d.closed_at as "closedAt",
         extract(day from coalesce(d.closed_at, gateway_now()) - d.raised_at)::integer as "ageDays",
         d.last_run is not null as "isOfRun",
         case when l.id is not null then jsonb_build_object(
           'line', l.line_number, 'transactionId', l.psp_transaction_id, 'controlNumber', l.control_number,
           'amountMinor', l.amount_minor::text, 'currency', l.currency, 'paidAt', l.paid_at) end as line,
         case when p.id is not null then jsonb_build_object(
           'id', p.id, 'receiptNumber', p.receipt_number, 'controlNumber', p.control_number,
           'collectionAccount', p.collection_account, 'currency', p.currency,
           'spCode', (select o.code from payment_allocation a join party o on o.id = a.sp_id
                       where a.payment_id = p.id order by a.bill_id limit 1)) end as payment
    from discrepancy d
    left join party s on s.id = d.psp_id
    left join statement_line l on l.id = d.statement_line_id
    left join payment p on p.id = d.payment_id
    left join discrepancy_carry n on n.discrepancy_id = d.id`;

@Injectable()
export class DiscrepancyViewStore {
  async one(reader: Reader, id: bigint): Promise<DiscrepancyView | undefined> {
    const [row] = await reader.query<DiscrepancyView>(`${select} where d.id = $1`, [id]);
    return row;
  }

  /** In order of their ids; `waiting` stands for all that is not closed. */
  async list(reader: Reader, filter: DiscrepancyFilter): Promise<readonly DiscrepancyView[]> {
    return reader.query<DiscrepancyView>(
      `select * from (${select}) v
        where ($1::date is null or "businessDay" = $1) and ($2::text is null or "pspCode" = $2)
          and ($3::text is null or kind = $3)
          and ($4::text is null or state = $4 or $4 = 'waiting' and state in ('open', 'awaiting-approval'))
          and ($5::text is null or owner = $5) and id > $6
        order by id limit $7`,
      [
        filter.day ?? null,
        filter.pspCode ?? null,
        filter.kind ?? null,
        filter.state ?? null,
        filter.owner ?? null,
        filter.after ?? 0n,
        filter.limit,
      ],
    );
  }

  async history(
    reader: Reader,
    id: bigint,
  ): Promise<
    readonly {
      readonly action: string;
      readonly actor: string;
      readonly at: Date;
      readonly detail: Readonly<Record<string, unknown>>;
    }[]
  > {
    return reader.query(
      `select action, actor, at, detail from discrepancy_event where discrepancy_id = $1 order by id`,
      [id],
    );
  }
}
