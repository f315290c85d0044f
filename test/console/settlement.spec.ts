/** Settlement in the console: a clearing day, what is in transit, a bank statement with what explains each line. */
import { ManageBankMappings } from '../../src/settlement/manage-bank-mappings';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { RunDueSettlement } from '../../src/settlement/run-due-settlement';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { Visitor } from './support';

const account = '0170100000011';
const paidOn = parseBusinessDay('2026-11-24');

let gateway: TestGateway;
let officer: Visitor;
let hospitalOfficer: Visitor;

async function signIn(role: 'treasury-officer' | 'institution-officer', party?: string) {
  const password = await makeOfficer(gateway.app, role, role, party);
  return Visitor.signedIn(gateway.url, gateway.app, role, password);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  const books = new Books(gateway);
  for (const party of ['SP70101', 'PSP701', 'PSP702']) await gateway.party(party);
  for (const [place, psp] of ['PSP701', 'PSP702'].entries()) {
    const bill = draft(`B-${String(place)}`, { amount: '1500.00', systemId: 'THOSP001' });
    const number = await books.numberOf('SP70101', bill);
    expect(await books.pay(psp, `T-${String(place)}`, number, '1500.00')).toBe('taken');
  }
  await gateway.setClock('2026-11-26T08:00:00Z');
  await importFile(
    gateway,
    bankFile(account, 'S-1', '2026-11-25', 0n, [
      bankEntry('2026-11-25', 150_000n, { remittance: 'PSP701/2026-11-24' }),
      bankEntry('2026-11-25', 4_200n, { remittance: 'a riddle' }),
    ]),
  );
  officer = await signIn('treasury-officer');
  hospitalOfficer = await signIn('institution-officer', 'SP70101');
});

afterAll(() => gateway.stop({ unsigned: true }));

it('matching is started from the page, and the day says what came and what is missing', async () => {
  await officer.get('/console/settlement?day=2026-11-24');
  expect(await officer.post('/console/settlement/match')).toMatchObject({ status: 303 });
  const day = await officer.get('/console/settlement?day=2026-11-24');
  expect(day.status).toBe(200);
  for (const text of ['PSP701', 'PSP702', '1,500.00', 'Settled', 'SP70101', '3,000.00'])
    expect(day.text).toContain(text);
});

it('money in transit stands beside the sum of the ledger, and leads to its payments', async () => {
  const transit = await officer.get('/console/settlement/transit');
  expect(transit.text).toContain('PSP702');
  expect(transit.text.match(/1,500\.00/g)?.length).toBeGreaterThanOrEqual(3);
  const expected = await gateway.app.get(ReviewSettlement, { strict: false }).status(paidOn);
  const id = expected.find(({ pspCode }) => pspCode === 'PSP702')?.expectationId;
  const payments = await officer.get(`/console/settlement/expectations/${String(id)}`);
  expect([payments.status, payments.text.includes('T-1')]).toEqual([200, true]);
});

it('a line of the bank says what explains it, or why nothing does', async () => {
  const list = await officer.get('/console/settlement/statements?from=2026-11-25&to=2026-11-25');
  const [, address = ''] = /href="(\/console\/settlement\/statements\/\d+)"/.exec(list.text) ?? [];
  const { text } = await officer.get(address);
  const [unexplained = '', explained = ''] = text.split('Explained</caption>');
  expect(unexplained).toContain('a riddle');
  expect(explained).toContain('(reference)');
});

/** As MT940: 200.00 and 77.00 come in, the first one with nothing that explains it. */
const mt940 = (closing: string): string =>
  [
    ':20:S-2',
    `:25:${account}`,
    ':28C:2/1',
    ':60F:C261125TZS1542,00',
    ':61:2611261126C200,00NTRFNONREF//B-77',
    ':86:another riddle',
    `:62F:C261126TZS${closing}`,
    '-',
    '',
  ].join('\r\n');

it("a bank's file is looked at, refused with its line, and imported and matched when it is good", async () => {
  const upload = '/console/settlement/upload';
  await officer.get(upload);
  const bad = await officer.follow(officer.sendFile(upload, {}, 'bad.sta', mt940('1999,00')));
  expect([bad.status, bad.text.includes('62F')]).toEqual([422, true]);
  expect(bad.text).not.toContain('/import"');

  const fields = { account };
  const good = await officer.follow(officer.sendFile(upload, fields, 'good.sta', mt940('1742,00')));
  expect([good.status, good.text.includes('another riddle')]).toEqual([200, true]);
  const [, action = ''] = /action="([^"]+\/import)"/.exec(good.text) ?? [];
  const done = await officer.follow(officer.post(action, { name: 'good.sta', account }));
  expect(done.text).toContain('good.sta');
  const list = await officer.get('/console/discrepancies?kind=unidentified-credit');
  expect(list.text).toContain('200.00');

  await hospitalOfficer.get('/console');
  expect(await hospitalOfficer.get(upload)).toMatchObject({ status: 403 });
});

it('a credit that nothing explains is linked from its page, once the page was told whose it is', async () => {
  const list = await officer.get('/console/discrepancies?kind=unidentified-credit');
  const [page = ''] = /\/console\/discrepancies\/\d+/.exec(list.text) ?? [];
  const { text } = await officer.get(page);
  for (const name of ['refund', 'psp', 'day', 'account'])
    expect(text).toContain(`<input class="govuk-input app-field" id="${name}"`);
  const link = { resolution: 'link', note: 'the bank said so by telephone' };
  const untold = await officer.post(`${page}/preview`, link);
  expect([untold.status, untold.text.includes('wanted one like')]).toEqual([422, true]);
  const other = await officer.post(`${page}/preview`, { ...link, psp: 'PSP799', day: paidOn });
  expect([other.status, other.text.includes('PSP799')]).toEqual([422, true]);
  const told = { ...link, psp: 'PSP702', day: paidOn };
  const plan = await officer.post(`${page}/preview`, told);
  expect([plan.status, plan.text.includes('settles PSP702 of 2026-11-24')]).toEqual([200, true]);
  expect(plan.text).toContain(`<input type="hidden" name="psp" value="PSP702">`);
  expect((await officer.post(`${page}/resolve`, told)).status).toBe(303);
  expect((await officer.get(page)).text).toContain('Awaits approval');
  await officer.post('/console/language', { language: 'sw', next: '/console' });
  const { rows } = await gateway.db.query<{ id: string }>(`select id from approval_request`);
  const inSwahili = 'za mstari wa benki zinalipa deni la PSP702 la 2026-11-24';
  for (const address of [page, `/console/approvals/${rows[0]?.id ?? ''}`])
    expect((await officer.get(address)).text).toContain(inSwahili);
  await officer.post('/console/language', { language: 'en', next: '/console' });
});

it("a bank's CSV is read by the mapping of its account; should matching fail, the import stands and is matched later", async () => {
  const upload = '/console/settlement/upload';
  const csv = 'Tarehe;Kiasi;Kumbukumbu\n2026-11-26;33,00;C-1\n';
  await officer.get(upload);
  const unread = await officer.follow(officer.sendFile(upload, { account }, 'bank.csv', csv));
  expect([unread.status, unread.text.includes('has no mapping of CSV')]).toEqual([422, true]);
  await gateway.app.get(ManageBankMappings, { strict: false }).set(
    account,
    {
      columns: { booking_date: 'Tarehe', amount: 'Kiasi', reference: 'Kumbukumbu' },
      decimalComma: true,
      currency: 'TZS',
    },
    'test',
  );
  const good = await officer.follow(officer.sendFile(upload, { account }, 'bank.csv', csv));
  expect([good.status, good.text.includes('33.00')]).toEqual([200, true]);
  const [, action = ''] = /action="([^"]+\/import)"/.exec(good.text) ?? [];

  await gateway.db.query(
    `create function stop_runs() returns trigger language plpgsql as $$ begin raise 'no run today'; end $$;
     create trigger stop_runs before insert on settlement_run for each row execute function stop_runs()`,
  );
  const done = await officer.follow(officer.post(action, { name: 'bank.csv', account }));
  expect([done.status, done.text.includes('bank.csv')]).toEqual([200, true]);
  const missed = `select count(*)::integer as n from bank_miss m join bank_entry e on e.id = m.bank_entry_id
                   where e.bank_reference = 'C-1'`;
  const misses = async () => (await gateway.db.query<{ n: number }>(missed)).rows[0]?.n;
  expect([await gateway.count('bank_entry', `bank_reference = 'C-1'`), await misses()]).toEqual([
    1, 0,
  ]);

  await gateway.db.query(`drop trigger stop_runs on settlement_run; drop function stop_runs()`);
  await gateway.app.get(RunDueSettlement, { strict: false }).execute();
  expect(await misses()).toBe(1);
});

it('an institution sees its own collections and no bank; what is not there is not found', async () => {
  const own = await hospitalOfficer.get('/console/settlement?day=2026-11-24');
  expect([own.status, own.text.includes('3,000.00'), own.text.includes('PSP702')]).toEqual([
    200,
    true,
    false,
  ]);
  for (const path of ['transit', 'statements', 'statements/1', 'expectations/1'])
    expect(await hospitalOfficer.get(`/console/settlement/${path}`)).toMatchObject({ status: 404 });
  const none = await officer.get('/console/settlement/statements/x');
  expect([none.status, none.text.includes('settlement.unknown')]).toEqual([404, true]);
});
