/** What the database itself refuses, whoever asks: changes to the books, entries that do not balance, other people's rows. */
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let owner: Client;

const entry = '00000000-0000-7000-8000-00000000000';

/** An entry and its postings in one statement, as the program writes them; amounts as [debit, credit] in minor units. */
async function post(id: string, postings: readonly (readonly [number, number])[]): Promise<void> {
  await owner.query(
    `with entry as (
       insert into ledger_entry (id, source_kind, source_id, business_day, currency)
       values ($1::uuid, 'test', $1::uuid::text, '2026-11-24', 'TZS'))
     insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
     select '2026-11-24', $1, t.position, (select id from ledger_account where currency = 'TZS' limit 1), t.debit, t.credit
       from unnest($2::integer[], $3::integer[]) with ordinality as t (debit, credit, position)`,
    [id, postings.map(([debit]) => debit), postings.map(([, credit]) => credit)],
  );
}

async function add(id: string, ...postings: readonly (readonly [number, number])[]): Promise<void> {
  await owner.query(
    `insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
     select '2026-11-24', $1, t.position + 6, (select id from ledger_account where currency = 'TZS' limit 1), t.debit, t.credit
       from unnest($2::integer[], $3::integer[]) with ordinality as t (debit, credit, position)`,
    [id, postings.map(([debit]) => debit), postings.map(([, credit]) => credit)],
  );
}

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(
    `insert into ledger_account (name, currency, kind, normal_side) values ('suspense:x', 'TZS', 'suspense', 'credit')`,
  );
  await post(`${entry}0`, [
    [5, 0],
    [0, 5],
  ]);
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

describe('the ledger', () => {
  it.each([
    [
      'unbalanced',
      [
        [5, 0],
        [0, 4],
      ],
    ],
    ['of one posting', [[5, 0]]],
    ['without postings', []],
    [
      'with a posting on both sides',
      [
        [5, 5],
        [0, 0],
      ],
    ],
  ] as [string, [number, number][]][])('refuses an entry %s', async (_case, postings) => {
    await expect(post(`${entry}1`, postings)).rejects.toThrow();
  });

  it('refuses a balanced pair of postings added to a closed entry, or to none', async () => {
    await expect(add(`${entry}0`, [5, 0], [0, 5])).rejects.toThrow('closed ledger entry');
    await expect(add(`${entry}9`, [5, 0], [0, 5])).rejects.toThrow('closed ledger entry');
  });

  it('refuses a posting that joins an entry of its own transaction and leaves it unbalanced', async () => {
    await owner.query('begin');
    await post(`${entry}1`, [
      [5, 0],
      [0, 5],
    ]);
    await expect(add(`${entry}1`, [5, 0])).rejects.toThrow('does not balance');
    await owner.query('rollback');
  });

  it('refuses an entry whose postings would come in a later statement', async () => {
    await expect(
      owner.query(`insert into ledger_entry (id, source_kind, source_id, business_day, currency)
                   values ('${entry}1', 'test', 'bare', '2026-11-24', 'TZS')`),
    ).rejects.toThrow('without its postings');
  });

  it('refuses a posting in another currency than its entry', async () => {
    await expect(
      owner.query(
        `with account as (
           insert into ledger_account (name, currency, kind, normal_side)
           values ('suspense:x', 'USD', 'suspense', 'credit') returning id),
         entry as (
           insert into ledger_entry (id, source_kind, source_id, business_day, currency)
           values ('${entry}1', 'test', 'dollars', '2026-11-24', 'TZS'))
         insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
         select '2026-11-24', '${entry}1', n, account.id, 5 * n, 5 * (1 - n) from account, generate_series(0, 1) n`,
      ),
    ).rejects.toThrow('another currency');
  });

  it.each([
    `update posting set debit_minor = 6 where debit_minor = 5`,
    `delete from posting`,
    `truncate posting`,
    `delete from ledger_entry`,
    `update ledger_account set name = 'x'`,
    `truncate payment cascade`,
    `truncate audit_event`,
  ])('refuses its owner: %s', async (statement) => {
    await expect(owner.query(statement)).rejects.toThrow('append-only');
  });
});

const gateRow = (id: string, outcome: string, payment: string): string =>
  `insert into payment_notification (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome,
     status_code, payment_id, message_id, paid_at)
   values ('${entry}${id}', 1, 'x${id}', '1', 5, 'TZS', '${outcome}', '7101', ${payment}, '${entry}7', now())`;

it.each([
  [
    'an allocation',
    `insert into payment_allocation (payment_id, bill_id, sp_id, principal_minor, surplus_minor, bill_version, collection_account)
     values ('${entry}5', '${entry}6', 1, 5, 0, 1, '')`,
  ],
  ['a gate row', gateRow('5', 'taken', `'${entry}5'`)],
])('refuses %s of a payment that is not there', async (_row, statement) => {
  await owner.query('begin');
  // Its bill is not there either, which would be found first.
  await owner.query(
    `alter table payment_allocation drop constraint payment_allocation_bill_id_fkey`,
  );
  await expect(owner.query(statement)).rejects.toThrow('names a payment that is not there');
  await owner.query('rollback');
});

it('a gate row stays with its payment', async () => {
  await owner.query(gateRow('8', 'refused', 'null'));
  await expect(
    owner.query(`update payment_notification set payment_id = '${entry}5', outcome = 'taken'`),
  ).rejects.toThrow('append-only');
});

it('the role of the program may add to the books and not change them', async () => {
  const program = new Client({ connectionString: database.url, options: '-c role=malipo_system' });
  await program.connect();
  for (const table of [
    'payment',
    'payment_allocation',
    'posting',
    'ledger_entry',
    'inbound_message',
    'audit_event',
  ]) {
    await expect(program.query(`delete from ${table}`)).rejects.toThrow('permission denied');
  }
  await program.end();
});

it('the tenant role sees nothing without a party, makes nothing, and never touches money', async () => {
  const tenant = new Client({ connectionString: database.url, options: '-c role=malipo_tenant' });
  await tenant.connect();
  expect((await tenant.query(`select 1 from bill`)).rowCount).toBe(0);
  await expect(
    tenant.query(
      `insert into stored_answer (party_id, operation, key, request_digest, status, answer)
       values (1, 'x', 'x', '\\x00', 200, '{}')`,
    ),
  ).rejects.toThrow('row-level security');
  for (const statement of [
    `delete from bill`,
    `update bill set paid_minor = 0`,
    `update bill_item set paid_minor = 0`,
    `update control_number set sp_id = 1`,
    `insert into payment_notification select * from payment_notification`,
    `insert into posting select * from posting`,
    `select 1 from posting`,
    `select 1 from alarm`,
    `select 1 from audit_event`,
    `select 1 from api_key`,
  ])
    await expect(tenant.query(statement)).rejects.toThrow('permission denied');
  await tenant.end();
});
