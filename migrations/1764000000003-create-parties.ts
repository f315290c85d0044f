/**
 * Parties (institutions and payment service providers), their certificates, accounts, groups and number prefixes.
 * Locks nothing that exists. Back: `down` drops all of it. Rules: product.md §10 (enrol), rulings.md §7, §10.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateParties1764000000003 implements MigrationInterface {
  readonly name = 'CreateParties1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table party (
        id integer generated always as identity primary key,
        code text not null constraint party_code_key unique,
        kind text not null check (kind in ('service-provider', 'payment-service-provider')),
        name text not null,
        status text not null default 'active' check (status in ('active', 'suspended')),
        profile jsonb not null default '{}',
        enrolled_at timestamptz not null default gateway_now()
      )`);
    await runner.query(`
      create table service_provider (
        party_id integer primary key references party,
        system_ids text[] not null,
        sub_sp_codes text[] not null,
        gfs_codes text[] not null,
        control_number_url text,
        payment_url text,
        reconciliation_url text,
        cancellation_url text,
        delivery_form text not null check (delivery_form in ('gepg-v4', 'gepg-v5', 'webhook'))
      )`);
    await runner.query(`
      create table payment_service_provider (
        party_id integer primary key references party,
        channels text[] not null,
        policy text not null check (policy in ('refuse', 'irrevocable')),
        result_url text,
        result_url_prefix text,
        query_layout text not null check (query_layout in ('A', 'B')),
        bank text,
        statement_mapping jsonb
      )`);
    await runner.query(`
      create table party_certificate (
        id integer generated always as identity primary key,
        party_id integer not null references party,
        fingerprint text not null,
        public_key_fingerprint text not null,
        pem text not null,
        not_before timestamptz not null,
        not_after timestamptz not null,
        status text not null default 'active' check (status in ('active', 'retired')),
        added_at timestamptz not null default gateway_now(),
        constraint party_certificate_key unique (party_id, fingerprint)
      )`);
    await runner.query(
      `create index party_certificate_by_key on party_certificate (public_key_fingerprint)`,
    );
    await runner.query(`
      create table collection_account (
        id integer generated always as identity primary key,
        account text not null,
        currency text not null check (currency in ('TZS', 'USD')),
        bank text not null,
        constraint collection_account_key unique (account, currency)
      )`);
    await runner.query(`
      create table party_collection_account (
        party_id integer not null references party,
        collection_account_id integer not null references collection_account,
        position integer not null,
        primary key (party_id, collection_account_id)
      )`);
    await runner.query(`
      create table party_group (
        code text not null,
        member_party_id integer not null references party,
        primary key (code, member_party_id)
      )`);
    await runner.query(`
      create table control_number_range (
        id integer generated always as identity primary key,
        party_id integer not null references party,
        prefix text not null constraint control_number_range_prefix_key unique check (prefix ~ '^[0-9]{1,4}$'),
        has_check_digit boolean not null default true,
        next_serial bigint not null default 0,
        capacity bigint not null,
        key_check_value text not null,
        check (next_serial between 0 and capacity)
      )`);
    for (const table of [
      'party',
      'service_provider',
      'payment_service_provider',
      'party_certificate',
    ]) {
      await runner.query(`select grant_to('malipo_system', 'select, insert, update', $1)`, [table]);
    }
    for (const table of ['collection_account', 'party_collection_account', 'party_group']) {
      await runner.query(`select grant_to('malipo_system', 'select, insert, update, delete', $1)`, [
        table,
      ]);
    }
    await runner.query(
      `select grant_to('malipo_system', 'select, insert, update', 'control_number_range')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table control_number_range, party_group, party_collection_account, collection_account,
        party_certificate, payment_service_provider, service_provider, party`);
  }
}
