/** What the gateway has seen of a party, for its check list: one statement, each part by an index or of small tables. */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../../platform/database/database';
import type { GoLiveFacts } from './go-live.rules';

type SeenFacts = Omit<GoLiveFacts, 'kind' | 'isActive' | 'signsForDays'>;

@Injectable()
export class GoLiveStore {
  async facts(reader: Reader, partyId: number): Promise<SeenFacts> {
    const [row] = await reader.query<SeenFacts>(
      `select coalesce(case s.delivery_form
                when 'webhook' then exists (select from webhook_endpoint w
                  where w.party_id = p.id and w.removed_at is null and w.switched_off_at is null)
                else s.control_number_url is not null and s.payment_url is not null end,
                r.result_url is not null, false) as "hasAddress",
              exists (select from delivery_breaker b where b.recipient_id = p.id) as "isDown",
              exists (select from (select d.state from delivery d where d.recipient_id = p.id
                  order by d.id desc limit 200) l where l.state = 'delivered') as "hasAcknowledged",
              (select (a.detail->>'failed')::integer from audit_event a
                where a.subject = p.code and a.action = 'party.self-tested'
                order by a.occurred_at desc limit 1) as "selfTestFailures",
              (select count(*)::integer from party_collection_account c where c.party_id = p.id) as "accountCount",
              case p.kind when 'service-provider'
                then exists (select from payment_allocation a where a.sp_id = p.id)
                else exists (select from payment y where y.psp_id = p.id) end as "hasPayment",
              n."numbersLeft", n."numbersInAll",
              coalesce(cardinality(s.gfs_codes), 0) as "gfsCount",
              exists (select from bill b where b.sp_id = p.id) as "hasBill",
              coalesce(s.delivery_form = 'webhook', false) as "isWebhook",
              exists (select from api_key k where k.party_id = p.id and k.revoked_at is null
                and k.expires_at > gateway_now()) as "hasApiKey",
              coalesce(cardinality(r.channels), 0) as "channelCount",
              exists (select from settlement_terms t where t.psp_id = p.id) as "hasTerms",
              exists (select from statement t where t.psp_id = p.id and t.is_live) as "hasStatement"
         from party p
         left join service_provider s on s.party_id = p.id
         left join payment_service_provider r on r.party_id = p.id
         cross join lateral (
           select coalesce(sum(g.capacity - g.next_serial), 0)::bigint as "numbersLeft",
                  coalesce(sum(g.capacity), 0)::bigint as "numbersInAll"
             from control_number_range g where g.party_id = p.id) n
        where p.id = $1`,
      [partyId],
    );
    if (row === undefined) throw new Error(`no party ${String(partyId)}`);
    return { ...row, selfTestFailures: row.selfTestFailures ?? undefined };
  }
}
