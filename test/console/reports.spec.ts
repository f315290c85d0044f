/** Reports in the console: each opens, says the same as its files, and shows an institution only itself. */
import { catalogue, type ReportName, reportNames } from '../../src/reports/report-catalogue';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { hasPdfReader, readPdf } from '../support/pdf';
import { Visitor } from './support';

const now = '2026-11-24T10:00:00';
const days = 'from=2026-11-24&to=2026-11-24';

/** Of the day, and of one institution where the report is of one. */
function filterOf(name: ReportName): string {
  const { isOfOneDay, isOfOneInstitution } = catalogue[name];
  const query = isOfOneDay ? 'to=2026-11-24' : days;
  return isOfOneInstitution ? `${query}&sp=SP70101` : query;
}

let gateway: TestGateway;
let treasury: Visitor;
let hospitalOfficer: Visitor;

async function signIn(role: 'auditor' | 'institution-officer', party?: string): Promise<Visitor> {
  const password = await makeOfficer(gateway.app, role, role, party);
  return Visitor.signedIn(gateway.url, gateway.app, role, password);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  const hospital = await gateway.party('SP70101');
  const bank = await gateway.party('PSP701');
  await gateway.party('SP70202');
  await submitBills(hospital, gateway.url, [
    {
      billId: 'B-1',
      amount: '1250000.00',
      generatedAt: now,
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '1250000.00' }],
    },
  ]);
  const answer = await hospital.waitFor('gepgBillSubResp', () => true);
  await pay(bank, gateway.url, {
    transactionId: 'T-1',
    controlNumber: textOf(answer.root, 'PayCntrNum'),
    amount: '1250000',
    paidAt: now,
    resultUrl: 'http://127.0.0.1:1/',
  });
  treasury = await signIn('auditor');
  hospitalOfficer = await signIn('institution-officer', 'SP70101');
});

afterAll(() => gateway.stop());

it.each(reportNames)('%s opens, and is a file in three forms', async (name) => {
  const of = filterOf(name);
  expect(await treasury.get(`/console/reports/${name}?${of}`)).toMatchObject({ status: 200 });
  for (const [format, type] of [
    ['csv', 'text/csv'],
    ['xlsx', 'application/vnd.openxmlformats'],
    ['pdf', 'application/pdf'],
  ] as const) {
    const file = await treasury.get(`/console/reports/${name}/${format}?${of}`);
    expect([file.status, file.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining(type),
    ]);
    expect(file.headers.get('content-disposition')).toContain(`.${format}"`);
  }
});

it('the page shows the money as people write it, the file as programs do', async () => {
  const page = await treasury.get(`/console/reports/collections?${days}&by=gfs`);
  expect(page.text).toContain('142202');
  expect(page.text).toContain('1,250,000.00');
  const file = await treasury.get(`/console/reports/collections/csv?${days}&by=gfs`);
  expect(file.text).toContain('1250000.00');
});

it('a filter that is none is said over the form, and a report that is none is not found', async () => {
  const page = await treasury.get('/console/reports/collections?from=yesterday');
  expect([page.status, page.text.includes('yesterday')]).toEqual([422, true]);
  const none = await treasury.get('/console/reports/gossip');
  expect([none.status, none.text.includes('report.unknown')]).toEqual([404, true]);
  expect(await treasury.get(`/console/reports/collections/exe?${days}`)).toMatchObject({
    status: 404,
  });
});

it('an institution sees its own collections and nothing of the gateway', async () => {
  const own = await hospitalOfficer.get(`/console/reports/collections?${days}`);
  expect([own.status, own.text.includes('1,250,000.00')]).toEqual([200, true]);
  expect(await hospitalOfficer.get(`/console/reports/trial-balance?${days}`)).toMatchObject({
    status: 404,
  });
  const other = await hospitalOfficer.get(`/console/reports/collections?${days}&sp=SP70202`);
  const none = await hospitalOfficer.get(`/console/reports/collections?${days}&sp=SP79999`);
  expect([other.status, none.status]).toEqual([422, 422]);
  expect(other.text.replaceAll('SP70202', '')).toHaveLength(
    none.text.replaceAll('SP79999', '').length,
  );
});

const readBack = hasPdfReader ? it.each(reportNames) : it.skip.each(reportNames);

readBack('%s as a printed PDF says every number of its page', async (name) => {
  const of = filterOf(name);
  const page = await treasury.get(`/console/reports/${name}?${of}`);
  const numbers = [...page.text.matchAll(/<td class="[^"]*app-money">(?:<strong>)?([^<]+)</g)].map(
    ([, number = '']) => number.trim(),
  );
  if (['collections', 'statement', 'receipts', 'trial-balance'].includes(name))
    expect(numbers).toContain('1,250,000.00');
  const text = readPdf(await treasury.bytes(`/console/reports/${name}/pdf?${of}`));
  const counts = (all: readonly string[]) =>
    Object.fromEntries(
      [...new Set(all)].sort().map((each) => [each, all.filter((x) => x === each).length]),
    );
  const printed = text.split(/\s+/);
  const wanted = counts(numbers);
  const found = counts(printed);
  for (const [number, times] of Object.entries(wanted))
    expect([number, (found[number] ?? 0) >= times]).toEqual([number, true]);
  const digest = /<code>([0-9a-f]{64})<\/code>/.exec(page.text)?.[1];
  if (digest !== undefined) expect(text.replace(/\s+/g, '')).toContain(digest);
});
