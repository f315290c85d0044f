/** What the database itself refuses, whoever asks: changes to the books, entries that do not balance, other people's rows. */
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let owner: Client;

const entry = '00000000-0000-7000-8000-00000000000';

/** Posts in one transaction; amounts as [debit, credit] in minor units. */
async function post(id: string, postings: readonly (readonly [number, number])[]): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query(
      `insert into ledger_entry (id, source_kind, source_id, business_day, currency)
       values ($1::uuid, 'test', $1::uuid::text, '2026-11-24', 'TZS')`,
      [id],
    );
    for (const [i, [debit, credit]] of postings.entries()) await add(id, i, debit, credit);
    await owner.query('commit');
  } catch (fault) {
    await owner.query('rollback');
    throw fault;
  }
}

async function add(id: string, position: number, debit: number, credit: number): Promise<void> {
  await owner.query(
    `insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
     select '2026-11-24', $1, $2, id, $3, $4 from ledger_account limit 1`,
    [id, position, debit, credit],
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

  it('refuses a balanced pair of postings added to a closed entry', async () => {
    await expect(add(`${entry}0`, 7, 5, 0)).rejects.toThrow('closed ledger entry');
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
