/** Statements of the overview: one method each, no decision. `partyId` bounds them to what one institution collects. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../../kernel/business-day';
import type { Reader } from '../../platform/database/database';

export interface HourOfPsp {
  readonly hour: number;
  readonly psp: string;
  readonly count: bigint;
  readonly amountMinor: bigint;
}

@Injectable()
export class OverviewStore {
  async today(reader: Reader): Promise<BusinessDay> {
    const [row] = await reader.query<{ day: BusinessDay }>(
      `select business_day_of(gateway_now()) as day`,
    );
    return (row as { day: BusinessDay }).day;
  }

  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ at: Date }>(`select gateway_now() as at`);
    return (row as { at: Date }).at;
  }

  async collections(
    reader: Reader,
    day: BusinessDay,
    currency: string,
    partyId: number | null,
  ): Promise<readonly HourOfPsp[]> {
    return reader.query<HourOfPsp>(
      `select extract(hour from p.received_at at time zone 'Africa/Dar_es_Salaam')::integer as hour,
              s.code as psp, count(*) as count, sum(p.amount_minor)::bigint as "amountMinor"
         from payment p join party s on s.id = p.psp_id
        where p.business_day = $1 and p.currency = $2
          and ($3::integer is null
               or exists (select from payment_allocation a where a.payment_id = p.id and a.sp_id = $3))
        group by 1, 2 order by 1, 2`,
      [day, currency, partyId],
    );
  }

  async openDiscrepancies(
    reader: Reader,
  ): Promise<readonly { age: string; count: bigint; currency: string; amountMinor: bigint }[]> {
    return reader.query(
      `select case when age < 1 then 'today' when age < 3 then 'days-1-2' when age < 8 then 'days-3-7'
                   else 'older' end as age, currency, count(*) as count,
              coalesce(sum(greatest(coalesce(their_amount_minor, 0), coalesce(our_amount_minor, 0))), 0)::bigint as "amountMinor"
         from (select *, business_day_of(gateway_now()) - business_day_of(raised_at) as age from discrepancy x
                where state in ('open', 'awaiting-approval')
                  and not exists (select from discrepancy_carry c where c.discrepancy_id = x.id)) d
        group by 1, 2 order by min(age), 2`,
    );
  }

  /**
   * Parked, or owed for more than an hour: the oldest ten thousand of a recipient are counted, since the count of a
   * million would keep everybody waiting and say no more. In two parts, each with its index.
   */
  async stuckDeliveries(
    reader: Reader,
    partyId: number | null,
  ): Promise<readonly { recipient: string; count: bigint; isMore: boolean; oldest: Date }[]> {
    return reader.query(
      `with stuck as (
         select p.id, w.created_at
           from party p
          cross join lateral (
            select d.created_at from delivery d
             where d.recipient_id = p.id and d.settled_at is null
               and d.created_at < gateway_now() - interval '1 hour'
             order by d.next_attempt_at limit 10001) w
          where $1::integer is null or p.id = $1
         union all
         (select k.recipient_id, k.created_at from delivery k
           where k.state = 'parked' and k.settled_at is not null and k.last_outcome is distinct from 'acknowledged'
             and ($1::integer is null or k.recipient_id = $1) limit 100000)
       )
       select p.code as recipient, least(count(*), 10000) as count, count(*) > 10000 as "isMore",
              min(s.created_at) as oldest
         from stuck s join party p on p.id = s.id
        group by p.code order by 2 desc, 1 limit 20`,
      [partyId],
    );
  }

  async endingCertificates(
    reader: Reader,
  ): Promise<readonly { party: string; fingerprint: string; notAfter: Date }[]> {
    return reader.query(
      `select p.code as party, c.fingerprint, c.not_after as "notAfter"
         from party_certificate c join party p on p.id = c.party_id
        where c.status = 'active' and c.not_after < gateway_now() + interval '60 days'
        order by c.not_after limit 20`,
    );
  }
}
