/**
 * Evidence in the console: one payment and its bill from the submission to the bank, who looked at them, and the bundle
 * that an auditor takes away and a stranger checks.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { checkEvidence, readBundle } from '../../src/assurance/check-evidence';
import { EnvelopeParts } from '../../src/gepg/envelope-parts';
import type { Role } from '../../src/officers/permission.rules';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { type SettledPayment, settledPayment } from '../support/settled-payment';
import { chromiumPath, openBrowser, violations } from './browser';
import { Visitor } from './support';

let gateway: TestGateway;
let made: SettledPayment;
let paymentPage: string;
let billPage: string;
const passwords = new Map<Role, string>();

const visitorAs = (role: Role) =>
  Visitor.signedIn(gateway.url, gateway.app, role, passwords.get(role) ?? '');

const flat = (text: string) => text.replace(/\s+/g, ' ');

beforeAll(async () => {
  gateway = await TestGateway.start();
  made = await settledPayment(gateway);
  paymentPage = `/console/payments/${made.paymentId}`;
  billPage = `/console/bills/${made.billId}`;
  for (const role of [
    'auditor',
    'treasury-officer',
    'administrator',
    'institution-officer',
  ] as const) {
    const party = role === 'institution-officer' ? 'SP70101' : undefined;
    passwords.set(role, await makeOfficer(gateway.app, role, role, party));
  }
}, 120_000);

afterAll(() => gateway.stop());

it('a bill leads to its submission, and shows what is expected at the bank and what came', async () => {
  const auditor = await visitorAs('auditor');
  for (const page of [billPage, paymentPage]) {
    const text = flat((await auditor.get(page)).text);
    for (const wanted of [
      'gepgBillSubReq',
      'gepgPmtPstReq',
      'Settlement',
      '25/11/2026',
      '0170100000011',
    ])
      expect([page, wanted, text.includes(wanted)]).toEqual([page, wanted, true]);
    expect(text).toContain('Same transaction id, amount and currency.');
  }
  expect(flat((await auditor.get(billPage)).text)).toMatch(/Looked at the bill/);
  expect(flat((await auditor.get(paymentPage)).text)).toMatch(/Looked at the payment/);
});

it('its own institution sees the submission and when the money came, and no amount of others', async () => {
  const own = await visitorAs('institution-officer');
  const text = flat((await own.get(billPage)).text);
  for (const wanted of ['gepgBillSubReq', 'Settlement', '25/11/2026'])
    expect(text).toContain(wanted);
  for (const foreign of ['gepgPmtPstReq', '/console/settlement/statements', 'Make the evidence'])
    expect(text).not.toContain(foreign);
});

it('a message is verified when it is shown, and not when a byte of it is another', async () => {
  const auditor = await visitorAs('auditor');
  const [, address = ''] =
    /href="(\/console\/payments\/messages\/[^"]+)">As submitted/.exec(
      (await auditor.get(billPage)).text,
    ) ?? [];
  expect((await auditor.get(address)).text).toContain('Signature right');
  const id = address.split('/').at(-1) ?? '';
  const alter = async (change: string) => {
    await gateway.db.query(`set session_replication_role = replica`);
    await gateway.db.query(`update inbound_message set body = ${change} where id = '${id}'`);
    await gateway.db.query(`set session_replication_role = origin`);
  };
  await alter(`body || ' '::bytea`);
  expect((await auditor.get(address)).text).toContain('Signature does not hold');
  await alter(`substr(body, 1, length(body) - 1)`);
  expect((await auditor.get(address)).text).toContain('Signature right');
});

describe('the bundle', () => {
  it.each(['auditor', 'treasury-officer'] as const)(
    'is made by the %s, and holds',
    async (role) => {
      const visitor = await visitorAs(role);
      expect((await visitor.get(paymentPage)).text).toContain('Make the evidence bundle');
      const { status, headers, bytes } = await visitor.post(`${paymentPage}/evidence`);
      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        200,
        'application/zip',
        'no-store',
      ]);
      const files = readBundle(bytes);
      expect(checkEvidence(files, new EnvelopeParts())).toMatchObject({
        faults: [],
        messageCount: 2,
      });
      expect(files.get('case/payment.json')?.includes('Neema')).toBe(true);
      const counted = `action = 'payer.revealed' and actor = '${role}' and subject = '${made.paymentId}'`;
      expect(await gateway.count('audit_event', counted)).toBe(1);
    },
  );

  it('leaves the payer out by choice, and then counts as none seen', async () => {
    const visitor = await visitorAs('auditor');
    await visitor.get(paymentPage);
    const before = await gateway.count('audit_event', `action = 'payer.revealed'`);
    const { bytes } = await visitor.post(`${paymentPage}/evidence`, { payer: 'hidden' });
    const naming = [...readBundle(bytes)].filter(([, each]) => each.includes(made.payerName));
    expect(naming).toEqual([]);
    expect(await gateway.count('audit_event', `action = 'payer.revealed'`)).toBe(before);
  });

  it('is nothing for an administrator or an institution', async () => {
    for (const role of ['administrator', 'institution-officer'] as const) {
      const visitor = await visitorAs(role);
      expect((await visitor.get(paymentPage)).text).not.toContain('Make the evidence');
      expect((await visitor.post(`${paymentPage}/evidence`)).status).toBe(403);
    }
  });
});

const story = chromiumPath === undefined ? describe.skip : describe;

story('in a browser', () => {
  let browser: Browser;
  const screenshots = process.env['CONSOLE_SCREENSHOTS'];

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser.close());

  async function enter(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${gateway.url}/console`);
    await page.locator('#name').fill('auditor');
    await page.locator('#password').fill(passwords.get('auditor') ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console');
    return page;
  }

  it('an auditor takes the evidence of a payment away, without script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await enter(context);
    await page.goto(`${gateway.url}${paymentPage}`);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Make the evidence bundle' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^evidence-R\d+\.zip$/);
    await context.close();
  }, 60_000);

  it('the pages pass axe in both languages, narrow and wide', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await enter(context);
    const faults: string[] = [];
    for (const language of ['English', 'Kiswahili']) {
      await page.goto(`${gateway.url}/console`);
      await page.getByRole('button', { name: language }).click();
      for (const path of [paymentPage, billPage]) {
        await page.goto(`${gateway.url}${path}`);
        const name = `${path.split('/').slice(2).join('_').slice(0, 20)}-${language}`;
        faults.push(...(await violations(page)).map((fault) => `${name}: ${fault}`));
        for (const width of [1440, 360]) {
          await page.setViewportSize({ width, height: 900 });
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          if (Number(overflow) > 0) faults.push(`${name} at ${String(width)} is too wide`);
          if (screenshots !== undefined)
            await page.screenshot({
              path: `${screenshots}/${name}-${String(width)}.png`,
              fullPage: true,
            });
        }
        await page.setViewportSize({ width: 1440, height: 900 });
      }
    }
    await context.close();
    expect(faults).toEqual([]);
  }, 240_000);
});
