/**
 * The console in a browser: signing in with the keyboard and without script, each role's first look, every page against
 * axe on a narrow and a wide screen, and that an institution sees only its own. CONSOLE_SCREENSHOTS=folder keeps
 * pictures of every page, for the eyes of whoever changes one.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { generateSync } from 'otplib/functional';
import { Approvals } from '../../src/officers/approvals';
import { ManageOfficers } from '../../src/officers/manage-officers';
import { type Role, roles } from '../../src/officers/permission.rules';
import { Database } from '../../src/platform/database/database';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { chromiumPath, openBrowser, violations } from './browser';
import { Visitor } from './support';

let gateway: TestGateway;
let hospital: SandboxParty;
let billId: string;
let paymentId: string;
let messageId: string;
let approvalId: string;
const passwords = new Map<Role, string>();

const partyOf = (role: Role) => (role === 'institution-officer' ? 'SP70101' : undefined);

async function visitorAs(role: Role): Promise<Visitor> {
  return Visitor.signedIn(gateway.url, gateway.app, role, passwords.get(role) ?? '');
}

async function one(sql: string): Promise<string> {
  const { rows } = await gateway.db.query<{ id: string }>(sql);
  return String(rows[0]?.id);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  await gateway.party('SP70202');
  const bank = await gateway.party('PSP701');
  const resultUrl = 'http://127.0.0.1:1/elsewhere';
  for (const name of ['B-1', 'B-2']) {
    await submitBills(hospital, gateway.url, [
      {
        billId: name,
        amount: '50000.00',
        generatedAt: '2026-11-24T10:00:00',
        subSpCode: '1001',
        systemId: 'THOSP001',
        items: [{ gfsCode: '142202', amount: '50000.00' }],
      },
    ]);
    const answer = await hospital.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === name,
    );
    const controlNumber = textOf(answer.root, 'PayCntrNum');
    if (name === 'B-1') {
      await pay(bank, gateway.url, {
        transactionId: 'T-1',
        controlNumber,
        amount: '50000.00',
        paidAt: '2026-11-24T10:05:00',
        resultUrl,
      });
    }
  }
  await gateway.settled();
  billId = await one(`select id from bill where sp_bill_id = 'B-1'`);
  paymentId = await one(`select id from payment`);
  messageId = await one(`select message_id as id from payment_notification`);
  for (const role of roles) {
    passwords.set(role, await makeOfficer(gateway.app, role, role, partyOf(role)));
  }
  approvalId = await gateway.app.get(Database, { strict: false }).transaction((tx) =>
    gateway.app.get(Approvals, { strict: false }).request(tx, {
      action: 'settlement.post',
      subject: 'test:1',
      content: { amountMinor: '100', account: 'treasury' },
      requestedBy: 'treasury-officer',
    }),
  );
}, 120_000);

afterAll(() => gateway.stop());

describe('without a browser', () => {
  it('an institution finds its own bills and payments, and nothing of others', async () => {
    const other = await makeOfficer(
      gateway.app,
      'other.institution',
      'institution-officer',
      'SP70202',
    );
    const stranger = await Visitor.signedIn(gateway.url, gateway.app, 'other.institution', other);
    const own = await visitorAs('institution-officer');
    for (const [path, text] of [
      ['/console/bills', 'B-1'],
      ['/console/payments', 'T-1'],
      ['/console/deliveries', '/console/deliveries/'],
    ] as const) {
      expect((await own.get(path)).text).toContain(text);
      expect((await stranger.get(path)).text).not.toContain(text);
    }
    const delivery = await one(
      `select id from delivery where recipient_id = (select id from party where code = 'SP70101')`,
    );
    for (const path of [
      `/console/bills/${billId}`,
      `/console/payments/${paymentId}`,
      `/console/payments/messages/${messageId}`,
      `/console/deliveries/${delivery}`,
    ]) {
      const { status, text } = await stranger.get(path);
      expect([
        path,
        status,
        text.includes('trace.unknown') || text.includes('delivery.unknown'),
      ]).toEqual([path, 404, true]);
      expect(text).not.toContain('SP70101');
    }
    expect((await own.get(`/console/bills/${billId}`)).text).toContain('B-1');
    expect((await own.get('/console/payments?before=x')).text).toContain('trace.cursor-unknown');
    expect((await own.get('/console/payments?amount=50000.00')).text).toContain('T-1');
    expect((await own.get('/console/payments?amount=50000.01')).text).not.toContain('T-1');
  });

  it('figures that refresh themselves keep nobody signed in', async () => {
    const visitor = await visitorAs('support');
    const digest = `sha256('${visitor.token}')`;
    const isIdle = () =>
      gateway.count(
        'officer_session',
        `token_digest = ${digest} and last_seen_at < gateway_now() - interval '9 minutes'`,
      );
    await gateway.db.query(
      `update officer_session set last_seen_at = gateway_now() - interval '10 minutes' where token_digest = ${digest}`,
    );
    expect((await visitor.get('/console', { 'x-console-live': '1' })).status).toBe(200);
    expect(await isIdle()).toBe(1);
    expect((await visitor.get('/console')).status).toBe(200);
    expect(await isIdle()).toBe(0);
  });

  it('a payer is masked until an officer asks, who is written down and limited', async () => {
    const name = await one(`select payer_name as id from bill where id = '${billId}'`);
    const visitor = await visitorAs('treasury-officer');
    const page = `/console/bills/${billId}`;
    expect((await visitor.get(page)).text).not.toContain(name);
    expect((await visitor.post(`${page}/reveal`)).text).toContain(name);
    const seen = `action = 'payer.revealed' and actor = 'treasury-officer'`;
    expect(await gateway.count('audit_event', `${seen} and subject = '${billId}'`)).toBe(1);
    await gateway.db.query(
      `insert into audit_event (actor, action, subject) select 'treasury-officer', 'payer.revealed', 'x' from generate_series(1, 59)`,
    );
    const { status, text } = await visitor.post(`${page}/reveal`);
    expect([status, text.includes('trace.view-limit'), text.includes(name)]).toEqual([
      429,
      true,
      false,
    ]);
    expect(await gateway.count('alarm', `kind = 'payers-viewed'`)).toBe(1);
  });

  it('an administrator makes, resets and disables an officer, and never himself', async () => {
    const admin = await visitorAs('administrator');
    const made = await admin.post('/console/officers', {
      name: 'newcomer',
      fullName: 'A newcomer',
      role: 'support',
    });
    expect(made.text).toMatch(/([a-z2-9]{4}-){3}[a-z2-9]{4}/);
    expect((await admin.post('/console/officers', { name: 'X' })).status).toBe(422);
    expect((await admin.post('/console/officers/administrator/reset')).status).toBe(403);
    await admin.post('/console/officers/newcomer/status', { status: 'disabled' });
    const officer = await gateway.app.get(ManageOfficers, { strict: false }).find('newcomer');
    expect(officer.status).toBe('disabled');
    const none = await admin.post('/console/parties/SP70101/status', { status: 'suspended' });
    expect(none.text).toContain('party.reason-missing');
    await admin.post('/console/parties/SP70202/status', { status: 'suspended', reason: 'test' });
    expect(await gateway.count('party', `code = 'SP70202' and status = 'suspended'`)).toBe(1);
  });

  it('support parks, unparks and sends again', async () => {
    const support = await visitorAs('support');
    const id = await one(`select id from delivery order by id limit 1`);
    await support.post(`/console/deliveries/${id}/resend`);
    expect(
      await gateway.count('audit_event', `action = 'delivery.resent' and actor = 'support'`),
    ).toBe(1);
    await gateway.settled();
  });

  it('who asked does not decide, and who decides gives a reason to decline', async () => {
    const page = `/console/approvals/${approvalId}`;
    const maker = await visitorAs('treasury-officer');
    expect((await maker.get(page)).text).not.toContain(`${page}/approve`);
    expect((await maker.post(`${page}/approve`)).text).toContain('who asks does not decide');
    const auditor = await visitorAs('auditor');
    expect((await auditor.post(`${page}/approve`)).status).toBe(422);
    const checker = await visitorAs('treasury-approver');
    expect((await checker.get(page)).text).toContain(`${page}/approve`);
    expect((await checker.post(`${page}/decline`)).status).toBe(422);
    await checker.post(`${page}/decline`, { reason: 'not now' });
    expect(await gateway.count('approval_request', `state = 'declined'`)).toBe(1);
  });
});

const story = chromiumPath === undefined ? describe.skip : describe;
if (chromiumPath === undefined)
  process.stderr.write(
    'The console is not tried in a browser: no Chromium (CHROMIUM_PATH, /usr/bin/chromium).\n',
  );

story('in a browser', () => {
  let browser: Browser;
  const screenshots = process.env['CONSOLE_SCREENSHOTS'];

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser.close());

  async function enter(context: BrowserContext, name: string, password: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${gateway.url}/console`);
    await page.locator('#name').fill(name);
    await page.locator('#password').fill(password);
    await page.keyboard.press('Enter');
    return page;
  }

  it('a new administrator signs in without script, with the keyboard alone', async () => {
    const wanted = { name: 'first.admin', fullName: 'First administrator', role: 'administrator' };
    const { password } = await gateway.app
      .get(ManageOfficers, { strict: false })
      .create(wanted, 'test');
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${gateway.url}/console/officers`);
    const type = async (text: string) => {
      await page.keyboard.insertText(text);
      await page.keyboard.press('Tab');
    };
    // Skip link, name of the console, two languages, then the first field.
    for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
    await type('first.admin');
    await page.keyboard.insertText(password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sign-in/authenticator');
    const secret = (await page.locator('.app-code').innerText()).replaceAll(' ', '');
    await page.locator('#code').focus();
    await page.keyboard.insertText(generateSync({ secret }));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sign-in/password');
    await page.locator('#old').focus();
    await type(password);
    await type('a long sentence of mine');
    await page.keyboard.insertText('a long sentence of mine');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console');
    expect(await page.locator('nav.app-menu').innerText()).toContain('Officers');
    await context.close();
  }, 60_000);

  it('every page passes axe on a narrow and a wide screen, in both languages, without a breach of the policy', async () => {
    const faults: string[] = [];
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await enter(context, 'auditor', passwords.get('auditor') ?? '');
    await page.waitForURL('**/console');
    page.on('console', (line) => {
      if (/Content Security Policy|Refused to/.test(line.text())) faults.push(line.text());
    });
    const paths = [
      '',
      '/bills',
      `/bills/${billId}`,
      '/payments',
      `/payments/${paymentId}`,
      `/payments/messages/${messageId}`,
      '/approvals',
      `/approvals/${approvalId}`,
      '/deliveries',
      `/deliveries/${await one(`select id from delivery order by id limit 1`)}`,
      '/parties',
      '/parties/SP70101',
      '/officers',
      '/officers/support',
      '/audit',
      '/nowhere',
    ];
    for (const path of paths) {
      await page.goto(`${gateway.url}/console${path}`);
      for (const width of [1440, 360]) {
        await page.setViewportSize({ width, height: 900 });
        // The rules look at the same elements on both; a narrow screen is asked once, on the page with the most.
        const found = width === 1440 || path === '/bills' ? await violations(page) : [];
        faults.push(...found.map((fault) => `${path} at ${String(width)}: ${fault}`));
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(overflow) > 0)
          faults.push(`${path} at ${String(width)}: ${String(overflow)} px too wide`);
        if (screenshots !== undefined) {
          const name = `${path.replaceAll('/', '_').slice(0, 24) || 'overview'}-${String(width)}.png`;
          await page.screenshot({ path: `${screenshots}/${name}`, fullPage: true });
        }
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${gateway.url}/console/bills`);
    await page.getByRole('button', { name: 'Kiswahili' }).click();
    await page.waitForSelector('html[lang="sw"]');
    expect(await page.locator('h1').innerText()).toBe('Ankara');
    faults.push(...(await violations(page)));
    await page.getByRole('button', { name: 'Ondoka' }).click();
    await page.waitForURL('**/sign-in');
    faults.push(...(await violations(page)));
    if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/sign-in.png` });
    await context.close();
    expect(faults).toEqual([]);
  }, 240_000);

  it.each([
    ['treasury-officer', ['Bills', 'Payments', 'Approvals'], ['Officers', 'Audit room']],
    ['treasury-approver', ['Approvals'], ['Officers', 'Audit room']],
    ['institution-officer', ['Bills', 'Payments', 'Deliveries'], ['Parties', 'Approvals']],
    ['administrator', ['Officers', 'Parties', 'Audit room'], []],
    ['support', ['Deliveries', 'Parties'], ['Officers', 'Approvals']],
  ] as const)(
    '%s sees the menu of the role',
    async (role, shown, hidden) => {
      const context = await browser.newContext();
      const page = await enter(context, role, passwords.get(role) ?? '');
      await page.waitForURL('**/console');
      const menu = await page.locator('nav.app-menu a').allInnerTexts();
      expect(shown.filter((each) => !menu.includes(each))).toEqual([]);
      expect(hidden.filter((each) => menu.includes(each))).toEqual([]);
      await context.close();
    },
    60_000,
  );
});
