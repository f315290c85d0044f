/**
 * Bills and payments are found by each key that an officer may have in hand, by nothing else, and by an index: on
 * volume, no search reads a table from end to end.
 */
import { Database } from '../../src/platform/database/database';
import { type SearchKeys, SearchStore } from '../../src/console/bills/search.store';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { explaining, indexesUsedBy, type PlanNode, scannedBy } from '../support/plans';
import { multiply, uuidOf } from '../support/volume';
import { Visitor } from './support';

const volume = 20_000;

let gateway: TestGateway;
let officer: Visitor;
let controlNumber: string;
let receipt: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  const hospital = await gateway.party('SP70101');
  const bank = await gateway.party('PSP701');
  await submitBills(hospital, gateway.url, [
    {
      billId: 'B-1',
      amount: '51200.00',
      generatedAt: '2026-11-24T10:00:00',
      payerName: 'Zuhura 100%_Mkapa',
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '51200.00' }],
    },
  ]);
  const answer = await hospital.waitFor('gepgBillSubResp');
  controlNumber = textOf(answer.root, 'PayCntrNum');
  await pay(bank, gateway.url, {
    transactionId: 'T-1',
    controlNumber,
    amount: '51200.00',
    payerName: 'Zuhura 100%_Mkapa',
    paidAt: '2026-11-24T10:05:00',
    resultUrl: 'http://127.0.0.1:1/elsewhere',
  });
  await gateway.settled();
  const { db } = gateway;
  const { rows } = await db.query<{ receipt: string }>(
    `select receipt_number as receipt from payment`,
  );
  receipt = rows[0]?.receipt ?? '';
  await db.query('begin');
  const payer = `'payer_name', 'Payer ' || i, 'payer_phone', '0754' || lpad(i::text, 6, '0')`;
  const at = `timestamptz '2026-09-01 08:00Z' + i % 80 * interval '1 day'`;
  await multiply(
    db,
    'bill',
    volume,
    `jsonb_build_object('id', ${uuidOf('bill')}, 'sp_bill_id', 'S-' || i, 'control_number', (997020000000 + i)::text,
       'amount_minor', 100000 + i, 'paid_minor', 100000 + i, 'created_at', ${at}, ${payer},
       'state', case i % 1000 when 0 then 'cancelled' when 1 then 'partly-paid' when 2 then 'expired'
                              when 3 then 'open' when 4 then 'open' else 'paid' end,
       'cancelled_at', case i % 1000 when 0 then ${at} end,
       'expires_at', timestamptz '2026-12-01' - case when i % 1000 in (2, 3) then interval '1 month' else '0' end)`,
  );
  await multiply(
    db,
    'control_number',
    volume,
    `jsonb_build_object('number', (997020000000 + i)::text, 'bill_id', ${uuidOf('bill')})`,
  );
  await multiply(
    db,
    'payment',
    volume,
    `jsonb_build_object('id', ${uuidOf('payment')}, 'receipt_number', 'V-' || i, 'psp_transaction_id', 'V-' || i,
       'psp_reference', 'REF-' || i, 'control_number', (997020000000 + i)::text, 'amount_minor', 100000 + i,
       'received_at', ${at}, 'business_day', business_day_of(${at}), ${payer})`,
  );
  await multiply(
    db,
    'payment_allocation',
    volume,
    `jsonb_build_object('payment_id', ${uuidOf('payment')}, 'bill_id', ${uuidOf('bill')})`,
  );
  await db.query('commit');
  await db.query('vacuum analyze bill, payment, payment_allocation');
  const password = await makeOfficer(gateway.app, 'officer', 'treasury-officer');
  officer = await Visitor.signedIn(gateway.url, gateway.app, 'officer', password);
}, 120_000);

afterAll(() => gateway.stop({ fabricated: 'volume is copied and belongs to nothing' }));

const found = ({ text }: { text: string }): readonly string[] =>
  [...text.matchAll(/<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]+)/g)].map(([, each = '']) => each);

async function search(path: string, key: string, value: string): Promise<readonly string[]> {
  return found(
    await officer.get(`/console/${path}?${new URLSearchParams({ [key]: value }).toString()}`),
  );
}

const keys = [
  ['number', () => controlNumber, '997020000000'],
  ['bill', () => 'B-1', 'B-2'],
  ['payer', () => 'zuhura 100%_m', 'zuhura 1000'],
  ['payer', () => 'Zuhura', 'Mkapa'],
  ['phone', () => '+255 700 000 001', '0700000002'],
  ['amount', () => '51,200.00', '51200.01'],
  ['receipt', () => receipt, 'R-2'],
  ['transaction', () => 'T-1', 'T-2'],
  ['day', () => '2026-11-24', '2026-11-23'],
] as const;

describe.each(['bills', 'payments'])('%s', (path) => {
  it.each(keys.map(([key, right, wrong]) => ({ key, right, wrong })))(
    'are found by $key, and by another one not ($wrong)',
    async ({ key, right, wrong }) => {
      const itself = path === 'bills' ? controlNumber : receipt;
      expect(await search(path, key, right())).toEqual([itself]);
      expect(await search(path, key, wrong)).toEqual([]);
    },
  );

  it('what cannot be an amount is said to be none', async () => {
    const { status, text } = await officer.get(`/console/${path}?amount=12,50`);
    expect([status, text.includes('money.malformed')]).toEqual([400, true]);
  });

  it('are found together by what several have, a page at a time, and none twice', async () => {
    const seen = new Set<string>();
    let address = `/console/${path}?day=2026-09-02`;
    for (let pages = 0; address !== '' && pages < 10; pages++) {
      const page = await officer.get(address);
      for (const each of found(page)) {
        expect(seen).not.toContain(each);
        seen.add(each);
      }
      address = (/rel="next" href="([^"]+)"/.exec(page.text)?.[1] ?? '').replaceAll('&amp;', '&');
    }
    expect(seen.size).toBe(volume / 80);
  });
});

it('a payment is found by the reference of its PSP, and so is its bill', async () => {
  expect(await search('payments', 'transaction', 'REF-17')).toEqual(['V-17']);
  expect(await search('bills', 'transaction', 'REF-17')).toEqual(['997020000017']);
});

it.each(['cancelled', 'paid', 'open', 'expired', 'partly-paid', 'nonsense'])(
  'bills are found by the state %s',
  async (state) => {
    const all = await search('bills', 'state', state);
    const counts: Record<string, number> = {
      cancelled: 20,
      'partly-paid': 20,
      open: 20,
      // As many by their state as by their time, whatever the job has done.
      expired: 40,
      paid: 50,
    };
    expect(all.length).toBe(counts[state] ?? 0);
  },
);

describe('on volume', () => {
  it.each<{ what: 'bills' | 'payments'; keys: SearchKeys; index: string }>([
    { what: 'bills', keys: { phones: ['0754000001', '1'] }, index: 'bill_by_phone' },
    { what: 'bills', keys: { amountMinor: 100_001n }, index: 'bill_by_amount' },
    { what: 'bills', keys: { day: '2026-09-02' }, index: 'bill_by_creation' },
    { what: 'bills', keys: { bill: 'S-1' }, index: 'bill_sp_bill_id_key' },
    { what: 'bills', keys: { state: 'cancelled' }, index: 'bill_cancelled' },
    { what: 'bills', keys: { state: 'partly-paid' }, index: 'partly_paid_bill_pkey' },
    { what: 'bills', keys: { receipt: 'V-1' }, index: 'payment_receipt_number_key' },
    { what: 'bills', keys: { transaction: 'V-1' }, index: 'payment_by_reference' },
    { what: 'payments', keys: { phones: ['0754000001', '1'] }, index: 'payment_by_phone' },
    { what: 'payments', keys: { amountMinor: 100_001n }, index: 'payment_by_amount' },
    { what: 'payments', keys: { day: '2026-09-02' }, index: 'payment_by_business_day' },
    { what: 'payments', keys: { transaction: 'V-1' }, index: 'payment_psp_transaction_key' },
    { what: 'payments', keys: { bill: 'S-1' }, index: 'bill_sp_bill_id_key' },
    { what: 'payments', keys: {}, index: 'payment_pkey' },
  ])('$what by $keys rely on $index', async ({ what, keys: wanted, index }) => {
    const nodes: PlanNode[] = [];
    const { reader } = gateway.app.get(Database, { strict: false });
    const store = gateway.app.get(SearchStore, { strict: false });
    await store[what](explaining(reader, nodes), wanted, null, 50);
    expect(indexesUsedBy(nodes)).toContain(index);
    expect(scannedBy(nodes).filter((name) => name !== 'party')).toEqual([]);
  });

  // The owner's functions find names, and their plans are not seen from outside: the index says that it was asked.
  it.each(['bill', 'payment'])('names of a %s are found by their index', async (table) => {
    const { db } = gateway;
    const scans = async (): Promise<number> => {
      const { rows } = await db.query<{ n: string }>(
        `select idx_scan as n from pg_stat_user_indexes where indexrelname = $1`,
        [`${table}_by_name`],
      );
      return Number(rows[0]?.n);
    };
    await db.query(`select pg_stat_force_next_flush()`);
    const before = await scans();
    await db.query(`select count(*) from ${table}s_of_payer('payer 123', 1001)`);
    await db.query(`select pg_stat_force_next_flush()`);
    expect(await scans()).toBeGreaterThan(before);
  });

  it('a name that many share is found as one that few share', async () => {
    expect(await search('bills', 'payer', 'payer 1')).toHaveLength(50);
    expect(await search('payments', 'payer', 'payer 19999')).toEqual(['V-19999']);
  });

  it('who is no officer of the treasury asks for no names', async () => {
    const { rows } = await gateway.db.query<{ may: boolean }>(
      `select has_function_privilege('malipo_tenant', 'bills_of_payer(text, integer)', 'execute') as may`,
    );
    expect(rows).toEqual([{ may: false }]);
  });
});
