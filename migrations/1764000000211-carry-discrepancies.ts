/**
 * What was open in a day when it closed, and in which discrepancy of a later day it is worked on: the closed day's own is
 * never changed, so that this row alone says that nobody is to look at it any more. Those that were carried before are
 * taken over. Locks nothing that exists. Back: `down` drops it. Rules: rulings.md §6; product.md §7.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CarryDiscrepancies1764000000211 implements MigrationInterface {
  readonly name = 'CarryDiscrepancies1764000000211';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table discrepancy_carry (
        discrepancy_id bigint primary key references discrepancy,
        carried_to bigint not null references discrepancy,
        carried_at timestamptz not null default gateway_now(),
        constraint discrepancy_carry_to_key unique (carried_to),
        constraint discrepancy_carry_other_check check (discrepancy_id <> carried_to)
      )`);
    await runner.query(`
      insert into discrepancy_carry (discrepancy_id, carried_to)
      select discrepancy_id, next
        from (select d.id as discrepancy_id, d.state, d.business_day,
                     lead(d.id) over (partition by s.kind, s.expectation_id, s.bank_entry_id order by d.id) as next
                from settlement_discrepancy s join discrepancy d on d.id = s.discrepancy_id) known
       where next is not null and state in ('open', 'awaiting-approval')
         and business_day <= (select max(day) from closed_day)`);
    await runner.query(`
      select make_append_only('discrepancy_carry'),
             grant_to('malipo_system', 'select, insert', 'discrepancy_carry')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table discrepancy_carry`);
  }
}
