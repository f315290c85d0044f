/** Statements on the daily control tests and the conservation checks among them: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';
import type { StatementReader, Violations } from './assurance.store';
import type { ConservationControl } from './controls';

export interface ControlRun {
  readonly id: bigint;
  readonly day: BusinessDay;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly finishedAt: Date | null;
}

export type ControlOutcome = 'passed' | 'failed' | 'not-run';

export interface ControlResult {
  readonly runId: bigint;
  readonly control: string;
  readonly outcome: ControlOutcome;
  readonly count: number;
  readonly keys: readonly string[];
  readonly ranAt: Date;
}

const runColumns = `id, business_day as day, requested_at as "requestedAt", requested_by as "requestedBy",
  finished_at as "finishedAt"`;

/** Of one business day, by currency: the key says what the two sides are, in minor units. */
const conservation: Readonly<Record<ConservationControl, string>> = {
  'payments-posted': `
    with taken as (
      select p.currency, sum(p.amount_minor) as minor
        from party y join payment p on p.psp_id = y.id and p.business_day = $1
       where y.kind = 'payment-service-provider' group by 1
    ), booked as (
      select e.currency, sum(g.debit_minor) as minor
        from ledger_entry e join posting g on g.business_day = e.business_day and g.entry_id = e.id
       where e.business_day = $1 and e.source_kind = 'payment' group by 1
    )
    select coalesce(t.currency, b.currency) || ': payments ' || coalesce(t.minor, 0) || ', ledger ' || coalesce(b.minor, 0) as key
      from taken t full join booked b on b.currency = t.currency where t.minor is distinct from b.minor`,
  'payments-placed': `
    select p.currency || ': payments ' || sum(p.amount_minor) || ', bills ' || sum(coalesce(a.minor, 0)) as key
      from party y join payment p on p.psp_id = y.id and p.business_day = $1
      left join lateral (
        select sum(x.principal_minor + x.surplus_minor) as minor from payment_allocation x where x.payment_id = p.id) a on true
     where y.kind = 'payment-service-provider' and p.destination = 'bill'
     group by p.currency having sum(p.amount_minor) <> sum(coalesce(a.minor, 0))`,
  'day-balanced': `
    select e.currency || ': debits ' || sum(g.debit_minor) || ', credits ' || sum(g.credit_minor) as key
      from ledger_entry e join posting g on g.business_day = e.business_day and g.entry_id = e.id
     where e.business_day = $1 group by e.currency having sum(g.debit_minor) <> sum(g.credit_minor)`,
};

@Injectable()
export class ControlStore {
  async conservation(
    reader: StatementReader,
    control: ConservationControl,
    day: BusinessDay,
  ): Promise<Violations> {
    const rows = await reader.query<{ key: string }>(conservation[control], [day]);
    return { count: rows.length, keys: rows.map(({ key }) => key) };
  }

  /** The day before the one that it was an hour ago, if anything is posted up to it and it has no run yet. */
  async dueDay(reader: Reader): Promise<BusinessDay | undefined> {
    const [row] = await reader.query<{ day: BusinessDay }>(
      `select d.day::text as day
         from (select business_day_of(gateway_now() - interval '1 hour') - 1 as day) d
        where exists (select from ledger_entry e where e.business_day <= d.day)
          and not exists (select from control_run r where r.business_day = d.day)`,
    );
    return row?.day;
  }

  async today(reader: Reader): Promise<BusinessDay> {
    const [row] = await reader.query<{ day: BusinessDay }>(
      `select business_day_of(gateway_now())::text as day`,
    );
    if (row === undefined) throw new Error('the clock has one row');
    return row.day;
  }

  /** False while another is open. */
  async request(tx: Tx, day: BusinessDay, by: string): Promise<boolean> {
    const rows = await tx.query(
      `insert into control_run (business_day, requested_by) values ($1, $2) on conflict do nothing returning id`,
      [day, by],
    );
    return rows.length > 0;
  }

  async open(reader: Reader): Promise<ControlRun | undefined> {
    const [row] = await reader.query<ControlRun>(
      `select ${runColumns} from control_run where finished_at is null`,
    );
    return row;
  }

  async results(reader: Reader, runIds: readonly bigint[]): Promise<readonly ControlResult[]> {
    return reader.query<ControlResult>(
      `select run_id as "runId", control, outcome, count, keys, ran_at as "ranAt"
         from control_result where run_id = any ($1) order by run_id, control`,
      [runIds],
    );
  }

  /** The last run of each of the days. */
  async lastRuns(
    reader: Reader,
    from: BusinessDay,
    to: BusinessDay,
  ): Promise<readonly ControlRun[]> {
    return reader.query<ControlRun>(
      `select distinct on (business_day) ${runColumns} from control_run
        where business_day between $1 and $2 order by business_day desc, id desc`,
      [from, to],
    );
  }

  async keep(tx: Tx, result: Omit<ControlResult, 'ranAt'>): Promise<void> {
    await tx.query(
      `insert into control_result (run_id, control, outcome, count, keys) values ($1, $2, $3, $4, $5)`,
      [result.runId, result.control, result.outcome, result.count, result.keys],
    );
  }

  async finish(tx: Tx, id: bigint): Promise<void> {
    await tx.query(`update control_run set finished_at = gateway_now() where id = $1`, [id]);
  }
}
