/**
 * Each `.sql` file on seeded volume uses the indexes that its header names, and, audits apart, reads no big table from
 * end to end.
 * Plans are generic ones, so that they hold for any parameters. The volume is copied from rows that the gateway made.
 */
import { Readable } from 'node:stream';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { indexesUsedBy, nodesOf, type PlanRow, scannedBy } from '../support/plans';
import { multiply, uuidOf } from '../support/volume';

const root = join(__dirname, '../../src');

/** Statements that sum or compare all there is, each with the reason why that is its task. */
const wholeByMeaning: Readonly<Record<string, string>> = {
  'settlement/sql/settlement-discrepancies.sql':
    'compares every line of the bank with all that explains it',
  'settlement/sql/sum-adjustments.sql':
    'sums all entries of officers: a correction may be of any day',
  'settlement/sql/sum-payments.sql':
    'sums all payments of a span, and a generic plan does not know how long that is',
};

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  // An audit of the books reads them from end to end, and so does the seal of a day: that is their task.
  .filter((path) => !/^(?:assurance|closing)/.test(path))
  // So does a report of its period, and a generic plan does not know how long that is.
  .filter((path) => !path.startsWith('reports'))
  .filter((path) => !(path in wholeByMeaning))
  .sort();

const volume = 20_000;
const big = 5_000;

let gateway: TestGateway;

async function seed(): Promise<void> {
  const { db } = gateway;
  await db.query('begin');
  await multiply(
    db,
    'party',
    40,
    `jsonb_build_object('id', 1000 + i, 'code', 'PSP-' || i, 'kind', 'payment-service-provider')`,
  );
  await multiply(
    db,
    'bill',
    volume,
    `jsonb_build_object('id', ${uuidOf('bill')}, 'sp_bill_id', 'S-' || i, 'control_number', (997020000000 + i)::text,
       'expires_at', timestamptz '2026-11-01' + i * interval '1 hour')`,
  );
  await multiply(
    db,
    'control_number',
    volume,
    `jsonb_build_object('number', (997020000000 + i)::text, 'bill_id', ${uuidOf('bill')})`,
  );
  await multiply(db, 'bill_item', volume, `jsonb_build_object('bill_id', ${uuidOf('bill')})`);
  const received = `timestamptz '2026-10-01 08:00Z' + (i % 50) * interval '1 day'`;
  const payment = `'psp_id', 1001 + i % 40, 'psp_transaction_id', 'V-' || i,
    'control_number', (997020000000 + i)::text, 'received_at', ${received}, 'business_day', business_day_of(${received})`;
  await multiply(
    db,
    'payment',
    volume,
    `jsonb_build_object('id', ${uuidOf('payment')}, 'receipt_number', 'V-' || i, ${payment})`,
  );
  await multiply(
    db,
    'payment_notification',
    volume,
    `jsonb_build_object('id', ${uuidOf('note')}, 'payment_id', ${uuidOf('payment')}, ${payment})`,
  );
  await multiply(
    db,
    'payment_allocation',
    volume,
    `jsonb_build_object('payment_id', ${uuidOf('payment')}, 'bill_id', ${uuidOf('bill')})`,
  );
  await multiply(
    db,
    'delivery',
    volume,
    `jsonb_build_object('id', 1000 + i, 'subject', (997020000000 + i)::text, 'recipient_id', 1001 + i % 40,
       'next_attempt_at', timestamptz '2026-11-01' + i * interval '1 minute',
       'state', case when i % 100 < 40 then 'ready' else 'delivered' end,
       'settled_at', case when i % 100 >= 40 then gateway_now() end)`,
  );
  await db.query(
    `insert into feed_event (party_id, sequence, event_id, type, subject, occurred_at, content, digest)
     select 1001 + i % 40, 1 + i / 40, 'evt_' || i, 'payment.confirmed', 'S-' || i, gateway_now(), '{}', sha256('')
       from generate_series(1, ${String(volume)}) as i`,
  );
  await multiply(
    db,
    'ledger_account',
    big + 1,
    `jsonb_build_object('id', 1000 + i, 'name', 'V:' || i)`,
  );
  const day = `date '2026-10-01' + i % 50`;
  await multiply(
    db,
    'statement',
    2_000,
    `jsonb_build_object('id', 1000 + i, 'psp_id', 1001 + i % 40, 'business_day', date '2026-10-01' + i / 40)`,
  );
  await multiply(
    db,
    'statement_line',
    volume,
    `jsonb_build_object('id', 1000 + i, 'statement_id', 1001 + i % 2000, 'line_number', 2 + i,
       'psp_transaction_id', 'V-' || i)`,
  );
  await multiply(
    db,
    'reconciliation_run',
    2_000,
    `jsonb_build_object('id', 1000 + i, 'psp_id', 1001 + i % 40, 'business_day', date '2026-10-01' + i / 40)`,
  );
  await multiply(
    db,
    'match',
    volume,
    `jsonb_build_object('run_id', 1001 + i % 2000, 'statement_line_id', 1000 + i, 'payment_id', ${uuidOf('payment')})`,
  );
  await multiply(
    db,
    'discrepancy',
    volume,
    `jsonb_build_object('id', 1000 + i, 'psp_id', 1001 + i % 40, 'business_day', ${day}, 'subject', 'V-' || i,
       'last_run', 1001 + i % 2000)`,
  );
  await db.query(
    `with taken as (
       insert into payment_reversal (id, payment_id, kind, amount_minor, is_settled, reason, requested_by, approved_by, business_day)
       select ${uuidOf('reversal')}, ${uuidOf('payment')}, 'reversal', 1, false, '', 'one', 'other', date '2020-01-01' + i % 2500
         from generate_series(1, ${String(big + 1)}) as i)
     insert into payment_reversal_part (reversal_id, bill_id, sp_id, principal_minor, surplus_minor, uncovers, bill_version)
     select ${uuidOf('reversal')}, ${uuidOf('bill')}, 1001, 1, 0, false, 1 from generate_series(1, ${String(big + 1)}) as i`,
  );
  await db.query(
    `with told as (
       insert into bank_statement (id, account, currency, format, bank_id, sequence, first_day, last_day, opening_minor,
                                   closing_minor, entry_count, file_name, file_digest, content_digest, imported_by)
       overriding system value
       select 1000 + i, 'V-' || i % 40, 'TZS', 'camt.053', 'S-' || i, '', date '2020-01-01' + i / 40, date '2020-01-01' + i / 40,
              0, 0, 1, '', '', sha256(i::text::bytea), '' from generate_series(1, ${String(big + 1)}) as i)
     insert into bank_entry (statement_id, account, currency, place, line_number, path, direction, amount_minor, booking_day,
                             is_reversal, bank_reference, end_to_end_id, remittance, counterparty_name, counterparty_account,
                             transaction_code, return_reason, details, occurrence)
     select 1001 + i % ${String(big)}, 'V-' || i % 40, 'TZS', i, i, '', 'credit', 1, date '2020-01-01' + i / 160, false,
            'R-' || i, '', '', '', '', '', '', '[]', 1 from generate_series(1, ${String(volume)}) as i`,
  );
  await db.query('commit');
  await db.query('analyze');
}

/** Of each index and table of a partition, the one of the whole. */
async function wholes(): Promise<ReadonlyMap<string, string>> {
  const { rows } = await gateway.db.query<{ part: string; whole: string }>(
    `select inhrelid::regclass::text as part, inhparent::regclass::text as whole from pg_inherits`,
  );
  return new Map(rows.map((row) => [row.part, row.whole]));
}

async function planOf(path: string): Promise<{ used: Set<string>; scanned: Set<string> }> {
  const sql = readFileSync(join(root, path), 'utf8').replace(/;\s*$/, '');
  const places = [...sql.replace(/--.*$/gm, '').matchAll(/\$(\d+)/g)].map((found) =>
    Number(found[1]),
  );
  const nulls = Array.from({ length: Math.max(0, ...places) }, () => 'null').join();
  await gateway.db.query(`prepare planned as ${sql}`);
  const { rows } = await gateway.db.query<PlanRow>(
    `explain (format json) execute planned${nulls && `(${nulls})`}`,
  );
  await gateway.db.query(`deallocate planned`);
  const whole = await wholes();
  const nodes = rows.flatMap(nodesOf);
  return {
    used: new Set(indexesUsedBy(nodes).map((each) => whole.get(each) ?? each)),
    scanned: new Set(scannedBy(nodes)),
  };
}

/** The indexes that a header names after "relies on". */
function promised(path: string): readonly string[] {
  const header = /^(--.*\n)*/.exec(readFileSync(join(root, path), 'utf8'))?.[0] ?? '';
  const text = header.replace(/\n?-- ?/g, ' ');
  return /relies on ((?:\w+,? *)+)/.exec(text)?.[1]?.match(/\w+/g) ?? [];
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  const hospital = await gateway.party('SP70101');
  const bank = await gateway.party('PSP701');
  await submitBills(hospital, gateway.url, [
    {
      billId: 'B-1',
      amount: '500.00',
      option: '2',
      generatedAt: '2026-11-24T10:00:00',
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '500.00' }],
    },
  ]);
  const answer = await hospital.waitFor('gepgBillSubResp');
  const controlNumber = textOf(answer.root, 'PayCntrNum');
  const ack = await pay(bank, gateway.url, {
    transactionId: 'T-1',
    controlNumber,
    amount: '100.00',
    paidAt: '2026-11-24T10:00:00',
    resultUrl: 'http://127.0.0.1:1/',
  });
  expect(ack.code).toBe('7101');
  // A statement that gives one match and one discrepancy.
  const day = parseBusinessDay('2026-11-24');
  const lines = ['T-1', 'T-2'].map((id) => `${id},${controlNumber},100,TZS,2026-11-24T10:00:00\n`);
  await gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode: 'PSP701',
    day,
    fileName: 'one.csv',
    open: () =>
      Readable.from([
        Buffer.from(`transaction_id,control_number,amount,currency,paid_at\n${lines.join('')}`),
      ]),
    importedBy: 'test',
    isDryRun: false,
  });
  await gateway.app.get(RunReconciliation, { strict: false }).execute(day);
  await seed();
  await gateway.db.query(`set plan_cache_mode = force_generic_plan`);
}, 120_000);

afterAll(async () => {
  await gateway.stop({ fabricated: 'volume is copied and belongs to nothing' });
});

describe('on volume', () => {
  it.each(files)('%s uses the indexes it names and scans no big table', async (path) => {
    const { used, scanned } = await planOf(path);
    const { rows } = await gateway.db.query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and reltuples > $1 and relname = any ($2)`,
      [big, [...scanned]],
    );
    expect({
      unused: promised(path).filter((index) => !used.has(index)),
      scanned: rows.map((row) => row.name),
    }).toEqual({ unused: [], scanned: [] });
  });
});
