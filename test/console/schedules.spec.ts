/** Reports by e-mail, from their page: a new one, what is wrong with it, resting, going on, and whose they are. */
import { SendDueReports } from '../../src/reports/send-due-reports';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { Visitor } from './support';

const home = '/console/reports/schedules';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
});

afterAll(() => gateway.stop());

let made = 0;

/** Signed in anew: hours without a request end a session. */
async function visit(role: 'treasury-officer' | 'institution-officer' | 'auditor') {
  made += 1;
  const name = `officer.${String(made)}`;
  const party = role === 'institution-officer' ? 'SP70101' : undefined;
  const password = await makeOfficer(gateway.app, name, role, party);
  return Visitor.signedIn(gateway.url, gateway.app, name, password);
}

const wanted = {
  report: 'collections',
  name: 'daily-collections',
  by: 'gfs',
  format: 'csv',
  frequency: 'daily',
  at: '07:00',
  recipients: 'one@example.go.tz, two@example.go.tz',
  language: 'sw',
};

it('is made from a report that is seen, with its filters, and is told what is wrong with it', async () => {
  const officer = await visit('treasury-officer');
  const report = await officer.get('/console/reports/collections?by=gfs');
  const add = /href="([^"]+schedules\/add[^"]*)"/.exec(report.text)?.[1] ?? '';
  const form = await officer.get(add.replaceAll('&amp;', '&'));
  expect(form.text).toMatch(/<option value="gfs" selected>/);
  for (const [change, said] of [
    [{ at: '7' }, 'wanted one like 07:30'],
    [{ recipients: 'nobody' }, 'is no e-mail address'],
    [{ name: 'Every day' }, 'small letters, digits and hyphens'],
  ] as const) {
    const { status, text } = await officer.post(`${home}/add`, { ...wanted, ...change });
    expect([status, text.includes(said)]).toEqual([422, true]);
  }
  await officer.post('/console/language', { language: 'sw', next: home });
  const kiswahili = await officer.post(`${home}/add`, { ...wanted, at: '7' });
  expect(kiswahili.text).toContain('Saa huandikwa kama 07:30.');
  await officer.post('/console/language', { language: 'en', next: home });
  const list = await officer.follow(officer.post(`${home}/add`, wanted));
  expect(list.text).toContain('daily-collections');
  expect(list.text).toContain('one@example.go.tz, two@example.go.tz');
  expect((await officer.post(`${home}/add`, wanted)).text).toContain('already');
  expect((await officer.get(`${home}/add?report=none`)).status).toBe(404);
});

it('rests, and what fell due meanwhile is not made up for', async () => {
  const officer = await visit('treasury-officer');
  const paused = await officer.follow(officer.post(`${home}/daily-collections/pause`));
  expect(paused.text).toContain('Paused');
  await gateway.setClock('2026-11-25T05:00:00Z');
  const due = gateway.app.get(SendDueReports, { strict: false });
  await due.execute();
  expect(await gateway.count('report_sending')).toBe(0);
  const later = await visit('treasury-officer');
  await later.get(home);
  const on = await later.follow(later.post(`${home}/daily-collections/resume`));
  expect(on.text).toContain('Active');
  await due.execute();
  expect(await gateway.count('report_sending')).toBe(0);
  await gateway.setClock('2026-11-26T05:00:00Z');
  await due.execute();
  expect(await gateway.count('report_sending', `due_day = '2026-11-26'`)).toBe(1);
  for (const action of ['added', 'paused', 'resumed'])
    expect(await gateway.count('audit_event', `action = 'report-schedule.${action}'`)).toBe(1);
});

it('is the institution’s own, and who only reads changes nothing', async () => {
  const hospital = await visit('institution-officer');
  expect((await hospital.get(home)).text).not.toContain('daily-collections');
  for (const act of ['pause', 'resume', 'remove'])
    expect((await hospital.post(`${home}/daily-collections/${act}`)).status).toBe(404);
  const own = { ...wanted, name: 'ours', report: 'statement', by: '' };
  expect((await hospital.follow(hospital.post(`${home}/add`, own))).text).toContain('ours');
  expect(await gateway.count('report_schedule', `name = 'ours' and party_id is not null`)).toBe(1);
  expect((await hospital.get(`${home}/add?report=trial-balance`)).status).toBe(404);
  const auditor = await visit('auditor');
  const seen = await auditor.get(home);
  expect(seen.text).toContain('daily-collections');
  expect(seen.text).not.toContain('/remove');
  const officer = await visit('treasury-officer');
  await officer.get(home);
  await officer.post(`${home}/daily-collections/remove`);
  expect((await officer.get(home)).text).not.toContain('daily-collections');
});
