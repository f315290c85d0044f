/**
 * Books as officers meet them: payments of fifty days, each day's statement imported and reconciled, the last four with a
 * defect in every hundredth line, a bank's statements matched with what should arrive, all days before them closed. Payments come
 * by set-based statements; all that follows is done by the gateway's own use cases.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Client } from 'pg';
import { CloseDay } from '../../../src/closing/close-day';
import type { BusinessDay } from '../../../src/kernel/business-day';
import { parsePlainAmount } from '../../../src/kernel/money';
import { ManageOfficers } from '../../../src/officers/manage-officers';
import type { Role } from '../../../src/officers/permission.rules';
import { SignIn } from '../../../src/officers/sign-in';
import type { BankEntry, BankStatement } from '../../../src/reconciliation/bank-statement.rules';
import { ImportStatement } from '../../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../../src/reconciliation/run-reconciliation';
import { ImportBankFile } from '../../../src/settlement/import-bank-file';
import { MatchSettlement } from '../../../src/settlement/match-settlement';
import { seedBills } from '../seed';
import { collectionAccount, controlNumberKey, gfsCode, pspCodes, spCode } from '../stage/ground';

/** The PSP of seeded payments. */
export const seededPsp = pspCodes[1];
const defectiveDays = 4;
/** Credits of one day at the bank: what the PSP remits, and as many again that nobody knows. */
const bankCredits = 200;

export async function daysOf(db: Client): Promise<readonly BusinessDay[]> {
  const { rows } = await db.query<{ day: BusinessDay }>(
    `select distinct business_day::text as day from payment order by 1`,
  );
  return rows.map(({ day }) => day);
}

/** Bills that nobody has paid, some of them cancelled. */
export async function seedOpenBills(db: Client, count: number): Promise<void> {
  const seed = { spCode, controlNumberKey, gfsCode, amountMinor: 3_141_500n } as const;
  await seedBills(db, { ...seed, count, option: 'exact', state: 'open' });
  await db.query(
    `update bill set state = 'cancelled', cancelled_at = gateway_now(), cancel_reason = 'wrong payer'
      where state = 'open' and right(control_number, 1) = '7'`,
  );
}

/** The PSP's own account of a day; `isDefective` leaves out a line in two hundred and alters as many. */
async function statementOf(db: Client, day: BusinessDay, isDefective: boolean): Promise<Buffer> {
  const { rows } = await db.query<{ line: string }>(
    `select p.psp_transaction_id || ',' || p.control_number || ','
            || case when $2 and n % 200 = 100 then '24999.00' else (p.amount_minor / 100)::text || '.00' end
            || ',TZS,' || to_char(p.paid_at at time zone 'Africa/Dar_es_Salaam', 'YYYY-MM-DD"T"HH24:MI:SS') as line
       from (select *, row_number() over (order by id) as n from payment where business_day = $1) p
      where not ($2 and n % 200 = 0)`,
    [day, isDefective],
  );
  const head = 'transaction_id,control_number,amount,currency,paid_at';
  return Buffer.from(`${[head, ...rows.map(({ line }) => line)].join('\n')}\n`);
}

function credit(day: BusinessDay, place: number, amountMinor: bigint): BankEntry {
  return {
    line: place,
    path: `row ${String(place)}`,
    status: 'booked',
    direction: 'credit',
    amountMinor,
    currency: 'TZS',
    isReversal: false,
    bookingDay: day,
    valueDay: day,
    bankReference: `${day}-${String(place)}`,
    entryReference: '',
    transactionCode: '',
    endToEndId: '',
    remittance: '',
    counterparty: { name: '', account: '' },
    returnReason: '',
    charges: [],
    batchCount: undefined,
    details: [],
  };
}

async function importBank(app: NestFastifyApplication, day: BusinessDay, paid: bigint) {
  const unknown = Array.from({ length: bankCredits }, (_, i) =>
    credit(day, i + 2, parsePlainAmount(`${String(7_000 + i)}.00`)),
  );
  const statement: BankStatement = {
    line: 1,
    id: `STATEMENT-${day}`,
    sequence: '',
    account: collectionAccount,
    currency: 'TZS',
    firstDay: day,
    lastDay: day,
    opening: undefined,
    closing: undefined,
    balances: [],
    entries: [credit(day, 1, paid), ...unknown],
  };
  await app.get(ImportBankFile, { strict: false }).execute({
    file: { format: 'camt.054', version: 'camt.054', statements: [statement], notes: [] },
    fileName: `${day}.xml`,
    digest: createHash('sha256').update(day).digest(),
    account: undefined,
    importedBy: 'bench',
  });
}

/** Refuses nothing: a bad statement, or a day that will not close, ends the run, for then no figure means anything. */
export async function reconcileDays(
  app: NestFastifyApplication,
  db: Client,
  say: (line: string) => void,
): Promise<void> {
  const days = await daysOf(db);
  // The last one is today, and has no statement yet.
  const past = days.slice(0, -1);
  for (const [at, day] of past.entries()) {
    const file = await statementOf(db, day, at >= past.length - defectiveDays);
    const outcome = await app.get(ImportStatement, { strict: false }).execute({
      pspCode: seededPsp,
      day,
      fileName: `${day}.csv`,
      open: () => Readable.from([file]),
      importedBy: 'bench',
      isDryRun: false,
    });
    if (outcome.kind !== 'imported') throw new Error(`the statement of ${day} is ${outcome.kind}`);
    await app.get(RunReconciliation, { strict: false }).execute(day);
  }
  say('statements are imported and matched; now the bank');
  const { rows } = await db.query<{ paid: bigint }>(
    `select sum(amount_minor)::bigint as paid from payment where business_day = $1`,
    [past[0]],
  );
  const paid = BigInt(rows[0]?.paid ?? 0);
  for (const day of past.slice(0, -2)) await importBank(app, day, paid);
  await app.get(MatchSettlement, { strict: false }).execute('bench');
}

/** In order, as officers do; the days with defects stay open. */
export async function closeDays(app: NestFastifyApplication, db: Client): Promise<void> {
  const closing = app.get(CloseDay, { strict: false });
  for (const day of (await daysOf(db)).slice(0, -1 - defectiveDays)) {
    await closing.propose(day, 'treasury-officer');
    await closing.approve(day, 'treasury-approver');
  }
}

/** The token of an open session, as the cookie holds it. */
export async function officerWith(
  app: NestFastifyApplication,
  role: Role,
  partyCode?: string,
): Promise<string> {
  const wanted = { name: role, fullName: `Bench ${role}`, role };
  const { password } = await app
    .get(ManageOfficers, { strict: false })
    .create(partyCode === undefined ? wanted : { ...wanted, partyCode }, 'bench', true);
  return app.get(SignIn, { strict: false }).withPassword(role, password, `bench ${role}`);
}
