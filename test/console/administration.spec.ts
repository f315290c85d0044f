/**
 * What is administered for all parties together: ranges of control numbers, bank holidays, terms of PSPs with their first
 * days, layouts of statements tried before they are kept; each with before and after in the trail.
 */
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ManageBankMappings } from '../../src/settlement/manage-bank-mappings';
import { ManageCalendar } from '../../src/settlement/manage-calendar';
import { ManageRanges } from '../../src/bills/manage-ranges';
import { PartySettings } from '../../src/parties/party-settings';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { chromiumPath, lookAt, type PageAfter } from './browser';
import { Visitor } from './support';

const home = '/console/administration';
const account = '0170100000011';

let gateway: TestGateway;
let admin: Visitor;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  const password = await makeOfficer(gateway.app, 'asha', 'administrator');
  admin = await Visitor.signedIn(gateway.url, gateway.app, 'asha', password);
}, 120_000);

afterAll(() => gateway.stop());

async function trail(action: string): Promise<unknown> {
  const { rows } = await gateway.db.query<{ actor: string; detail: unknown }>(
    `select actor, detail from audit_event where action = $1 order by id`,
    [action],
  );
  return rows.map(({ actor, detail }) => [actor, detail]);
}

it('ranges show how far they are used, and an institution gets one more', async () => {
  await gateway.db.query(`update control_number_range set next_serial = capacity * 81 / 100`);
  const page = `${home}/ranges`;
  expect((await admin.get(page)).text).toContain('>81 %<');
  expect((await admin.post(page, { party: 'SP70101', prefix: '703' })).status).toBe(303);
  expect(await trail('range.widened')).toEqual([
    ['asha', { before: ['701'], after: ['701', '703'] }],
  ]);
  const ranges = gateway.app.get(ManageRanges, { strict: false });
  await expect(ranges.widen('SP70101', '12345', 'asha')).rejects.toThrow(
    'control-number.prefix-malformed',
  );
  for (const wrong of [
    { party: 'SP70101', prefix: '7' },
    { party: 'PSP701', prefix: '8' },
    { party: 'SP70101', prefix: 'x' },
  ])
    expect((await admin.post(page, wrong)).status).toBe(422);
  expect(await gateway.count('control_number_range')).toBe(2);
});

it('holidays of a year are added and taken away', async () => {
  const page = `${home}/calendar`;
  expect((await admin.get(page)).text).toContain('Bank holidays 2026');
  await admin.post('/console/language', { language: 'sw', next: page });
  expect((await admin.get(page)).text).toContain('Siku ya Muungano');
  await admin.post('/console/language', { language: 'en', next: page });
  const added = await admin.post(page, { day: '2027-03-03', name: 'Siku ya mfano' });
  expect(added.headers.get('location')).toBe(`${page}?year=2027`);
  expect((await admin.get(`${page}?year=2027`)).text).toContain('Siku ya mfano');
  expect((await admin.post(`${page}/remove`, { day: '2027-03-03' })).status).toBe(303);
  expect((await admin.get(`${page}?year=2027`)).text).not.toContain('Siku ya mfano');
  const calendar = gateway.app.get(ManageCalendar, { strict: false });
  await expect(calendar.add(parseBusinessDay('2027-03-03'), ' ', 'asha')).rejects.toThrow(
    'calendar.name-missing',
  );
  for (const [path, wrong] of [
    [page, { day: '2027-03-03' }],
    [page, { day: 'soon', name: 'x' }],
    [`${page}/remove`, { day: '2027-03-03' }],
  ] as const)
    expect((await admin.post(path, wrong)).status).toBe(422);
});

it('terms hold from their first day on, and those of the same day are replaced', async () => {
  const page = `${home}/terms`;
  await admin.get(page);
  const terms = {
    psp: 'PSP701',
    from: '2026-12-01',
    currency: 'TZS',
    cutoff: '16:00',
    settleDays: '2',
    due: '24:00',
    feeBasis: 'transaction',
    feeHandling: 'kept',
    feeFlat: '100',
    feePerMille: '1.5',
  };
  expect((await admin.post(page, terms)).status).toBe(303);
  expect((await admin.post(page, { ...terms, settleDays: '1' })).status).toBe(303);
  const { text } = await admin.get(page);
  for (const shown of ['01/12/2026', '16:00', 'T+1', 'For each payment', '1.5'])
    expect(text).toContain(shown);
  expect(await gateway.count('settlement_terms')).toBe(1);
  expect(await trail('settlement-terms.set')).toMatchObject([
    ['asha', { before: null, after: { settleDays: 2, feeFlatMinor: '10000' } }],
    ['asha', { before: { settleDays: 2 }, after: { settleDays: 1 } }],
  ]);
  for (const wrong of [{ psp: 'PSP0' }, { cutoff: 'x' }, { settleDays: 'x' }, { from: '' }]) {
    const { status, text: over } = await admin.post(page, { ...terms, ...wrong });
    expect([status, over.includes('value="1.5"')]).toEqual([422, true]);
  }
  const own = { treasury: account, treasuryCurrency: 'TZS' };
  expect((await admin.post(`${page}/treasury`, own)).status).toBe(422);
  const good = { treasury: '9900000001', treasuryCurrency: 'TZS' };
  expect((await admin.post(`${page}/treasury`, good)).status).toBe(303);
});

describe('a layout', () => {
  const mapping = JSON.stringify({
    columns: { transaction_id: 'Ref', control_number: 'Number', amount: 'Kiasi', paid_at: 'Muda' },
    delimiter: ';',
    currency: 'TZS',
  });
  const sample = 'Ref;Number;Kiasi;Muda\nT-1;997010000000;1500;2026-11-24T10:00:00\n';

  it('of a PSP is tried on a sample, and kept when it is asked for', async () => {
    const page = `${home}/mappings/psp/PSP701`;
    const settings = () => gateway.app.get(PartySettings, { strict: false }).of('PSP701');
    await admin.get(page);
    const send = (fields: Record<string, string>, text: string) =>
      admin.sendFile(page, { day: '2026-11-24', ...fields }, 'sample.csv', text);
    const good = await send({ mapping, act: 'try' }, sample);
    expect([
      good.status,
      good.text.includes('can be read: 1 lines'),
      good.text.includes('T-1'),
    ]).toEqual([200, true, true]);
    const plain = await send({ act: 'try' }, sample);
    expect(plain.text).toContain('transaction_id');
    expect(await settings()).toMatchObject({ statementMapping: null });
    for (const wrong of ['{', '[]', '{"colums": {}}'])
      expect((await send({ mapping: wrong, act: 'save' }, '')).status).toBe(422);
    expect((await send({ mapping, act: 'save' }, '')).status).toBe(303);
    expect(await settings()).toMatchObject({ statementMapping: JSON.parse(mapping) as unknown });
    expect((await admin.get(page)).text).toContain('Kiasi');
    expect(await trail('party.updated')).toMatchObject([
      ['asha', { before: { statementMapping: null }, after: { statementMapping: {} } }],
    ]);
    expect(await gateway.count('statement')).toBe(0);
    const none = await admin.get(`${home}/mappings/psp/SP70101`);
    expect([none.status, none.text.includes('party.unknown')]).toEqual([404, true]);
  });

  it('of an account at a bank too, and an empty one takes it away', async () => {
    const page = `${home}/mappings/account/${account}`;
    const banks = gateway.app.get(ManageBankMappings, { strict: false });
    const csv = 'Date,Money\n2026-11-24,100.00\n';
    const written = JSON.stringify({
      columns: { booking_date: 'Date', amount: 'Money' },
      currency: 'TZS',
    });
    await admin.get(page);
    const tried = await admin.sendFile(page, { mapping: written, act: 'try' }, 's.csv', csv);
    expect([tried.status, tried.text.includes('can be read: 1 lines')]).toEqual([200, true]);
    expect(await banks.list()).toEqual([]);
    await admin.sendFile(page, { mapping: written, act: 'save' }, '', '');
    expect(await banks.list()).toMatchObject([{ account, setBy: 'asha' }]);
    expect((await admin.get(`${home}/mappings`)).text).toContain(page);
    await admin.sendFile(page, { act: 'save' }, '', '');
    expect(await banks.list()).toEqual([]);
    const kept = JSON.parse(written) as unknown;
    expect(await trail('bank-mapping.set')).toEqual([['asha', { before: null, after: kept }]]);
    expect(await trail('bank-mapping.removed')).toEqual([['asha', { before: kept, after: null }]]);
    const bad = await admin.sendFile(page, { mapping: '{"x": 1}', act: 'try' }, 's.csv', csv);
    expect(bad.status).toBe(422);
  });
});

(chromiumPath === undefined ? it.skip : it)(
  'the pages pass axe, in both languages, on a narrow and a wide screen',
  async () => {
    const mappings = ['/mappings', '/mappings/psp/PSP701', `/mappings/account/${account}`];
    const pages = ['', '/ranges', '/calendar', '/terms', ...mappings];
    const paths = pages.map((each) => `${home}${each}`);
    const tried: PageAfter = {
      path: `${home}/mappings/account/${account}`,
      async act(page) {
        await page.fill(
          '#mapping',
          '{"columns": {"booking_date": "Date", "amount": "Money"}, "currency": "TZS"}',
        );
        const buffer = Buffer.from('Date,Money\n2026-11-24,100.00\n');
        await page.setInputFiles('#file', { name: 's.csv', mimeType: 'text/csv', buffer });
        await page.click('main form button');
        await page.waitForSelector('main table');
      },
    };
    expect(await lookAt(gateway.url, admin, [...paths, tried])).toEqual([]);
  },
  240_000,
);
