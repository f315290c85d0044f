/**
 * A day's reconciliation by officers, as a browser without script sends it: a statement with errors, the good one, the
 * run, the discrepancies, both sides, a resolution by two officers, and the close of the day.
 */
import { pay, submitBills } from '../../tools/sandbox/messages';
import { textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { chromiumPath, openBrowser, violations } from './browser';
import { Visitor } from './support';

const day = '2026-11-24';
const paidAt = '2026-11-24T10:00:00';
const header = 'transaction_id,control_number,amount,currency,paid_at,receipt_number';
const upload = '/console/reconciliation/upload';
const ofDay = `/console/reconciliation/days/${day}`;

let gateway: TestGateway;
let officer: Visitor;
let approver: Visitor;
let auditor: Visitor;
const numbers: string[] = [];

const line = (id: string, place: number, amount = '50000.00') =>
  `${id},${numbers[place] ?? ''},${amount},TZS,${paidAt},`;

const fileOf = (...lines: readonly string[]) => [header, ...lines, ''].join('\r\n');

async function visit(name: string, role: 'treasury-officer' | 'treasury-approver' | 'auditor') {
  const password = await makeOfficer(gateway.app, name, role);
  return Visitor.signedIn(gateway.url, gateway.app, name, password);
}

async function send(text: string, fields: Readonly<Record<string, string>> = {}) {
  await officer.get(upload);
  return officer.sendFile(upload, { psp: 'PSP701', day, ...fields }, 'day.csv', text);
}

const confirmIn = (text: string) => /action="([^"]+\/import)"/.exec(text)?.[1] ?? '';

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  const hospital = await gateway.party('SP70101');
  const bank = await gateway.party('PSP701');
  for (let i = 0; i < 3; i++) {
    const billId = `B-${String(i)}`;
    await submitBills(hospital, gateway.url, [
      {
        billId,
        amount: '50000.00',
        generatedAt: paidAt,
        subSpCode: '1001',
        systemId: 'THOSP001',
        items: [{ gfsCode: '142202', amount: '50000.00' }],
      },
    ]);
    const answer = await hospital.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === billId,
    );
    numbers.push(textOf(answer.root, 'PayCntrNum'));
    await pay(bank, gateway.url, {
      transactionId: `T-${String(i)}`,
      controlNumber: numbers[i] ?? '',
      amount: '50000',
      paidAt,
      resultUrl: 'http://127.0.0.1:1/',
    });
  }
  await gateway.setClock('2026-11-25T08:00:00Z');
  officer = await visit('asha', 'treasury-officer');
  approver = await visit('baraka', 'treasury-approver');
  auditor = await visit('chausiku', 'auditor');
});

afterAll(() => gateway.stop());

it('a form that lacks something says so and keeps what was given', async () => {
  expect(await send('x', { psp: '' })).toMatchObject({ status: 422 });
  const { status, text } = await send('x', { day: 'today' });
  expect([status, text.includes('<option value="PSP701" selected>')]).toEqual([422, true]);
  expect(text).toContain('href="#day"');
  const none = await officer.sendFile(upload, { psp: 'PSP701', day }, '', '');
  expect([none.status, none.text.includes('href="#file"')]).toEqual([422, true]);
});

it('a file with errors is shown with its lines, and nothing of it is imported', async () => {
  const sent = await send(
    fileOf(line('T-0', 0), line('T-1', 1, '1e3'), `T-2,99x,1,TZS,${paidAt},`),
  );
  const { status, text } = await officer.follow(Promise.resolve(sent));
  expect(status).toBe(422);
  expect(text).toContain('2 things are wrong with the file');
  expect(text).toMatch(/>3<\/td>\s*<td[^>]*>amount</);
  expect(text).toMatch(/>4<\/td>\s*<td[^>]*>control_number</);
  expect(confirmIn(text)).toBe('');
  const [address = ''] = (sent.headers.get('location') ?? '').split('?');
  const forced = await officer.post(`${address}/import`, { psp: 'PSP701', day, name: 'day.csv' });
  expect([forced.status, forced.text.includes('upload.faulty')]).toEqual([422, true]);
  const large = await send('x'.repeat(20 * 1024 * 1024 + 1));
  // statement.file-large, in the reader's words.
  expect([large.status, large.text.includes('longer than 20 MB')]).toEqual([422, true]);
  expect(await gateway.count('statement')).toBe(0);
});

it('a good file shows its totals, and is imported when that is confirmed, once', async () => {
  const file = fileOf(line('T-0', 0), line('T-1', 1, '49000.00'));
  const { status, text } = await officer.follow(send(file));
  expect([status, text.includes('TZS 99,000.00')]).toEqual([200, true]);
  expect(await gateway.count('statement')).toBe(0);
  const fields = { psp: 'PSP701', day, name: 'day.csv' };
  const stranger = await approver.post(confirmIn(text), fields);
  expect([stranger.status, stranger.text.includes('upload.gone')]).toEqual([404, true]);
  const done = await officer.follow(officer.post(confirmIn(text), fields));
  expect(done.text).toContain('imported as revision 1');
  expect(await gateway.count('statement', `imported_by = 'asha'`)).toBe(1);
  expect((await officer.post(confirmIn(text), fields)).status).toBe(404);
  const again = await officer.follow(send(file));
  expect(again.text).toContain('Revision 1 is imported already');
  expect((await officer.follow(officer.post(confirmIn(again.text), fields))).text).toContain(
    'nothing has changed',
  );
});

it('runs by a button, and the day shows what came out', async () => {
  const { text } = await officer.follow(officer.post(`${ofDay}/run`));
  expect(text).toContain('has run');
  expect(text).toContain('2 discrepancies hold this day up');
  expect(
    await gateway.count('audit_event', `action = 'reconciliation.run' and actor = 'asha'`),
  ).toBe(1);
  const month = await auditor.get('/console/reconciliation?month=2026-11');
  expect(month.text).toContain(`href="${ofDay}"`);
  expect(month.text).not.toContain(upload);
});

it('both sides stand beside each other, each with its reason', async () => {
  const { text } = await auditor.get(`${ofDay}/PSP701`);
  expect(text).toContain('Same transaction id, amount and currency.');
  expect(text).toContain('the amounts are not the same');
  expect(text).toContain('the statement of the day does not have it');
  expect(text).toContain('TZS 49,000.00');
});

it('the work list is filtered by its address, and each has a page with its history', async () => {
  const list = await officer.get(`/console/discrepancies?day=${day}&psp=PSP701`);
  expect(list.text.match(/href="\/console\/discrepancies\/\d+"/g)).toHaveLength(2);
  const one = await officer.get('/console/discrepancies?kind=amount-differs&owner=nobody');
  const [found = '', ...others] = one.text.match(/\/console\/discrepancies\/\d+/g) ?? [];
  expect(others).toEqual([]);
  const { text } = await officer.get(found);
  expect(text).toContain('T-1');
  expect(text).toContain('49,000.00');
  for (const query of ['owner=me', 'age=7', 'state=resolved', 'psp=PSP702', 'day=2026-11-23'])
    expect((await officer.get(`/console/discrepancies?${query}`)).text).toContain('No discrepancy');
  expect((await officer.get('/console/discrepancies/x')).status).toBe(404);
});

async function idOfKind(kind: string): Promise<string> {
  const { text } = await officer.get(`/console/discrepancies?kind=${kind}`);
  return /\/console\/discrepancies\/\d+/.exec(text)?.[0] ?? '';
}

it('is taken and commented', async () => {
  const path = await idOfKind('amount-differs');
  const id = path.split('/').at(-1) ?? '';
  await officer.follow(
    officer.post('/console/discrepancies/assign', { id, owner: 'me', filter: 'psp=PSP701' }),
  );
  expect((await officer.get('/console/discrepancies?owner=me')).text).toContain('T-1');
  expect((await officer.post(`${path}/comment`, { text: ' ' })).status).toBe(422);
  const said = await officer.follow(officer.post(`${path}/comment`, { text: 'They were asked' }));
  expect(said.text).toContain('They were asked');
  expect((await auditor.post(`${path}/comment`, { text: 'no' })).status).toBe(403);
});

it('what moves money is seen before, proposed by one and approved by another', async () => {
  const path = await idOfKind('amount-differs');
  const wish = { resolution: 'correct-to-psp', note: 'Confirmed by the PSP' };
  const unsaid = await officer.post(`${path}/preview`, { ...wish, note: '' });
  expect([unsaid.status, unsaid.text.includes('href="#note"')]).toEqual([422, true]);
  const seen = await officer.post(`${path}/preview`, wish);
  expect(seen.text).toContain('49000.00 instead of 50000.00 TZS');
  expect(await gateway.count('approval_request')).toBe(0);
  const asked = await officer.follow(officer.post(`${path}/resolve`, wish));
  expect(asked.text).toContain('Awaits approval');
  const queue = await officer.get('/console/approvals');
  const request = /\/console\/approvals\/[0-9a-f-]{36}/.exec(queue.text)?.[0] ?? '';
  expect((await officer.get(request)).text).toContain('Another officer decides');
  expect((await officer.post(`${request}/approve`)).status).toBe(422);
  const shown = await approver.get(request);
  expect(shown.text).toContain('49000.00 instead of 50000.00 TZS');
  expect((await approver.post(`${request}/decline`, { reason: '' })).status).toBe(422);
  const done = await approver.follow(approver.post(`${request}/approve`));
  expect(done.text).toContain('approved and carried out');
  expect((await officer.get(path)).text).toContain('Resolution');
  expect(await gateway.count('discrepancy', `state = 'resolved'`)).toBe(1);
});

it('what moves no money is carried out at once', async () => {
  const path = await idOfKind('missing-there');
  const wish = { resolution: 'wait', note: 'It will come tomorrow' };
  const done = await officer.follow(officer.post(`${path}/resolve`, wish));
  expect(done.text).toContain('The resolution was carried out');
});

it('the day is closed by two, and is what was sealed', async () => {
  const ready = await officer.follow(officer.post(`${ofDay}/run`));
  expect(ready.text).toContain('Ready to close');
  const closing = `/console/closing/${day}`;
  expect((await officer.get('/console/closing/2026-11-25')).text).toContain('Not met');
  const proposed = await officer.follow(officer.post(`${closing}/propose`));
  expect(proposed.text).toContain('asha proposed to close the day');
  expect((await officer.post(`${closing}/approve`)).status).toBe(403);
  const sealed = await approver.follow(approver.post(`${closing}/approve`));
  expect(sealed.text).toContain('24 November 2026 is closed');
  expect(sealed.text).toContain('baraka');
  expect((await auditor.post(`${closing}/verify`)).text).toContain('exactly what was sealed');
  await officer.post('/console/language', { language: 'sw', next: ofDay });
  expect((await officer.get(ofDay)).text).toContain('Imefungwa');
});

const inBrowser = chromiumPath === undefined ? it.skip : it;

inBrowser(
  'axe finds nothing on any of these pages, narrow or wide',
  async () => {
    await officer.post('/console/language', { language: 'en', next: ofDay });
    const list = await officer.get('/console/discrepancies?state=resolved');
    const one = /\/console\/discrepancies\/\d+/.exec(list.text)?.[0] ?? '';
    const queue = await officer.get('/console/approvals');
    const request = /\/console\/approvals\/[0-9a-f-]{36}/.exec(queue.text)?.[0] ?? '';
    const sent = await send(fileOf(line('T-0', 0), line('T-1', 1)), { day: '2026-11-25' });
    const faulty = await send(fileOf(line('T-0', 0, '1e3')), { day: '2026-11-25' });
    const paths = [
      '/console/reconciliation?month=2026-11',
      ofDay,
      `${ofDay}/PSP701`,
      upload,
      sent.headers.get('location') ?? '',
      faulty.headers.get('location') ?? '',
      '/console/discrepancies',
      '/console/discrepancies?state=resolved',
      one,
      await idOfKind('missing-there'),
      '/console/approvals',
      request,
      `/console/closing/${day}`,
      '/console/closing/2026-11-25',
    ];
    const browser = await openBrowser();
    const folder = process.env['CONSOLE_SCREENSHOTS'];
    const wrong: unknown[] = [];
    try {
      for (const width of [360, 1440]) {
        const context = await browser.newContext({ viewport: { width, height: 900 } });
        await context.addCookies([
          { name: 'malipo', value: officer.token, url: `${gateway.url}/console` },
        ]);
        const page = await context.newPage();
        for (const [place, path] of paths.entries()) {
          await page.goto(`${gateway.url}${path}`);
          const found = await violations(page);
          if (found.length > 0) wrong.push([width, path, found]);
          if (folder !== undefined)
            await page.screenshot({
              path: `${folder}/recon-${String(place)}-${String(width)}.png`,
              fullPage: true,
            });
        }
      }
    } finally {
      await browser.close();
    }
    expect(wrong).toEqual([]);
  },
  120_000,
);
