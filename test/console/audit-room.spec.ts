/**
 * The audit room: the chain verified from the page, once at a time; samples of payments that anybody can draw again; daily
 * control tests whose failures raise an alarm.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { checkEvidence, readBundle } from '../../src/assurance/check-evidence';
import { CheckChain } from '../../src/assurance/check-chain';
import { DrawSample } from '../../src/assurance/draw-sample';
import { RunControls } from '../../src/assurance/run-controls';
import { EnvelopeParts } from '../../src/gepg/envelope-parts';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { settledPayment } from '../support/settled-payment';
import { chromiumPath, openBrowser, violations } from './browser';
import { Visitor } from './support';

const home = '/console/audit';

let gateway: TestGateway;
let auditor: Visitor;
let password: string;

const flat = (text: string) => text.replace(/\s+/g, ' ');

async function until(what: string, table: string, where: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if ((await gateway.count(table, where)) > 0) return;
    await pause(50);
  }
  throw new Error(`${what} did not happen within a minute`);
}

/** As nobody but a superuser can. */
async function pastGuards(sql: string): Promise<void> {
  await gateway.db.query(`set session_replication_role = replica`);
  await gateway.db.query(sql);
  await gateway.db.query(`set session_replication_role = origin`);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await settledPayment(gateway);
  password = await makeOfficer(gateway.app, 'auditor', 'auditor');
  auditor = await Visitor.signedIn(gateway.url, gateway.app, 'auditor', password);
}, 120_000);

afterAll(() => gateway.stop({ unsigned: true }));

describe('the chain', () => {
  const finished = (id: number) =>
    until('the verification', 'chain_check', `id = ${String(id)} and finished_at is not null`);

  it('is verified from the page, from its first block to its head', async () => {
    await auditor.get(`${home}/chain`);
    expect((await auditor.post(`${home}/chain`)).headers.get('location')).toBe(`${home}/chain`);
    await finished(1);
    const { rows } = await gateway.db.query<{ hash: string; block: string }>(
      `select encode(b.hash, 'hex') as hash, c.last_block as block
         from chain_check c join audit_block b on b.sequence = c.last_block where c.id = 1 and c.checked_through = b.sequence`,
    );
    const text = flat((await auditor.get(`${home}/chain`)).text);
    expect(text).toContain('The chain holds');
    expect(text).toContain(rows[0]?.hash ?? 'no hash');
    expect(
      await gateway.count('audit_event', `action = 'audit.chain-checked' and actor = 'auditor'`),
    ).toBe(1);
  }, 90_000);

  it('is not verified twice at once', async () => {
    await gateway.db.query('begin');
    await gateway.db.query(`insert into chain_check (requested_by) values ('somebody')`);
    const second = auditor.post(`${home}/chain`);
    await pause(200);
    await gateway.db.query('commit');
    const { status, text } = await second;
    expect([status, text.includes('audit.check-running')]).toEqual([409, true]);
    await finished(2);
  }, 90_000);

  it('does not hold when an event is another, and an alarm says so', async () => {
    const first = `id = (select min(id) from audit_event)`;
    await pastGuards(`update audit_event set actor = actor || 'x' where ${first}`);
    await gateway.app.get(CheckChain, { strict: false }).request('auditor');
    await until('the alarm', 'alarm', `kind = 'control-failed' and subject = 'audit-chain'`);
    const text = flat((await auditor.get(`${home}/chain`)).text);
    expect(text).toMatch(/The chain does NOT hold.*Blocks that do not hold: block 1/);
    await pastGuards(`update audit_event set actor = left(actor, -1) where ${first}`);
  }, 90_000);
});

describe('daily control tests', () => {
  const tests = () => gateway.app.get(RunControls, { strict: false });
  const ran = (day: string, count: number) =>
    until(
      'the run',
      '(select count(*) as n from control_run where business_day = ' +
        `'${day}'` +
        ' and finished_at is not null) r',
      `n = ${String(count)}`,
    );

  it('are run of yesterday by themselves, once, and pass', async () => {
    await tests().plan();
    await tests().plan();
    await ran('2026-11-25', 1);
    expect(await gateway.count('control_run')).toBe(1);
    const failed = await gateway.db.query(
      `select control, keys from control_result where outcome <> 'passed'`,
    );
    expect(failed.rows).toEqual([]);
    const text = flat((await auditor.get(`${home}/controls`)).text);
    expect(text).toContain('What was paid on bills is what the bills got.');
    expect(text.match(/>Passed</g)).toHaveLength(await gateway.count('control_result'));
    expect(text).toContain('Not run');
    expect((await auditor.get(`${home}/controls/2026-11-20`)).text).toContain('No control tests');
  }, 120_000);

  it('that fail, or cannot be run, are named and raise an alarm', async () => {
    await pastGuards(`update payment set amount_minor = amount_minor + 1`);
    await gateway.db.query(`alter table bank_match rename to bank_match_away`);
    await auditor.get(`${home}/controls`);
    const { headers } = await auditor.post(`${home}/controls`, { day: '2026-11-24' });
    expect(headers.get('location')).toBe(`${home}/controls/2026-11-24`);
    await expect(tests().request(parseBusinessDay('2026-11-24'), 'x')).rejects.toThrow(
      'audit.controls-running',
    );
    await ran('2026-11-24', 1);
    await gateway.db.query(`alter table bank_match_away rename to bank_match`);
    await pastGuards(`update payment set amount_minor = amount_minor - 1`);
    const text = flat((await auditor.get(`${home}/controls/2026-11-24`)).text);
    expect(text).toContain('TZS: payments 5120001, ledger 5120000');
    for (const control of ['payments-posted', 'payments-placed', '05', '19'])
      expect([
        control,
        await gateway.count(
          'alarm',
          `kind = 'control-failed' and subject = '2026-11-24/${control}'`,
        ),
      ]).toEqual([control, 1]);
    expect(await gateway.count('control_result', `control = '19' and outcome = 'not-run'`)).toBe(1);
    expect(
      await gateway.count('control_result', `control = 'day-balanced' and outcome = 'failed'`),
    ).toBe(0);
  }, 120_000);

  it('are not run of a day that is not over', async () => {
    await auditor.get(`${home}/controls`);
    for (const [day, code] of [
      ['2026-11-26', 'control tests are run of days that are over'],
      ['2026-13-01', 'There is a problem'],
    ] as const) {
      const { status, text } = await auditor.post(`${home}/controls`, { day });
      expect([status, text.includes(code)]).toEqual([422, true]);
    }
    await expect(tests().request(parseBusinessDay('2026-11-26'), 'x')).rejects.toThrow(
      'audit.controls-early',
    );
  });
});

describe('samples', () => {
  const period = { from: '2026-11-26', to: '2026-11-26' };

  async function drawn(fields: Readonly<Record<string, string>>): Promise<string> {
    await auditor.get(`${home}/samples`);
    const { status, headers, text } = await auditor.post(`${home}/samples`, {
      ...period,
      ...fields,
    });
    if (status !== 303) throw new Error(text);
    return headers.get('location') ?? '';
  }

  const receiptsOf = async (page: string) =>
    [...(await auditor.get(page)).text.matchAll(/\/console\/payments\/[^"]+">(R\d+)</g)].map(
      (each) => each[1],
    );

  beforeAll(async () => {
    await gateway.party('PSP702');
    const books = new Books(gateway);
    for (let i = 0; i < 25; i++) {
      const bill = draft(`S-${String(i)}`, { amount: '1500.00', systemId: 'THOSP001' });
      const number = await books.numberOf('SP70101', bill);
      const psp = i % 5 === 0 ? 'PSP702' : 'PSP701';
      expect(await books.pay(psp, `S-${String(i)}`, number, '1500.00')).toBe('taken');
    }
  });

  it('are the same with the same seed, as anybody can work out, and others with another', async () => {
    const first = await receiptsOf(await drawn({ size: '10', seed: 'one' }));
    expect(first).toHaveLength(10);
    expect(await receiptsOf(await drawn({ size: '10', seed: 'one' }))).toEqual(first);
    expect(await receiptsOf(await drawn({ size: '10', seed: 'two' }))).not.toEqual(first);
    const { rows } = await gateway.db.query<{ id: string; receipt: string }>(
      `select id, receipt_number as receipt from payment where business_day = '2026-11-26'`,
    );
    const order = (id: string) => createHash('sha256').update(`one${id}`).digest('hex');
    const expected = rows.sort((a, b) => (order(a.id) < order(b.id) ? -1 : 1)).slice(0, 10);
    expect(first).toEqual(expected.map(({ receipt }) => receipt));
    expect(
      await gateway.count('audit_event', `action = 'sample.drawn' and actor = 'auditor'`),
    ).toBe(3);
    expect((await auditor.get(`${home}/samples`)).text).toContain('>one<');
  });

  it('are of one PSP or institution where that is asked, with a seed of their own', async () => {
    const page = await drawn({ size: '100', psp: 'PSP702', sp: 'SP70101' });
    expect(await receiptsOf(page)).toHaveLength(5);
    const { text } = await auditor.get(`${page}/csv`);
    expect(text.trim().split('\n')).toHaveLength(6);
    expect(text).toMatch(/^seed,place,receipt/);
    expect(text).toMatch(/[0-9a-f]{16},1,R\d+,2026-11-26,PSP702,SP70101/);
  });

  it('are refused with what is wrong', async () => {
    await auditor.get(`${home}/samples`);
    const { status: wrong, text: page } = await auditor.post(`${home}/samples`, {
      ...period,
      size: 'x',
    });
    expect([wrong, page.includes('a sample has 1 to 100 payments')]).toEqual([422, true]);
    const samples = gateway.app.get(DrawSample, { strict: false });
    const day = parseBusinessDay(period.from);
    for (const [wish, code] of [
      [{ size: 101 }, 'audit.sample-size'],
      [{ to: parseBusinessDay('2026-12-27') }, 'audit.sample-period'],
      [{ to: parseBusinessDay('2026-11-25') }, 'audit.sample-period'],
      [{ seed: 'a b' }, 'audit.sample-seed'],
      [{ psp: 'PSP9' }, 'audit.sample-party'],
      [{ sp: 'PSP701' }, 'audit.sample-party'],
    ] as const) {
      const asked = samples.execute(
        Object.assign({ from: day, to: day, size: 5 }, wish),
        'auditor',
      );
      await expect(asked).rejects.toThrow(code);
    }
    const { status, text } = await auditor.get(`${home}/samples/x`);
    expect([status, text.includes('audit.sample-unknown')]).toEqual([404, true]);
  });

  it('give the evidence of all their payments in one file, when they are small', async () => {
    const small = await drawn({ size: '3', seed: 'three' });
    await auditor.get(small);
    const { status, bytes } = await auditor.post(`${small}/evidence`, { payer: 'hidden' });
    expect(status).toBe(200);
    const bundles = Object.values(unzipSync(bytes)).map((each) => readBundle(Buffer.from(each)));
    expect(bundles.map((each) => checkEvidence(each, new EnvelopeParts()).faults)).toEqual([
      [],
      [],
      [],
    ]);
    const large = await drawn({ size: '21', seed: 'large' });
    expect((await auditor.get(large)).text).not.toContain('Make the evidence of all');
    const refused = await auditor.post(`${large}/evidence`, { payer: 'hidden' });
    expect([refused.status, refused.text.includes('audit.sample-large')]).toEqual([422, true]);
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

  async function look(page: Page, name: string): Promise<readonly string[]> {
    const faults = (await violations(page)).map((fault) => `${name}: ${fault}`);
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
    return faults;
  }

  it('an auditor draws a sample and comes to the evidence of one; every page passes axe in both languages', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${gateway.url}/console`);
    await page.locator('#name').fill('auditor');
    await page.locator('#password').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console');
    await page.getByRole('link', { name: 'Audit room' }).click();
    await page.getByRole('link', { name: 'Samples' }).click();
    await page.getByLabel('From').fill('2026-11-26');
    await page.getByLabel('To').fill('2026-11-26');
    await page.getByLabel('How many').fill('4');
    await page.getByRole('button', { name: 'Draw a sample' }).click();
    await page.waitForURL(/samples\/[0-9a-f-]{36}$/);
    const sample = page.url().slice(gateway.url.length);
    await page.locator('tbody a').first().click();
    await page.getByRole('button', { name: 'Make the evidence bundle' }).waitFor();

    const faults: string[] = [];
    const paths = ['', '/chain', '/samples', '/controls', '/controls/2026-11-24'].map(
      (each) => `${home}${each}`,
    );
    for (const language of ['English', 'Kiswahili']) {
      await page.goto(`${gateway.url}/console`);
      await page.getByRole('button', { name: language }).click();
      for (const path of [...paths, sample]) {
        await page.goto(`${gateway.url}${path}`);
        faults.push(
          ...(await look(page, `${path.slice(9).replaceAll('/', '_').slice(0, 24)}-${language}`)),
        );
      }
    }
    await context.close();
    expect(faults).toEqual([]);
  }, 240_000);
});
