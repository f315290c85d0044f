/**
 * Seeds a migrated database with bills, and with payments of them, by set-based statements: all rows that the gateway
 * itself would keep, with its guards on. Control numbers come from the institution's own range in the gateway's way.
 * Rate: about 20,000 bills a second and core, most of it the HMACs of the control numbers.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { controlNumberFor } from '../../src/bills/control-number.rules';
import { projectRoot } from '../../src/installation';

export function benchSql(name: string): string {
  return readFileSync(join(projectRoot, 'tools/bench/sql', name), 'utf8');
}

export interface SeedBills {
  readonly spCode: string;
  readonly controlNumberKey: Buffer;
  readonly count: number;
  readonly option: 'exact' | 'partial';
  readonly amountMinor: bigint;
  readonly gfsCode: string;
  /** Paid bills are seeded as the state after `seedPayments`, which must follow. */
  readonly state: 'open' | 'paid';
}

/** Bills of one statement: enough to be set-based, few enough to fit into memory. */
const chunk = 20_000;

interface Range {
  id: number;
  party_id: number;
  prefix: string;
  has_check_digit: boolean;
  next_serial: string;
}

/** The control numbers of the bills, in order; the institution's range is moved past them. */
export async function seedBills(db: Client, seed: SeedBills): Promise<readonly string[]> {
  const { rows } = await db.query<Range>(
    `select r.id, r.party_id, r.prefix, r.has_check_digit, r.next_serial::text
       from control_number_range r join party p on p.id = r.party_id where p.code = $1 order by r.id limit 1`,
    [seed.spCode],
  );
  const [range] = rows;
  if (range === undefined) throw new Error(`${seed.spCode} has no range of control numbers`);
  const first = Number(range.next_serial);
  const numbers: string[] = [];
  const sql = benchSql('seed-bills.sql');
  for (let done = 0; done < seed.count; done += chunk) {
    const part = Array.from({ length: Math.min(chunk, seed.count - done) }, (_, i) =>
      controlNumberFor(
        { prefix: range.prefix, hasCheckDigit: range.has_check_digit },
        BigInt(first + done + i),
        seed.controlNumberKey,
      ),
    );
    await db.query(sql, [
      range.party_id,
      part,
      'SEED',
      first + done,
      seed.option,
      seed.amountMinor.toString(),
      seed.gfsCode,
      seed.state,
      seed.state === 'paid' ? seed.amountMinor.toString() : '0',
    ]);
    for (const number of part) numbers.push(number);
  }
  await db.query(`update control_number_range set next_serial = next_serial + $2 where id = $1`, [
    range.id,
    seed.count,
  ]);
  return numbers;
}

export interface SeedPayments {
  readonly spCode: string;
  readonly pspCode: string;
  readonly collectionAccount: string;
  readonly gfsCode: string;
  /** Of bills seeded as paid. */
  readonly numbers: readonly string[];
  /** A message that the PSP signed; the journal keeps it for each of them. */
  readonly message: Buffer;
}

/** The accounts that payments of that institution through that PSP move, made if missing. */
export async function ensureAccounts(
  db: Client,
  receivable: string,
  payable: string,
): Promise<void> {
  await db.query(
    `insert into ledger_account (name, currency, kind, normal_side)
     values ($1, 'TZS', 'psp-receivable', 'debit'), ($2, 'TZS', 'sp-payable', 'credit')
     on conflict do nothing`,
    [receivable, payable],
  );
}

export async function seedPayments(db: Client, seed: SeedPayments): Promise<void> {
  const receivable = `psp-receivable:${seed.pspCode}:${seed.collectionAccount}`;
  const payable = `sp-payable:${seed.spCode}:${seed.gfsCode}`;
  await ensureAccounts(db, receivable, payable);
  const { rows } = await db.query<{ id: number }>(`select id from party where code = $1`, [
    seed.pspCode,
  ]);
  const sql = benchSql('seed-payments.sql');
  for (let done = 0; done < seed.numbers.length; done += chunk) {
    await db.query(sql, [
      seed.numbers.slice(done, done + chunk),
      rows[0]?.id,
      seed.pspCode,
      seed.message,
      receivable,
      payable,
      seed.collectionAccount,
    ]);
  }
}
