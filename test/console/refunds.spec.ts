/**
 * Money that goes back, through the pages alone: asked for at the payment, decided by another officer who sees what it
 * will post, instructed in a file, paid by the bank; and reversals, of officers and of PSPs. Amounts are cents.
 */
import { DecideReversals } from '../../src/payments/decide-reversals';
import { RequestReversal } from '../../src/payments/request-reversal';
import type { ReversalWish } from '../../src/payments/reversal-request';
import type { Role } from '../../src/officers/permission.rules';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { chromiumPath, lookAt } from './browser';
import { Visitor } from './support';

const account = '0170100000011';
const payee = {
  name: 'Neema Mollel',
  payee: '0111222333',
  bank: 'CORUTZTZ',
  reason: 'paid too much',
};
const refunds = '/console/settlement/refunds';
const reversals = '/console/settlement/reversals';

let gateway: TestGateway;
let books: Books;
const visitors = new Map<Role, Visitor>();

function as(role: Role): Visitor {
  const visitor = visitors.get(role);
  if (visitor === undefined) throw new Error(`nobody is ${role}`);
  return visitor;
}

/** Sends a form that asks for something, and gives the address of what waits. */
async function ask(path: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const { status, headers } = await as('treasury-officer').post(path, fields);
  const to = headers.get('location') ?? '';
  expect([status, to]).toEqual([
    303,
    expect.stringMatching(/^\/console\/approvals\/[0-9a-f-]{36}\?done=asked$/),
  ]);
  return to.replace(/\?.*/, '');
}

async function approve(address: string) {
  const answer = await as('treasury-approver').post(`${address}/approve`);
  expect([answer.status, answer.text]).toEqual([303, '']);
}

const found = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';

const wish = (transactionId: string, reason: ReversalWish['reason']): ReversalWish => ({
  transactionId,
  reason,
  note: 'the payer called us',
  intendedControlNumber: undefined,
  intendedAmountMinor: undefined,
});

async function requested(transactionId: string, reason: ReversalWish['reason']): Promise<string> {
  const psp = await books.psp('PSP701');
  const made = await books.inTransaction((tx) =>
    books.use(RequestReversal).execute(tx, psp, wish(transactionId, reason)),
  );
  return made.id;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  books = new Books(gateway);
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  await gateway.party('PSP702', { policy: 'irrevocable' });
  for (const role of [
    'treasury-officer',
    'treasury-approver',
    'auditor',
    'administrator',
    'support',
    'institution-officer',
  ] as const) {
    const party = role === 'institution-officer' ? 'SP70101' : undefined;
    const password = await makeOfficer(gateway.app, role, role, party);
    visitors.set(role, await Visitor.signedIn(gateway.url, gateway.app, role, password));
  }
  const pay = async (id: string, option: string, amount: string) => {
    const bill = draft(id, { paymentOption: option, systemId: 'THOSP001' });
    const number = await books.numberOf('SP70101', bill);
    expect(await books.pay('PSP701', id, number, amount)).toBe('taken');
  };
  await pay('T-surplus', '1', '1100.00');
  await pay('T-asked', '3', '1000.00');
  await pay('T-back', '3', '1000.00');
  await pay('T-late', '3', '1000.00');
  expect(await books.pay('PSP702', 'T-suspense', '991234567890', '30.00')).toBe('taken');
}, 120_000);

afterAll(() => gateway.stop({ unsigned: true }));

describe('a refund', () => {
  let approval = '';

  it('is asked for on the page of its payment, which says how much there is; what is wrong stands over the form', async () => {
    const officer = as('treasury-officer');
    const page = `/console/payments/${await books.paymentId('T-surplus')}`;
    const { text } = await officer.get(page);
    expect(text).toContain(`href="${page}/refund"`);
    const form = await officer.get(`${page}/refund`);
    expect([form.status, form.text.includes('TZS 100.00 can be refunded')]).toEqual([200, true]);
    expect(form.text).not.toContain('value="suspense"');
    const good = { ...payee, source: 'surplus', amount: '100.00', account };
    for (const [fields, code, field] of [
      [{ ...good, amount: '1e2' }, 'an amount is written like', 'amount'],
      [{ ...good, amount: '100.01' }, '100.00 TZS of the payment can be refunded', 'amount'],
      [{ ...good, name: '' }, 'say whose account', 'name'],
      [{ ...good, payee: '0111222333'.repeat(4) }, 'up to 34 digits', 'payee'],
      [{ ...good, account: '0' }, 'is no collection account', 'account'],
      [{ ...good, reason: '' }, 'say why it is refunded', 'reason'],
    ] as const) {
      const refused = await officer.post(`${page}/refund`, fields);
      expect([refused.status, refused.text.includes(code)]).toEqual([422, true]);
      expect(refused.text).toContain(`<a href="#${field}">`);
      expect(refused.text).toContain('value="CORUTZTZ"');
    }
    approval = await ask(`${page}/refund`, good);
    expect((await officer.get(page)).text).toContain(`href="${approval}"`);
  });

  it('waits for another officer, who sees what it will post, and to whom; others do not see to whom', async () => {
    const own = await as('treasury-officer').get(approval);
    expect(own.text).toContain('You asked for this yourself');
    const { text } = await as('treasury-approver').get(approval);
    const [, planned = ''] = text.split('What will be posted</caption>');
    for (const each of ['sp-surplus:SP70101', 'refund-payable', 'TZS 100.00'])
      expect(planned).toContain(each);
    expect(text).toContain('0111222333');
    const administrator = await as('administrator').get(approval);
    expect([administrator.text.includes('0111222333'), administrator.text.includes('*******333')]) //
      .toEqual([false, true]);
    expect((await as('treasury-officer').post(`${approval}/approve`)).status).toBe(422);
    expect(await gateway.count('refund')).toBe(0);
    const again = await ask(`/console/payments/${await books.paymentId('T-surplus')}/refund`, {
      ...payee,
      source: 'surplus',
      amount: '1',
      account,
    });
    await approve(approval);
    expect(await gateway.count('refund', `state = 'approved' and amount_minor = 10000`)).toBe(1);
    const late = await as('treasury-approver').get(again);
    expect(late.text).toContain('As things are now this would be refused');
    expect(late.text).not.toContain('What will be posted</caption>');
  });

  it('is listed with its payee masked, and shown in full to who asks and may, once recorded', async () => {
    const list = await as('auditor').get(refunds);
    expect([list.text.includes('N**** M*****'), list.text.includes('Neema')]).toEqual([
      true,
      false,
    ]);
    const page = found(list.text, /href="(\/console\/settlement\/refunds\/[0-9a-f-]{36})"/);
    const shown = await as('auditor').post(`${page}/reveal`);
    expect([shown.status, shown.text.includes('Neema Mollel')]).toEqual([200, true]);
    const seen = `actor = 'auditor' and action = 'payer.revealed'`;
    expect(await gateway.count('audit_event', seen)).toBe(1);
    await as('support').get(page);
    expect((await as('support').post(`${page}/reveal`)).status).toBe(403);
    expect((await as('auditor').get(`${refunds}/x`)).text).toContain('refund.unknown');
    expect((await as('auditor').get(`${refunds}?before=x`)).text).toContain('refund.unknown');
    expect(await as('institution-officer').get(refunds)).toMatchObject({ status: 403 });
  });

  it('is instructed with all others of its account in one file, which a second officer approves', async () => {
    const suspense = await ask(`/console/payments/${await books.paymentId('T-suspense')}/refund`, {
      ...payee,
      source: 'suspense',
      amount: '30',
      account,
    });
    await approve(suspense);
    const officer = as('treasury-officer');
    const list = await officer.get(refunds);
    expect(list.text).toContain(`${refunds}/instruct`);
    const none = await officer.post(`${refunds}/instruct`, { account: '1', currency: 'TZS' });
    expect([none.status, none.text.includes('no approved refund waits')]).toEqual([422, true]);
    const batch = await ask(`${refunds}/instruct`, { account, currency: 'TZS' });
    const { text } = await as('treasury-approver').get(batch);
    expect(text).toContain('Nothing is posted when this is approved');
    expect(text.match(/\/settlement\/refunds\/[0-9a-f-]{36}"/g)).toHaveLength(2);
    await approve(batch);
  });

  it('the file is downloaded by who may ask for one, and who took it is written down', async () => {
    const officer = as('treasury-officer');
    const page = found((await officer.get(refunds)).text, /href="([^"]+\/files\/[0-9a-f-]{36})"/);
    const before = await officer.get(page);
    expect(before.text).toContain('Nobody has taken the file yet');
    await as('support').get(page);
    expect(await as('support').post(`${page}/download`)).toMatchObject({ status: 403 });
    const file = await officer.post(`${page}/download`);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/xml']);
    expect(file.headers.get('content-disposition')).toMatch(/filename="MLP[0-9A-F]{32}\.xml"/);
    expect(file.text).toContain('<CtrlSum>130.00</CtrlSum>');
    expect(file.text).toContain('<Id>0111222333</Id>');
    const after = await officer.get(page);
    const [, taken = ''] = after.text.split('Who took the file</caption>');
    expect(taken).toContain('treasury-officer');
    expect((await officer.get(`${refunds}/files/x`)).text).toContain('refund.batch-unknown');
  });

  it('is followed to the line of the bank that pays it, and to the one that gives it back', async () => {
    const { rows } = await gateway.db.query<{ id: string; name: string }>(
      `select id, end_to_end_id as name from refund where source = 'suspense'`,
    );
    const [{ id, name } = { id: '', name: '' }] = rows;
    const match = () => books.use(MatchSettlement).execute('test');
    const bank = (day: string, openingMinor: bigint, signedMinor: bigint) =>
      importFile(
        gateway,
        bankFile(account, day, day, openingMinor, [
          bankEntry(day, signedMinor, { endToEndId: name, bankReference: `line of ${day}` }),
        ]),
      );
    const page = `${refunds}/${id}`;
    expect((await as('auditor').get(page)).text).toContain('does not show its debit yet');
    await bank('2026-11-23', 50_000n, -3_000n);
    await match();
    const paid = await as('auditor').get(page);
    expect(paid.text).toContain('statement shows its debit');
    const line = /href="(\/console\/settlement\/statements\/\d+)">line of 2026-11-23</;
    expect((await as('auditor').get(found(paid.text, line))).status).toBe(200);
    await bank('2026-11-24', 47_000n, 3_000n);
    await match();
    const returned = await as('auditor').get(page);
    expect(returned.text).toContain('line of 2026-11-24');
    expect(returned.text).toContain('Gives it back');
    const of = `/console/payments/${await books.paymentId('T-suspense')}`;
    expect((await as('treasury-officer').get(`${of}/refund`)).text).toContain('TZS 30.00 can be');
  });

  it('the list is filtered by state, age, account and receipt, and goes on from page to page', async () => {
    const titles = async (query: string) =>
      [...(await as('auditor').get(`${refunds}?${query}`)).text.matchAll(/>(MLP\w+|X-\d+)<\/a>/g)]
        .map((each) => each[1] ?? '')
        .filter((each, place, all) => all.indexOf(each) === place);
    await gateway.db.query(
      `insert into refund (id, payment_id, source, amount_minor, currency, account, creditor_name, creditor_account,
                           creditor_bank, end_to_end_id, reason, requested_by, approved_by, approved_at)
       select ('019ac000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, p.id, 'suspense', 1, 'TZS', '9', 'A', '1', '',
              'X-' || i, '', 'a', 'b', gateway_now() - interval '40 days'
         from payment p, generate_series(1, 55) i where p.psp_transaction_id = 'T-suspense'`,
    );
    const refunded = (each: string) => each.startsWith('X-');
    expect((await titles('age=30')).filter(refunded)).toHaveLength(50);
    expect((await titles('account=9')).filter(refunded)).toHaveLength(50);
    const first = await as('auditor').get(`${refunds}?state=approved`);
    const next = found(first.text, /rel="next" href="([^"]+)"/).replaceAll('&amp;', '&');
    expect(next).toContain('state=approved');
    expect((await as('auditor').get(next)).text).toContain('X-5<');
    expect(await titles('state=returned&age=1')).not.toContain('X-1');
    expect((await titles('state=paid&receipt=none')).filter(refunded)).toEqual([]);
  });
});

describe('a reversal', () => {
  it('that an officer asks for takes the whole payment back, as the second officer saw it', async () => {
    const page = `/console/payments/${await books.paymentId('T-back')}`;
    const officer = as('treasury-officer');
    const form = await officer.get(`${page}/reversal`);
    expect([form.status, form.text.includes('TZS 1,000.00')]).toEqual([200, true]);
    expect(form.text).toContain('The PSP does: it has not settled it');
    const mute = await officer.post(`${page}/reversal`, { reason: ' ' });
    expect([mute.status, mute.text.includes('say why')]).toEqual([422, true]);
    const approval = await ask(`${page}/reversal`, { reason: 'paid twice' });
    const { text } = await as('treasury-approver').get(approval);
    const [, planned = ''] = text.split('What will be posted</caption>');
    for (const each of ['sp-payable:SP70101:142202', `psp-receivable:PSP701:${account}`])
      expect(planned).toContain(each);
    expect(await gateway.count('payment_reversal')).toBe(0);
    await approve(approval);
    expect(await gateway.count('payment_reversal')).toBe(1);
    const after = await officer.get(page);
    expect(after.text).toContain('Payments that were taken back');
    expect(after.text.match(/psp-receivable:PSP701/g)).toHaveLength(2);
    const nothing = await officer.get(`${page}/reversal`);
    expect([nothing.status, nothing.text.includes('0.00 TZS of the payment are left')]) //
      .toEqual([200, true]);
    expect((await as('auditor').get(`${reversals}/done`)).text).toContain('paid twice');
    expect((await as('auditor').get(`${reversals}/done?before=x`)).status).toBe(404);
  });

  it('that a PSP asks for is proposed or declined, by who may, with the reason', async () => {
    const proposed = await requested('T-asked', 'wrong-number');
    const declined = await requested('T-asked', 'wrong-amount');
    const officer = as('treasury-officer');
    const list = await officer.get(`${reversals}?state=requested&psp=PSP701`);
    for (const id of [proposed, declined]) expect(list.text).toContain(`${reversals}/${id}"`);
    expect((await officer.get(`${reversals}?state=declined`)).text).not.toContain(declined);
    expect((await officer.get(`${reversals}?age=30`)).text).not.toContain(proposed);
    expect((await officer.get(`${reversals}/x`)).text).toContain('reversal.unknown');

    const page = await as('auditor').get(`${reversals}/${proposed}`);
    expect([page.text.includes('the payer called us'), page.text.includes('/propose')]) //
      .toEqual([true, false]);
    expect(await as('auditor').post(`${reversals}/${proposed}/propose`)).toMatchObject({
      status: 403,
    });
    await officer.get(`${reversals}/${declined}`);
    for (const act of ['propose', 'decline']) {
      const mute = await officer.post(`${reversals}/${declined}/${act}`, { reason: '' });
      expect([mute.status, mute.text.includes(`<a href="#${act}">`)]).toEqual([422, true]);
    }
    const no = officer.post(`${reversals}/${declined}/decline`, { reason: 'the amount is right' });
    expect((await officer.follow(no)).text).toContain('The request was declined');

    const approval = await ask(`${reversals}/${proposed}/propose`, { reason: 'confirmed' });
    expect((await officer.get(`${reversals}/${proposed}`)).text).toContain(`href="${approval}"`);
    await approve(approval);
    expect((await books.use(DecideReversals).requests()).map(({ state }) => state)).toEqual([
      'approved',
      'declined',
    ]);
    const late = await officer.post(`${reversals}/${proposed}/decline`, { reason: 'too late' });
    expect([late.status, late.text.includes('was approved')]).toEqual([422, true]);
  });
});

(chromiumPath === undefined ? it.skip : it)(
  'every page of it passes axe, narrow and wide, in both languages',
  async () => {
    const officer = as('treasury-officer');
    const one = async (sql: string) =>
      (await gateway.db.query<{ id: string }>(sql)).rows[0]?.id ?? 'none';
    const payment = await books.paymentId('T-late');
    const waiting = await ask(`/console/payments/${payment}/reversal`, { reason: 'asked late' });
    expect(
      await lookAt(gateway.url, officer, [
        refunds,
        `${refunds}/${await one(`select id from refund where state = 'returned' limit 1`)}`,
        `${refunds}/files/${await one('select id from refund_batch limit 1')}`,
        reversals,
        `${reversals}/done`,
        `${reversals}/${await requested('T-late', 'wrong-amount')}`,
        `/console/payments/${payment}`,
        `/console/payments/${await books.paymentId('T-suspense')}`,
        `/console/payments/${payment}/reversal`,
        `/console/payments/${await books.paymentId('T-suspense')}/refund`,
        waiting,
      ]),
    ).toEqual([]);
  },
  240_000,
);

it('speaks Kiswahili, and an institution sees nothing of it on its payment', async () => {
  const payment = `/console/payments/${await books.paymentId('T-surplus')}`;
  const own = await as('institution-officer').get(payment);
  expect([own.status, own.text.includes('/settlement/refunds/')]).toEqual([200, false]);
  expect(own.text).not.toContain('MLP');
  const officer = as('support');
  await officer.post('/console/language', { language: 'sw', next: '/console' });
  const { text } = await officer.get(refunds);
  for (const each of ['Marejesho ya fedha', 'Yamelipwa', 'Faili la maagizo'])
    expect(text).toContain(each);
});
