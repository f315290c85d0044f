/**
 * The second wall of writes: whatever the program forgets, the database neither changes rows of another party nor makes
 * any for it. Each write of /v1 is done here with the wrong party's id inside a transaction of its own party, as a
 * mistake in the program would; then over HTTP, under a trap for writes that do not run as a party (issue 5, point 12).
 */
import { randomUUID } from 'node:crypto';
import { StoredAnswerStore } from '../../src/api/stored-answer.store';
import { BillStore, type NewBill } from '../../src/bills/bill.store';
import { BillUploadStore } from '../../src/bills/bill-upload.store';
import { CancelBills } from '../../src/bills/cancel-bills';
import { ChangeBills } from '../../src/bills/change-bills';
import { NumberStore } from '../../src/bills/number.store';
import { SubmitBills } from '../../src/bills/submit-bills';
import { BreakerStore } from '../../src/deliveries/breaker.store';
import { FeedStore } from '../../src/deliveries/feed.store';
import { ManageWebhooks } from '../../src/deliveries/manage-webhooks';
import { ResendDeliveries } from '../../src/deliveries/resend-deliveries';
import { WebhookStore } from '../../src/deliveries/webhook.store';
import type { BusinessDay } from '../../src/kernel/business-day';
import type { PaymentServiceProvider, ServiceProvider } from '../../src/parties/party-directory';
import { ReversalStore } from '../../src/payments/reversal.store';
import { Database, type Tx } from '../../src/platform/database/database';
import { DraftStatements } from '../../src/reconciliation/draft-statements';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { ask, bill, csvOf, keyOf, type Reply, rowOf, today } from './support';

let gateway: TestGateway;
let books: Books;
/** Whose rows are aimed at, and in whose transaction. */
let victim: ServiceProvider;
let bank: PaymentServiceProvider;
let other: { readonly sp: ServiceProvider; readonly psp: PaymentServiceProvider };
const keys = { sp: '', psp: '' };
const ids = { bill: '', endpoint: '', draft: '', payment: '' };

/** A transaction of the other institution, rolled back by what the database refuses. */
const asOther = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  books.use(Database).forParty(other.sp.id).transaction(work);
const asOtherPsp = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  books.use(Database).forParty(other.psp.id).transaction(work);

const send = (path: string, body: unknown, key = keys.sp, method: 'POST' | 'PATCH' = 'POST') =>
  ask(gateway.url, path, { method, key, body });
const idOf = ({ json }: Reply, name: string): string =>
  (json as Record<string, string>)[name] ?? '';

/** Everything that a write of the other party might have changed, as text. */
async function state(): Promise<unknown> {
  const tables = [
    'bill',
    'bill_item',
    'control_number',
    'bill_upload',
    'webhook_endpoint',
    'webhook_secret',
    'delivery',
    'feed_head',
    'stored_answer',
    'statement_draft',
    'statement_draft_page',
    'reversal_request',
    'delivery_breaker',
    'control_number_range',
  ];
  // What the worker itself moves while this looks; a resend is seen by `resent_at`, a redirect by `url`.
  const moving = `'{state, attempt_count, failure_count, next_attempt_at, lease_until, lease_token, settled_at, last_outcome}'::text[]`;
  const parts = tables.map((table) => {
    const row = table === 'delivery' ? `(to_jsonb(t) - ${moving})` : 'to_jsonb(t)';
    return `(select jsonb_agg(${row} order by ${row}::text) from ${table} t)`;
  });
  const { rows } = await gateway.db.query(`select json_build_array(${parts.join(', ')}) as all`);
  return (rows[0] as { all: unknown }).all;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  for (const code of ['SP70101', 'SP70202', 'PSP701', 'PSP702']) await gateway.party(code);
  books = new Books(gateway);
  victim = await books.sp('SP70101');
  bank = await books.psp('PSP701');
  other = { sp: await books.sp('SP70202'), psp: await books.psp('PSP702') };
  keys.sp = await keyOf(gateway, 'SP70101');
  keys.psp = await keyOf(gateway, 'PSP701');
  // A confirmation in XML, so that something is owed; then what each table is aimed at.
  const number = await books.numberOf('SP70101', draft('WIRE', { systemId: 'THOSP001' }));
  expect(await books.pay('PSP701', 'TX-1', number, '1000.00')).toBe('taken');
  await send('/v1/bills', bill('OPEN'));
  // Before there is an endpoint that nobody answers at: what is owed to that never settles.
  await gateway.settled();
  await gateway.sealed();
  const hook = { url: 'https://fees.example.go.tz/in' };
  ids.endpoint = idOf(await send('/v1/webhook-endpoints', hook), 'id');
  ids.draft = idOf(await send('/v1/statements', { day: '2026-11-24' }, keys.psp), 'statementId');
  const { rows } = await gateway.db.query<{ bill: string; payment: string }>(
    `select (select id from bill where sp_bill_id = 'OPEN') as bill, (select id from payment) as payment`,
  );
  ids.bill = rows[0]?.bill ?? '';
  ids.payment = rows[0]?.payment ?? '';
});
afterAll(() => gateway.stop({ unsigned: true }));

function newBill(spId: number): NewBill {
  return {
    id: randomUUID(),
    spId,
    spBillId: 'FOISTED',
    controlNumber: '997010000008',
    isReuse: false,
    isImported: false,
    groupId: null,
    groupPosition: 1,
    form: 'json',
    contentDigest: '00',
    option: 'exact',
    currency: 'TZS',
    amountMinor: '100',
    miscMinor: '0',
    minimumMinor: '100',
    limitMinor: null,
    generatedAt: new Date(0),
    expiresAt: new Date(0),
    payerId: '',
    payerName: '',
    payerPhone: '',
    payerEmail: '',
    description: '',
    generatedBy: '',
    approvedBy: '',
    subSpCode: '',
    systemId: '',
    extras: {},
    items: [],
  };
}

const item = `insert into bill_item (bill_id, position, reference, pays_by_reference, gfs_code, sub_sp_code, amount_minor)
              values ($1, 9, '', false, '142202', '', 1)`;

describe('a row for another party', () => {
  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['bill', (tx) => books.use(BillStore).insert(tx, [newBill(victim.id)])],
    ['item of a bill', (tx) => tx.query(item, [ids.bill])],
    [
      'upload',
      (tx) =>
        books.use(BillUploadStore).add(tx, {
          id: randomUUID(),
          spId: victim.id,
          digest: Buffer.alloc(32),
          accept: 'all',
          state: 'checking',
        }),
    ],
    [
      'stored answer',
      (tx) =>
        books
          .use(StoredAnswerStore)
          .add(
            tx,
            { partyId: victim.id, operation: 'x' },
            new Map([
              ['x', { requestDigest: Buffer.alloc(32), status: 200, answer: {}, sealed: null }],
            ]),
          ),
    ],
    [
      'webhook endpoint',
      (tx) => books.use(ManageWebhooks).add(tx, victim, { url: 'http://x.tz/', eventTypes: [] }),
    ],
    [
      'webhook secret',
      (tx) => books.use(WebhookStore).addSecret(tx, ids.endpoint, Buffer.alloc(60)),
    ],
  ])('is refused: a %s', async (_name, write) => {
    await expect(asOther(write)).rejects.toThrow('row-level security');
  });

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    [
      'draft of a statement',
      (tx) => books.use(DraftStatements).open(tx, bank, '2026-11-23' as BusinessDay),
    ],
    [
      'request for a reversal',
      (tx) =>
        books.use(ReversalStore).add(tx, bank.id, {
          id: randomUUID(),
          paymentId: ids.payment,
          transactionId: 'TX-1',
          receiptNumber: 'R',
          reason: 'wrong-amount',
          note: '',
          intendedControlNumber: null,
          intendedAmountMinor: null,
        }),
    ],
  ])('is refused, of a PSP: a %s', async (_name, write) => {
    await expect(asOtherPsp(write)).rejects.toThrow('row-level security');
  });
});

it("another party's rows are not there to be changed", async () => {
  const before = await state();
  const change = { billId: 'OPEN', systemId: '', expiresAt: '2028-06-30T23:59:59' };
  const none: ReadonlySet<string> = new Set();
  const ofDay = { recipientId: victim.id, day: '2026-11-24' as BusinessDay };
  const submission = { form: 'json' as const, drafts: [draft('NEW', { systemId: 'THOSP001' })] };
  const got: Record<string, unknown> = {
    change: await asOther((tx) => books.use(ChangeBills).execute(tx, victim, [change], none)),
    cancel: await asOther((tx) => books.use(CancelBills).execute(tx, victim, ['OPEN'], 'x')),
    // Its numbers are another's, so that there are none to issue.
    submit: await asOther((tx) => books.use(SubmitBills).execute(tx, victim, submission, none)),
    serials: await asOther((tx) => books.use(NumberStore).reserveSerials(tx, victim.id, 1)),
    resend: await asOther((tx) => books.use(ResendDeliveries).execute(tx, ofDay, 'x')),
    off: await asOther((tx) =>
      books.use(WebhookStore).switchOff(tx, victim.id, ids.endpoint, null),
    ),
  };
  await asOther(async (tx) => {
    await books.use(FeedStore).acknowledge(tx, victim.id, 1n);
    await books.use(WebhookStore).redirect(tx, victim.id, ids.endpoint, 'http://x.tz/');
    await books.use(WebhookStore).endSecrets(tx, ids.endpoint, 0);
    await books.use(BreakerStore).close(tx, { recipient_id: victim.id, endpoint: '' });
    // By id alone, as where a statement forgets the party altogether.
    await books.use(BillStore).expireThese(tx, [ids.bill]);
    await books.use(BillStore).cancel(tx, [ids.bill], 'x');
  });
  expect(got).toMatchObject({
    change: [{ billId: 'OPEN', faults: ['bill.unknown'] }],
    cancel: [{ billId: 'OPEN', result: 'bill.unknown' }],
    submit: [{ billId: 'NEW', faults: ['bill.numbers-exhausted'] }],
    serials: [],
    resend: 0,
    off: false,
  });
  await expect(
    asOther((tx) => books.use(ManageWebhooks).change(tx, victim, ids.endpoint, { isOn: false })),
  ).rejects.toThrow('no such endpoint');
  await expect(
    asOtherPsp((tx) =>
      books.use(DraftStatements).publish(tx, bank, ids.draft, { lineCount: 0, totals: [] }),
    ),
  ).rejects.toThrow('no such statement');
  expect(await state()).toEqual(before);
});

it('reads of a party write nothing', async () => {
  const write = books
    .use(Database)
    .forParty(victim.id)
    .read((reader) => books.use(FeedStore).acknowledge(reader as Tx, victim.id, 1n));
  await expect(write).rejects.toThrow('read-only transaction');
});

it('every write over HTTP runs as its party', async () => {
  await gateway.db.query(`
    create function trap() returns trigger language plpgsql as $$
    begin
      if current_user <> 'malipo_tenant' then raise exception '% of % is no write of a party', new.action, new.actor; end if;
      return new;
    end $$;
    create trigger trap before insert on audit_event
      for each row when (new.actor in ('SP70101', 'PSP701') and new.action <> 'statement.imported')
      execute function trap()`);
  const page = {
    lines: [
      {
        transactionId: 'TX-1',
        controlNumber: '997010000008',
        amount: '1000.00',
        currency: 'TZS',
        paidAt: '2026-11-24T10:00:00+03:00',
      },
    ],
  };
  const totals = { lineCount: 1, totals: [{ currency: 'TZS', amount: '1000.00' }] };
  const hook = `/v1/webhook-endpoints/${ids.endpoint}`;
  const replies = [
    await send('/v1/bills', bill('T-1')),
    await send('/v1/bills/batch', { bills: [bill('T-2'), bill('T-3')] }),
    await send('/v1/bills/T-1', { amount: '1.00' }, keys.sp, 'PATCH'),
    await send('/v1/bills/T-1/cancellation', { reason: 'x' }),
    await send('/v1/events/ack', { sequence: 1 }),
    await send('/v1/deliveries/resend', { day: '2026-11-24' }),
    await send('/v1/webhook-endpoints', { url: 'https://fees.example.go.tz/two' }),
    await send(hook, { url: 'https://fees.example.go.tz/three' }, keys.sp, 'PATCH'),
    await send(`${hook}/rotate`, undefined),
    await ask(gateway.url, hook, { method: 'DELETE', key: keys.sp }),
    await ask(gateway.url, `/v1/statements/${ids.draft}/pages/1`, {
      method: 'PUT',
      key: keys.psp,
      body: page,
    }),
    await send(`/v1/statements/${ids.draft}/publish`, totals, keys.psp),
    await send(
      '/v1/reversal-requests',
      { transactionId: 'TX-1', reason: 'wrong-amount', note: 'too much' },
      keys.psp,
    ),
    // Last: its bills are issued afterwards by a worker, which is the system's and must not meet the trap.
    await ask(gateway.url, '/v1/bill-uploads?accept=good', {
      method: 'POST',
      key: keys.sp,
      body: csvOf([rowOf('UPLOADED')]),
      headers: { 'content-type': 'text/csv' },
    }),
  ];
  await gateway.db.query(`drop trigger trap on audit_event; drop function trap()`);
  expect(replies.map(({ status, text }) => (status < 300 ? 'done' : text))).toEqual(
    replies.map(() => 'done'),
  );
});
