/**
 * Whole working days in a browser: the treasury without script from signing in to the closed day, an institution with
 * the keyboard alone, an auditor, an administrator, and support. Each begins where people begin, at the sign-in page.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import type { Role } from '../../src/officers/permission.rules';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { chromiumPath, openBrowser } from './browser';

const day = '2026-11-24';
const paidAt = '2026-11-24T10:00:00';
const story = chromiumPath === undefined ? describe.skip : describe;

story('a working day', () => {
  let gateway: TestGateway;
  let browser: Browser;
  const numbers: string[] = [];
  const contexts: BrowserContext[] = [];

  async function billAndPay(party: SandboxParty, bank: SandboxParty, name: string) {
    const isWater = party.code === 'SP70202';
    await submitBills(party, gateway.url, [
      {
        billId: name,
        amount: '50000.00',
        generatedAt: paidAt,
        subSpCode: '1001',
        systemId: isWater ? 'TMAJI001' : 'THOSP001',
        items: [{ gfsCode: isWater ? '140101' : '142202', amount: '50000.00' }],
      },
    ]);
    const answer = await party.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === name,
    );
    const controlNumber = textOf(answer.root, 'PayCntrNum');
    numbers.push(controlNumber);
    await pay(bank, gateway.url, {
      transactionId: `T-${name}`,
      controlNumber,
      amount: '50000',
      paidAt,
      resultUrl: 'http://127.0.0.1:1/',
    });
  }

  beforeAll(async () => {
    gateway = await TestGateway.start();
    await gateway.setClock('2026-11-24T08:00:00Z');
    const hospital = await gateway.party('SP70101');
    const other = await gateway.party('SP70202');
    const bank = await gateway.party('PSP701');
    await billAndPay(hospital, bank, 'B-1');
    await billAndPay(other, bank, 'B-2');
    await gateway.settled();
    await gateway.setClock('2026-11-25T08:00:00Z');
    browser = await openBrowser();
  }, 120_000);

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  async function signIn(name: string, role: Role, javaScriptEnabled: boolean): Promise<Page> {
    const party = role === 'institution-officer' ? 'SP70101' : undefined;
    const password = await makeOfficer(gateway.app, name, role, party);
    const context = await browser.newContext({ javaScriptEnabled });
    context.setDefaultTimeout(10_000);
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${gateway.url}/console`);
    await page.locator('#name').fill(name);
    await page.locator('#password').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console');
    return page;
  }

  const menu = (page: Page, name: string) =>
    page.locator('nav.app-menu').getByRole('link', { name, exact: true }).click();
  const press = (page: Page, name: string) =>
    page.getByRole('button', { name, exact: true }).click();
  const follow = (page: Page, name: string | RegExp) =>
    page
      .locator('main')
      .getByRole('link', { name, exact: typeof name === 'string' })
      .first()
      .click();
  const text = (page: Page) => page.locator('main').innerText();

  const fileOf = (...lines: readonly string[]) => ({
    name: 'day.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      ['transaction_id,control_number,amount,currency,paid_at', ...lines, ''].join('\n'),
    ),
  });

  it('of the treasury, without script: the statement, the difference, both officers, the closed day', async () => {
    const officer = await signIn('asha', 'treasury-officer', false);
    // The overview says what is late, and leads to where it is sent.
    await follow(officer, '24/11/2026');
    await officer.waitForURL('**/upload?**');
    const first = `T-B-1,${String(numbers[0])},50000,TZS,${paidAt}`;
    const bad = fileOf(first, `T-B-2,${String(numbers[1])},4x,TZS,${paidAt}`);
    await officer.locator('input[type=file]').setInputFiles(bad);
    await press(officer, 'Check the file');
    expect(await text(officer)).toContain('1 thing is wrong with the file');

    await menu(officer, 'Reconciliation');
    await follow(officer, 'Upload a statement');
    await officer.locator('#psp').selectOption('PSP701');
    await officer.locator('#day').fill(day);
    const good = fileOf(first, `T-B-2,${String(numbers[1])},49000,TZS,${paidAt}`);
    await officer.locator('input[type=file]').setInputFiles(good);
    await press(officer, 'Check the file');
    expect(await text(officer)).toContain('99,000.00');
    await officer.locator('main form button').last().click();
    expect(await text(officer)).toContain('imported as revision 1');
    await press(officer, 'Run reconciliation');
    expect(await text(officer)).toContain('1 discrepancy holds this day up');

    await menu(officer, 'Discrepancies');
    await follow(officer, 'T-B-2');
    await officer.locator('#resolution').selectOption('correct-to-psp');
    await officer.locator('#note').fill('The PSP has confirmed it');
    await press(officer, 'See what it does');
    expect(await text(officer)).toContain('49000.00 instead of 50000.00 TZS');
    await press(officer, 'Propose it');
    expect(await text(officer)).toContain('waits for a second officer');

    const approver = await signIn('baraka', 'treasury-approver', false);
    await menu(approver, 'Approvals');
    await approver.locator('main a[href^="/console/approvals/"]').first().click();
    expect(await text(approver)).toContain('49000.00 instead of 50000.00 TZS');
    await press(approver, 'Approve and carry out');
    expect(await text(approver)).toContain('approved and carried out');

    await menu(officer, 'Reconciliation');
    await follow(officer, '24/11/2026');
    await press(officer, 'Run reconciliation');
    await menu(officer, 'Close of the day');
    await follow(officer, 'The next to close: 24 November 2026');
    await press(officer, 'Propose to close the day');
    expect(await text(officer)).toContain('asha proposed to close the day');
    await menu(approver, 'Close of the day');
    await follow(approver, /24\/11\/2026/);
    await press(approver, 'Approve and seal');
    expect(await text(approver)).toContain('24 November 2026 is closed');
    expect(await gateway.count('closed_day', `day = '${day}'`)).toBe(1);
  }, 60_000);

  it('of an institution, with the keyboard alone: its own bill is found, and no other', async () => {
    const page = await signIn('hawa', 'institution-officer', true);
    /** Tab until the link or field of that name has the focus, as somebody would who uses no mouse. */
    const reach = async (name: string) => {
      for (let steps = 0; steps < 60; steps++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate<string>(
          `document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? ''`,
        );
        if (at.trim() === name) return;
      }
      throw new Error(`${name} is not reached by the keyboard`);
    };
    await reach('Bills');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/bills');
    await reach('Bill id');
    await page.keyboard.insertText('B-1');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/bills?**');
    expect(await text(page)).not.toContain('B-2');
    await reach(numbers[0] ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL(/bills\/[0-9a-f-]{36}/);
    expect(await text(page)).toContain('PSP701 paid TZS 50,000.00');
    await reach('Reports');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/reports');
    await reach('Statement of collections');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/reports/statement');
    expect(await page.locator('nav.app-menu').innerText()).not.toContain('Approvals');
    // What is not its own is not there, whoever gives the address.
    await page.goto(`${gateway.url}/console/bills?number=${String(numbers[1])}`);
    expect(await text(page)).toContain('Nothing was found.');
  }, 60_000);

  it('of an auditor: a payment is followed, who did what is read, the sealed day is verified', async () => {
    const page = await signIn('chausiku', 'auditor', true);
    await menu(page, 'Payments');
    await page.locator('#filter-transaction').fill('T-B-2');
    await press(page, 'Search');
    await page.locator('main th a').first().click();
    await page.waitForURL(/payments\/[0-9a-f-]{36}/);
    expect(await text(page)).toContain('T-B-2');
    await menu(page, 'Audit room');
    await page.locator('#filter-action').fill('day.closed');
    await press(page, 'Search');
    expect(await text(page)).toContain('baraka');
    await menu(page, 'Close of the day');
    await follow(page, /24\/11\/2026/);
    await page.locator('main form button').first().click();
    expect(await text(page)).toContain('exactly what was sealed');
    // He changes nothing: there is nowhere to send a statement.
    expect((await page.goto(`${gateway.url}/console/reconciliation/upload`))?.status()).toBe(403);
  }, 60_000);

  it('of an administrator: an officer is made, and a party rests', async () => {
    const page = await signIn('dalila', 'administrator', true);
    await menu(page, 'Officers');
    await page.locator('#name').fill('ezekieli');
    await page.locator('#fullName').fill('Ezekieli M.');
    await page.locator('#role').selectOption('support');
    await page.locator('main form button').last().click();
    expect(await text(page)).toMatch(/([a-z2-9]{4}-){3}[a-z2-9]{4}/);
    await page.goto(`${gateway.url}/console/parties/SP70202`);
    await page.locator('#reason').first().fill('Its key is being changed');
    await press(page, 'Suspend');
    expect(await gateway.count('party', `code = 'SP70202' and status = 'suspended'`)).toBe(1);
  }, 60_000);

  it('of support: a delivery is looked at and sent again', async () => {
    const page = await signIn('farida', 'support', true);
    await menu(page, 'Deliveries');
    await page.locator('main th a').first().click();
    await page.waitForURL(/deliveries\/\d+/);
    await page.locator('main form button').first().click();
    await page.waitForURL(/deliveries\/\d+/);
    expect(
      await gateway.count('audit_event', `action = 'delivery.resent' and actor = 'farida'`),
    ).toBe(1);
  }, 60_000);

  it('what is wrong with a file stands over its form where script sends it, and the next one is sent', async () => {
    const page = await signIn('goodluck', 'treasury-officer', true);
    await page.goto(`${gateway.url}/console/settlement/upload`);
    await press(page, 'Check the file');
    await page.waitForSelector('.govuk-error-summary');
    expect(page.url()).toBe(`${gateway.url}/console/settlement/upload`);
    const file = { name: 'bank.xml', mimeType: 'text/xml', buffer: Buffer.from('<Document>') };
    await page.locator('#file').setInputFiles(file);
    await press(page, 'Check the file');
    await page.waitForURL(/settlement\/upload\/[0-9a-f]{64}/);
  }, 60_000);
});
