/**
 * The gateway's clock, its two database roles, the guards of append-only tables, and the month partitions.
 * Locks nothing that exists. Back: `down` drops what it made; the roles stay, since other databases may use them.
 * Rules: rulings.md §6 (one `gateway_now()`), §9 (roles, partitions from the first migration).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateFoundation1764000000001 implements MigrationInterface {
  readonly name = 'CreateFoundation1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      begin
        if not exists (select from pg_roles where rolname = 'malipo_system') then
          create role malipo_system nologin;
        end if;
        if not exists (select from pg_roles where rolname = 'malipo_tenant') then
          create role malipo_tenant nologin;
        end if;
        grant malipo_system, malipo_tenant to current_user;
      exception when insufficient_privilege then
        raise warning 'this login may not create roles: grants are not separated';
      end $$`);
    await runner.query(`
      create function grant_to(role_name text, privileges text, table_name text) returns void
      language plpgsql as $$
      begin
        if exists (select from pg_roles where rolname = role_name) then
          execute format('grant %s on %I to %I', privileges, table_name, role_name);
        end if;
      end $$`);
    await runner.query(`
      create table gateway_clock (
        is_only boolean primary key default true check (is_only),
        clock_offset interval not null default '0'
      )`);
    await runner.query(`insert into gateway_clock default values`);
    await runner.query(`
      create function gateway_now() returns timestamptz language sql stable as
      $$ select transaction_timestamp() + (select clock_offset from gateway_clock) $$`);
    await runner.query(`
      create function business_day_of(instant timestamptz) returns date language sql immutable as
      $$ select (instant at time zone 'Africa/Dar_es_Salaam')::date $$`);
    await runner.query(`
      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% is append-only: % refused', tg_table_name, tg_op
          using errcode = 'integrity_constraint_violation';
      end $$`);
    await runner.query(`
      create function make_append_only(table_name text) returns void language plpgsql as $$
      begin
        execute format('create trigger %I before update or delete on %I
          for each row execute function refuse_change()', table_name || '_keeps', table_name);
        execute format('create trigger %I before truncate on %I
          for each statement execute function refuse_change()', table_name || '_keeps_all', table_name);
      end $$`);
    await runner.query(`
      create table partitioned_table (
        table_name text primary key,
        is_append_only boolean not null
      )`);
    // A default partition takes what no month covers (a sandbox clock far ahead), so no insert can fail for want of one.
    await runner.query(`
      create function partition_by_month(parent text, append_only boolean) returns void language plpgsql as $$
      begin
        insert into partitioned_table values (parent, append_only);
        execute format('create table %I partition of %I default', parent || '_other', parent);
        if append_only then
          execute format('create trigger %I before truncate on %I
            for each statement execute function refuse_change()', parent || '_other_keeps_all', parent || '_other');
        end if;
      end $$`);
    await runner.query(`
      create function ensure_month_partitions(first_day date, months integer) returns integer
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare
        parent partitioned_table;
        month_start date;
        child text;
        made integer := 0;
      begin
        for parent in select * from partitioned_table order by table_name loop
          for i in 0 .. months - 1 loop
            month_start := (date_trunc('month', first_day) + make_interval(months => i))::date;
            child := parent.table_name || to_char(month_start, '_YYYY_MM');
            continue when to_regclass(child) is not null;
            begin
              execute format('create table %I partition of %I for values from (%L) to (%L)',
                child, parent.table_name, month_start, (month_start + interval '1 month')::date);
              if parent.is_append_only then
                execute format('create trigger %I before truncate on %I
                  for each statement execute function refuse_change()', child || '_keeps_all', child);
              end if;
              made := made + 1;
            exception when check_violation then
              raise warning 'month % of % already has rows in its default partition', month_start, parent.table_name;
            end;
          end loop;
        end loop;
        return made;
      end $$`);
    await runner.query(`select grant_to('malipo_system', 'select, update', 'gateway_clock')`);
    await runner.query(`select grant_to('malipo_tenant', 'select', 'gateway_clock')`);
    await runner.query(`select grant_to('malipo_system', 'select', 'partitioned_table')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function ensure_month_partitions(date, integer);
      drop function partition_by_month(text, boolean);
      drop table partitioned_table;
      drop function make_append_only(text);
      drop function refuse_change();
      drop function business_day_of(timestamptz);
      drop function gateway_now();
      drop table gateway_clock;
      drop function grant_to(text, text, text)`);
  }
}
