/**
 * The checker is checked: each invariant has a corruption, made as superuser past every guard, that is reported as
 * exactly the invariants named and nothing else; the untouched books report none. Each corruption is rolled back.
 */
import { Readable } from 'node:stream';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { invariants } from '../../src/assurance/invariants';
import { VerifyBooks } from '../../src/assurance/verify-books';
import { projectRoot } from '../../src/installation';
import { addDays, parseBusinessDay } from '../../src/kernel/business-day';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { textOf } from '../../tools/sandbox/sandbox-party';
import { brokenInvariants } from '../support/books';
import { TestGateway } from '../support/gateway';

const now = '2026-11-24T10:00:00';
const today = parseBusinessDay('2026-11-24');
let gateway: TestGateway;

const paid = `(select id from payment where psp_transaction_id = 'A-1')`;
const partial = `(select id from payment where psp_transaction_id = 'A-2')`;
const entry = `(select id from ledger_entry where source_id = ${paid}::text)`;
const suspended = `(select e.id from ledger_entry e join payment p on p.id::text = e.source_id
  where p.psp_transaction_id = 'A-3')`;
const bill = `(select bill_id from payment_allocation where payment_id = ${paid})`;
const otherSp = `(select id from party where code = 'SP70202')`;
const confirmation = `(select min(id) from delivery where kind = 'payment-confirmed')`;
const chainEnd = `(select max(last_place) from audit_block)`;
/** A request that was approved, and the event of its approval. */
const approved = (digest: string, decidedBy: string) =>
  `insert into approval_request (id, action, subject, content, content_digest, requested_by, state, decided_by, decided_at)
   values ('00000000-0000-7000-8000-000000000001', 'payments.reverse', 'x', '{}', ${digest}, 'amina', 'approved',
           '${decidedBy}', gateway_now())`;
const asked = `sha256('{}')`;
const carriedOut = `insert into audit_event (actor, action, subject, detail)
  select decided_by, 'approval.approved', subject, jsonb_build_object('approval', id, 'digest',
         encode(content_digest, 'hex')) from approval_request`;
const bankCredit = [
  `insert into bank_statement (account, currency, format, bank_id, sequence, first_day, last_day, entry_count, file_name,
     file_digest, content_digest, imported_by)
   values ('0150', 'TZS', 'csv', 'x', '1', '2026-11-24', '2026-11-24', 1, 'x', 'x', 'x', 'x')`,
  `insert into bank_entry (statement_id, account, currency, place, line_number, path, direction, amount_minor, booking_day,
     is_reversal, bank_reference, end_to_end_id, remittance, counterparty_name, counterparty_account, transaction_code,
     return_reason, details, occurrence)
   select max(id), '0150', 'TZS', 1, 1, '', 'credit', 500, '2026-11-24', false, '', '', '', '', '', '', '', '[]', 1
     from bank_statement`,
];
const posted = [
  `insert into ledger_account (name, currency, kind, normal_side)
   values ('collection:0150', 'TZS', 'collection', 'debit'), ('bank-unallocated:0150', 'TZS', 'bank-unallocated', 'credit')`,
  `insert into ledger_entry (id, source_kind, source_id, business_day, currency)
   select '00000000-0000-7000-8000-000000000002', 'bank-entry', max(id)::text, '2026-11-24', 'TZS' from bank_entry`,
  `insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
   select date '2026-11-24', '00000000-0000-7000-8000-000000000002'::uuid, 0, id, 500, 0 from ledger_account where name = 'collection:0150'
   union all
   select date '2026-11-24', '00000000-0000-7000-8000-000000000002'::uuid, 1, id, 0, 500 from ledger_account
    where name = 'bank-unallocated:0150'`,
];
const explained = (kind: string, amountMinor: number) =>
  `insert into bank_match (bank_entry_id, kind, amount_minor, cleared_minor, fee_minor, rule, rule_version, inputs, matched_by)
   select max(id), '${kind}', ${String(amountMinor)}, 0, 0, 'x', 1, '{}', 'x' from bank_entry`;
const message = `(select message_id from payment_notification where psp_transaction_id = 'A-1')`;

/** By invariant: what is done to the books, the statements, and all invariants that must report it. */
const corruptions: readonly (readonly [
  id: string,
  deed: string,
  statements: readonly string[],
  expected: readonly string[],
])[] = [
  [
    '01',
    'a debit and a credit are raised in two entries, so that the whole still balances',
    [
      `update posting set debit_minor = debit_minor + 1 where debit_minor > 0 and entry_id = ${entry}`,
      `update posting set credit_minor = credit_minor + 1 where ctid = (select ctid from posting p
        where credit_minor > 0 and entry_id = (select id from ledger_entry where source_id = ${partial}::text) limit 1)
        and entry_id = (select id from ledger_entry where source_id = ${partial}::text) and credit_minor > 0`,
    ],
    ['01', '05', '26'],
  ],
  [
    '02',
    'an entry loses its postings',
    [
      `insert into ledger_entry (id, source_kind, source_id, business_day, currency)
        values (gen_random_uuid(), 'test', 'empty', '2026-11-24', 'TZS')`,
    ],
    ['02'],
  ],
  [
    '03',
    'a posting is moved to an account of another currency',
    [
      `insert into ledger_account (name, currency, kind, normal_side)
       select name, 'USD', kind, normal_side from ledger_account where kind = 'psp-receivable'`,
      `update posting set account_id = (select max(id) from ledger_account) where debit_minor > 0 and entry_id = ${entry}`,
    ],
    ['03'],
  ],
  [
    '04',
    'the entry of a payment is deleted',
    [
      `delete from posting where entry_id = ${entry}`,
      `delete from ledger_entry where source_id = ${paid}::text`,
    ],
    ['04'],
  ],
  [
    '05',
    'an entry is moved to another day',
    [
      `update posting set business_day = '2026-11-23' where entry_id = ${entry}`,
      `update ledger_entry set business_day = '2026-11-23' where source_id = ${paid}::text`,
    ],
    ['05'],
  ],
  [
    '06',
    'a paid bill is opened again',
    [`update bill set state = 'open' where id = ${bill}`],
    ['06'],
  ],
  [
    '07',
    'a bill counts more as paid than came in',
    [`update bill set paid_minor = paid_minor + 100 where state = 'partly-paid'`],
    ['07'],
  ],
  [
    '08',
    'a receipt number is given twice, its key dropped before',
    [
      `alter table payment drop constraint payment_receipt_number_key`,
      `update payment set receipt_number = (select min(receipt_number) from payment)`,
    ],
    ['08', '27'],
  ],
  [
    '09',
    'a bill had expired before it was paid',
    [`update bill set expires_at = '2026-11-01' where id = ${bill}`],
    ['09'],
  ],
  [
    '10',
    'an accepted notification disappears',
    [`delete from payment_notification where psp_transaction_id = 'A-1'`],
    ['10'],
  ],
  [
    '11',
    'a notification is left open',
    [`update payment_notification set status_code = '' where psp_transaction_id = 'A-3'`],
    ['11'],
  ],
  [
    '12',
    'a confirmation disappears from the outbox',
    [
      `delete from delivery where kind = 'payment-confirmed' and message ->> 'paymentId' = ${paid}::text`,
    ],
    ['12'],
  ],
  [
    '13',
    'the acknowledged attempt of a delivery disappears',
    [`delete from delivery_attempt where delivery_id = (select max(id) from delivery)`],
    ['13'],
  ],
  [
    '14',
    'two confirmations of a bill change places',
    [
      `update delivery_attempt set id = id + 1000000 where delivery_id = ${confirmation}`,
      `update delivery set subject = 'same' where kind = 'payment-confirmed'`,
    ],
    ['14'],
  ],
  [
    '15',
    'a worker never gives a delivery back',
    [
      `update delivery set state = 'leased', settled_at = null, lease_until = gateway_now() - interval '1 hour'
        where id = ${confirmation}`,
    ],
    ['15'],
  ],
  [
    '16',
    'a byte of a stored message is changed',
    [`update inbound_message set body = set_byte(body, 200, 65) where id = ${message}`],
    ['16'],
  ],
  [
    '16',
    'a stored message is changed and its digest made anew',
    [
      `update inbound_message set body = set_byte(body, 200, 65), body_digest = sha256(set_byte(body, 200, 65))
        where id = ${message}`,
    ],
    ['16'],
  ],
  [
    '16',
    'the certificate of a stored message disappears',
    [
      `delete from party_certificate where party_id = (select psp_id from payment where id = ${paid})`,
    ],
    ['16'],
  ],
  [
    '17',
    'the actor of an audit event is another',
    [`update audit_event set actor = 'nobody' where id = (select min(id) from audit_event)`],
    ['17'],
  ],
  [
    '17',
    'an audit event disappears',
    [
      `delete from audit_event where id = (select max(id) from audit_event where place <= ${chainEnd})`,
    ],
    ['17'],
  ],
  [
    '17',
    'a block of the chain is made anew without a key',
    [`update audit_block set signature = sha512('x') where sequence = 1`],
    ['17'],
  ],
  [
    '17',
    'nobody seals what was recorded',
    [
      `update gateway_clock set clock_offset = '0'`,
      `insert into audit_event (actor, action, subject, occurred_at, place)
       values ('x', 'x', 'x', gateway_now() - interval '1 hour', ${chainEnd} + 1)`,
    ],
    ['17'],
  ],
  ['18', 'a match disappears and a line is left alone', [`delete from match`], ['18']],
  ['19', 'a line of the bank is not posted', bankCredit, ['19']],
  [
    '19',
    'more of a credit is explained than came',
    [...bankCredit, ...posted, explained('suspense', 501)],
    ['19'],
  ],
  [
    '19',
    'a credit of a PSP clears nothing of what it owes',
    [...bankCredit, ...posted, explained('settlement', 500)],
    ['19'],
  ],
  ['20', 'what was approved never took effect', [approved(asked, 'baraka')], ['20']],
  [
    '20',
    'what was approved took effect twice',
    [approved(asked, 'baraka'), carriedOut, carriedOut],
    ['20'],
  ],
  [
    '20',
    'who asked has decided',
    [
      `alter table approval_request drop constraint approval_request_two_officers_check`,
      approved(asked, 'amina'),
      carriedOut,
    ],
    ['20'],
  ],
  [
    '20',
    'what took effect is not what was asked',
    [
      `alter table approval_request drop constraint approval_request_digest_check`,
      approved(`sha256('another')`, 'baraka'),
      carriedOut,
    ],
    ['20'],
  ],
  [
    '21',
    'a control number gets another check digit',
    [
      `update bill set control_number = overlay(control_number placing ((right(control_number, 1)::integer + 1) % 10)::text
         from 12) where id = ${bill}`,
      `update control_number set number = (select control_number from bill where id = ${bill}) where bill_id = ${bill}`,
    ],
    ['21'],
  ],
  [
    '22',
    'a bill is moved to another institution',
    [
      `update payment_allocation set sp_id = ${otherSp} where payment_id = ${paid}`,
      `update posting set account_id = (select id from ledger_account where name = 'sp-payable:SP70202:140101')
        where credit_minor > 0 and entry_id = ${entry}`,
    ],
    ['22'],
  ],
  [
    '23',
    'a payment was received on another day than it counts for',
    [
      `alter table payment drop constraint payment_check`,
      `update payment set received_at = received_at - interval '1 day' where id = ${paid}`,
    ],
    ['23'],
  ],
  [
    '24',
    "money has been in suspense for a month and is nobody's case",
    [
      ...['payment', 'payment_notification'].map(
        (
          table,
        ) => `update ${table} set received_at = received_at - interval '31 days', business_day = business_day - 31
          where psp_transaction_id = 'A-3'`,
      ),
      `update posting set business_day = business_day - 31 where entry_id = ${suspended}`,
      `update ledger_entry set business_day = business_day - 31 where id = ${suspended}`,
    ],
    ['24'],
  ],
  [
    '25',
    'a part of a payment grows, and its bill with it',
    [
      `update payment_allocation set surplus_minor = surplus_minor + 100 where payment_id = ${partial}`,
      `update bill set surplus_minor = surplus_minor + 100
        where id = (select bill_id from payment_allocation where payment_id = ${partial})`,
    ],
    ['25', '26'],
  ],
  [
    '26',
    'the ledger credits another institution',
    [
      `update posting set account_id = (select id from ledger_account where name = 'sp-payable:SP70202:140101')
        where credit_minor > 0 and entry_id = ${entry}`,
    ],
    ['26'],
  ],
  ['27', 'a guard is switched off', [`alter table payment disable trigger payment_keeps`], ['27']],
  [
    '27',
    'the guard of what banks said is switched off',
    [`alter table bank_entry disable trigger bank_entry_keeps`],
    ['27'],
  ],
  [
    '28',
    'the last event of a feed disappears with its head',
    [
      `delete from feed_event where party_id = ${otherSp}`,
      `delete from feed_head where party_id = ${otherSp}`,
    ],
    ['28'],
  ],
  [
    '29',
    'the first event of a feed gets a number of its own',
    [
      `update feed_event set sequence = 7, content = replace(content, '"sequence":1,', '"sequence":7,')
        where party_id = ${otherSp}`,
      `update feed_event set digest = sha256(decode(repeat('00', 32), 'hex') || convert_to(content, 'UTF8'))
        where party_id = ${otherSp}`,
    ],
    ['29'],
  ],
  [
    '30',
    'the text of an event is changed',
    [`update feed_event set content = replace(content, '500.00', '600.00') where sequence = 1`],
    ['30'],
  ],
  [
    '30',
    'an event is changed and its digest made anew, but not that of the next',
    [
      `update feed_event set content = replace(content, '500.00', '600.00') where sequence = 1 and party_id <> ${otherSp}`,
      `update feed_event set digest = sha256(decode(repeat('00', 32), 'hex') || convert_to(content, 'UTF8'))
        where sequence = 1 and party_id <> ${otherSp}`,
    ],
    ['30'],
  ],
  [
    '31',
    'a day is closed and has no record',
    [`insert into closed_day (day, closed_at) values ('2026-11-22', gateway_now())`],
    ['31'],
  ],
  [
    '32',
    'a day is summed up without one of its accounts',
    [
      `insert into account_day
       select account_id, business_day, sum(debit_minor), sum(credit_minor), sum(debit_minor), sum(credit_minor)
         from posting where account_id <> (select min(account_id) from posting) group by account_id, business_day`,
    ],
    ['32'],
  ],
];

/** Verifies what `statements` did within one transaction of the superuser, and undoes it. */
async function brokenBy(db: Client, statements: readonly string[]): Promise<readonly string[]> {
  await db.query('begin');
  try {
    await db.query(`set local session_replication_role = replica`);
    for (const statement of statements) {
      const { rowCount, command } = await db.query(statement);
      if (command !== 'ALTER' && (rowCount ?? 0) === 0)
        throw new Error(`changed nothing: ${statement}`);
    }
    return (await brokenInvariants(gateway.app, db)).map(({ invariant }) => invariant);
  } finally {
    await db.query('rollback');
  }
}

async function numberOf(billId: string, sp: Awaited<ReturnType<TestGateway['party']>>) {
  const answer = await sp.waitFor('gepgBillSubResp', (root) => textOf(root, 'BillId') === billId);
  return textOf(answer.root, 'PayCntrNum');
}

/** Two exact bills and a partial one of two institutions, payments on them, one in suspense, and a reconciled day. */
beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  const hospital = await gateway.party('SP70101');
  const water = await gateway.party('SP70202');
  const bank = await gateway.party('PSP701');
  const operator = await gateway.party('PSP703');
  const bills = [
    { sp: hospital, billId: 'A-1', option: '3', systemId: 'THOSP001', gfsCode: '142202' },
    { sp: hospital, billId: 'A-2', option: '2', systemId: 'THOSP001', gfsCode: '142202' },
    { sp: water, billId: 'A-4', option: '3', systemId: 'TMAJI001', gfsCode: '140101' },
  ] as const;
  const amounts = { 'A-1': '500.00', 'A-2': '200.00', 'A-4': '500.00' } as const;
  for (const { sp, billId, option, systemId, gfsCode } of bills) {
    const ack = await submitBills(sp, gateway.url, [
      {
        billId,
        amount: '500.00',
        option,
        generatedAt: now,
        subSpCode: '1001',
        systemId,
        items: [{ gfsCode, amount: '500.00' }],
      },
    ]);
    expect(ack.code).toBe('7101');
    const controlNumber = await numberOf(billId, sp);
    const payment = {
      transactionId: billId,
      controlNumber,
      amount: amounts[billId],
      paidAt: now,
      resultUrl: 'http://127.0.0.1:1/',
    };
    expect((await pay(bank, gateway.url, payment)).code).toBe('7101');
    await sp.waitFor('gepgPmtSpInfo', (root) => textOf(root, 'BillId') === billId);
  }
  const suspense = {
    transactionId: 'A-3',
    controlNumber: '997011234567',
    amount: '70.00',
    paidAt: now,
    resultUrl: 'http://127.0.0.1:1/',
  };
  expect((await pay(operator, gateway.url, suspense)).code).toBe('7101');
  await operator.waitFor('gepgPmtFinResp');
  const bytes = Buffer.from(
    `transaction_id,control_number,amount,currency,paid_at\nA-1,${await numberOf('A-1', hospital)},500.00,TZS,${now}\n` +
      `X-9,997010000000,5.00,TZS,${now}\n`,
  );
  const statement = await gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode: 'PSP701',
    day: today,
    fileName: 'day.csv',
    open: () => Readable.from([bytes]),
    importedBy: 'test',
    isDryRun: false,
  });
  expect(statement.kind).toBe('imported');
  await gateway.app.get(RunReconciliation, { strict: false }).execute(today);
  await gateway.settled();
  await gateway.sealed();
});

afterAll(async () => {
  await gateway.stop();
});

describe('the invariants', () => {
  it('hold in the books as the gateway keeps them', async () => {
    expect(await brokenBy(gateway.db, [])).toEqual([]);
    const outcome = await gateway.app
      .get(VerifyBooks, { strict: false })
      .execute({ isFull: false });
    expect(outcome).toMatchObject({
      since: '2026-11-22',
      isSound: true,
      hasSeparateGrants: true,
      verifiedSignatures: await gateway.count('inbound_message'),
    });
  });

  it('each have a corruption, and a number of their own', () => {
    const ids = invariants.map(({ id }) => id);
    expect([...new Set(corruptions.map(([id]) => id))]).toEqual(ids);
    expect([...new Set(ids)].sort()).toEqual(ids);
  });

  it.each(corruptions)('%s is broken when %s', async (id, _deed, statements, expected) => {
    expect(expected).toContain(id);
    expect(await brokenBy(gateway.db, statements)).toEqual(expected);
  });

  it('27 knows every table that only grows', async () => {
    const { rows } = await gateway.db.query<{ guarded: string; guard: string }>(
      `select t.tgrelid::regclass::text as guarded, t.tgname as guard
         from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where t.tgfoid = 'refuse_change'::regproc and not c.relispartition order by 1, 2`,
    );
    expect(rows.length).toBeGreaterThan(40);
    const statement = readFileSync(
      join(projectRoot, 'src', 'assurance', 'sql', '27-guard-missing.sql'),
      'utf8',
    );
    const unseen: string[] = [];
    for (const { guarded, guard } of rows) {
      await gateway.db.query('begin');
      await gateway.db.query(`alter table ${guarded} disable trigger ${guard}`);
      const found = (await gateway.db.query<{ key: string }>(statement, [today])).rows;
      await gateway.db.query('rollback');
      if (!found.some(({ key }) => key === guard)) unseen.push(`${guarded}.${guard}`);
    }
    expect(unseen).toEqual([]);
  });

  it('are not looked for before the first day asked for', async () => {
    await gateway.db.query(`update bill set paid_minor = 0 where sp_bill_id = 'A-2'`);
    const verify = gateway.app.get(VerifyBooks, { strict: false });
    const from = async (since: typeof today) =>
      (await verify.execute({ isFull: false, since })).findings.filter(({ count }) => count > 0);
    const { rows } = await gateway.db.query<{ id: string }>(
      `select id from bill where sp_bill_id = 'A-2'`,
    );
    expect(await from(today)).toMatchObject([{ invariant: '07', count: 1, keys: [rows[0]?.id] }]);
    expect(await from(addDays(today, 1))).toEqual([]);
    await gateway.db.query(`update bill set paid_minor = 20000 where sp_bill_id = 'A-2'`);
  });

  it('hold in books that were multiplied for measuring', async () => {
    const script = readFileSync(
      join(projectRoot, 'tools', 'measure', 'multiply-books.sql'),
      'utf8',
    );
    const payments = await gateway.count('payment');
    await gateway.db.query(`set malipo.copies = 50`);
    await gateway.db.query(script);
    expect(await gateway.count('payment')).toBe(payments + 50);
    expect(await gateway.count('delivery_attempt', `id > 0`)).toBeGreaterThanOrEqual(100);
    expect(await brokenInvariants(gateway.app, gateway.db)).toEqual([]);
  });
});
