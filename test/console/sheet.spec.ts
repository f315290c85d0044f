/**
 * Discrepancies in bulk: given to another officer, taken as a spreadsheet, decided in it, looked at with a conflict, and
 * carried out; each resolution there is has a name in both languages.
 */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { ManageOfficers } from '../../src/officers/manage-officers';
import { hasText, languages } from '../../src/platform/locale/locale';
import { discrepancyKinds } from '../../src/reconciliation/discrepancy.rules';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { Resolutions } from '../../src/reconciliation/resolution';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { Visitor } from './support';

const day = parseBusinessDay('2026-11-24');
const home = '/console/discrepancies';

let gateway: TestGateway;
let officer: Visitor;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-25T08:00:00Z');
  await gateway.party('PSP701');
  // Payments that nobody here has seen, under numbers that nobody has issued.
  const lines = ['T-1', 'T-2', 'T-3', 'T-4'].map(
    (id) => `${id},997010000000,50000,TZS,2026-11-24T10:00:00`,
  );
  const file = `transaction_id,control_number,amount,currency,paid_at\n${lines.join('\n')}\n`;
  await gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode: 'PSP701',
    day,
    fileName: 'day.csv',
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream of one piece
    open: async function* () {
      yield Buffer.from(file);
    },
    importedBy: 'test',
    isDryRun: false,
  });
  await gateway.app.get(RunReconciliation, { strict: false }).execute(day);
  for (const [name, role] of [
    ['asha', 'treasury-officer'],
    ['baraka', 'treasury-approver'],
    ['chausiku', 'auditor'],
  ] as const) {
    const password = await makeOfficer(gateway.app, name, role);
    if (name === 'asha') officer = await Visitor.signedIn(gateway.url, gateway.app, name, password);
  }
}, 120_000);

afterAll(() => gateway.stop());

async function ids(): Promise<readonly string[]> {
  const { rows } = await gateway.db.query<{ id: string }>(`select id from discrepancy order by id`);
  return rows.map(({ id }) => id);
}

describe('an owner', () => {
  it('is another officer who works on them', async () => {
    const [first = '', second = ''] = await ids();
    expect((await officer.get(`${home}/${first}`)).text).toContain('Test baraka (baraka)');
    await officer.post(`${home}/${first}/assign`, { owner: 'officer', officer: 'baraka' });
    await officer.post(`${home}/assign`, { id: second, owner: 'officer', officer: 'baraka' });
    expect(await gateway.count('discrepancy', `owner = 'baraka'`)).toBe(2);
  });

  it('is nobody who does not, or who may no longer sign in', async () => {
    const [first = ''] = await ids();
    await gateway.app
      .get(ManageOfficers, { strict: false })
      .setStatus('baraka', 'disabled', 'test');
    for (const name of ['chausiku', 'baraka', 'nobody', '']) {
      const answer = await officer.post(`${home}/${first}/assign`, {
        owner: 'officer',
        officer: name,
      });
      expect([answer.status, answer.text.includes('discrepancy.owner-unfit')]).toEqual([422, true]);
    }
    await officer.post(`${home}/${first}/assign`, { owner: 'nobody' });
    expect(await gateway.count('discrepancy', `owner = 'baraka'`)).toBe(1);
  });
});

describe('a spreadsheet', () => {
  const send = (text: string) => officer.sendFile(`${home}/sheet`, {}, 'sheet.csv', text);

  async function taken(): Promise<Record<string, string>[]> {
    const { text, headers } = await officer.get(`${home}/sheet/file?day=${day}`);
    expect(headers.get('content-type')).toContain('text/csv');
    return parse(text, { columns: true, bom: true });
  }

  it('that is no such sheet, or none, is said to be none', async () => {
    await officer.get(`${home}/sheet`);
    const none = await officer.sendFile(`${home}/sheet`, {}, '', '');
    expect([none.status, none.text.includes('href="#file"')]).toEqual([422, true]);
    const other = await officer.follow(send('a,b\n1,2\n'));
    expect([other.status, other.text.includes('the column is missing')]).toEqual([422, true]);
  });

  it('comes back, is looked at with its conflict, and is carried out row by row', async () => {
    const rows = await taken();
    expect(rows).toHaveLength(4);
    const decided = rows.map((row, i) => ({
      ...row,
      // One is left alone, and one is decided in a way that there is not.
      resolution: ['reject-line', 'reject-line', 'no-such-thing', ''][i] ?? '',
      note: 'not ours',
    }));
    // Meanwhile somebody decides the first by hand.
    const [first = ''] = rows.map(({ id }) => id);
    await officer.get(`${home}/${first}`);
    await officer.post(`${home}/${first}/resolve`, {
      resolution: 'reject-line',
      note: 'by hand',
    });
    await officer.get(`${home}/sheet`);
    const sent = await send(stringify(decided, { header: true }));
    const preview = await officer.follow(Promise.resolve(sent));
    expect(preview.status).toBe(200);
    expect(preview.text).toContain('Conflict');
    expect(preview.text).toContain('Refused');
    expect(preview.text).toContain('Carry out 1 row');
    expect(await gateway.count('discrepancy', `state = 'resolved'`)).toBe(1);

    const apply = /action="([^"]+\/apply)"/.exec(preview.text)?.[1] ?? '';
    const outcome = await officer.follow(officer.post(apply));
    expect(outcome.text).toContain('What was done');
    expect(outcome.text).toContain('Conflict');
    expect(outcome.text).not.toContain('/apply');
    expect(await gateway.count('discrepancy', `state = 'resolved'`)).toBe(2);
    // The file is gone, so the same decisions are not sent twice.
    expect((await officer.post(apply)).status).toBe(404);
  });

  it('is an answer and no page for who only reads', async () => {
    const password = await makeOfficer(gateway.app, 'dalila', 'auditor');
    const auditor = await Visitor.signedIn(gateway.url, gateway.app, 'dalila', password);
    expect((await auditor.get(`${home}/sheet/file`)).status).toBe(200);
    expect((await auditor.get(`${home}/sheet`)).status).toBe(403);
    expect((await auditor.get(home)).text).not.toContain(`href="${home}/sheet"`);
  });
});

it('every resolution has a name in both languages', () => {
  const resolutions = gateway.app.get(Resolutions, { strict: false });
  const names = new Set(
    discrepancyKinds.flatMap((kind) => resolutions.ofKind(kind).map(({ name }) => name)),
  );
  expect(names.size).toBeGreaterThan(10);
  const nameless = [...names].filter((name) =>
    languages.some((language) => !hasText(language, `discrepancies.resolution-${name}`)),
  );
  expect(nameless).toEqual([]);
});
