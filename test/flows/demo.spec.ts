/**
 * The demonstration, small and twice on the same data: what it prints is what happened. Each run verifies every answer,
 * every signature and the totals by itself, and faults where one is not as promised.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playDemo } from '../../tools/demo/play';
import { Screen } from '../../tools/demo/screen';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
let folder: string;

async function play(): Promise<string> {
  let printed = '';
  const screen = new Screen({ write: (text) => (printed += text) });
  await playDemo({
    app: gateway.app,
    gateway: gateway.url,
    isOwnProcess: true,
    folder,
    screen,
    bills: 20,
  });
  return printed;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  folder = mkdtempSync(join(tmpdir(), 'malipo-demo-'));
});

afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('plays the main job and says what became of every bill', async () => {
  const printed = await play();
  const sentences = printed.replace(/\s+/g, ' ');
  for (const fact of [
    'Enrolled now: SP70101, SP70202, PSP701, PSP702, PSP703.',
    '20 control numbers came back',
    'refused, with the codes 7258;7259;7201.',
    '19 payments taken on bills',
    '3 payments of the irrevocable PSP703',
    '8 payments refused',
    '8 bills got control numbers, 3 payments were taken, one bill was cancelled.',
    '22 payments confirmed to the institutions, 25 final results to the PSPs',
    'Every signature holds',
    '7 discrepancies for 7 planted errors, none more.',
    'Taken at the PSPs = owed by the PSPs',
    'A camt.053 whose balances differ by 1.00 was refused whole',
    'The good one was imported, 3 lines; the ledger holds its closing balance.',
  ])
    expect(sentences).toContain(fact);
  expect(printed.split('\n').filter((line) => line.length > 80)).toEqual([]);

  expect(await gateway.count('payment')).toBe(25);
  expect(await gateway.count('payment', `destination = 'suspense'`)).toBe(3);
  expect(await gateway.count('payment_notification', `outcome = 'refused'`)).toBe(8);
  expect(await gateway.count('delivery', `state <> 'delivered'`)).toBe(0);
  expect(await gateway.count('match', `rule = 'number-amount-day'`)).toBe(1);
  expect(await gateway.count('match', `rule = 'receipt-number'`)).toBe(1);
  const [taken] = (
    await gateway.db.query<{ sum: string }>(
      `select to_char(sum(amount_minor) / 100, 'FM999,999,990.00') as sum from payment where currency = 'TZS'`,
    )
  ).rows;
  expect(sentences).toContain(`taken, by the PSPs' own books ${taken?.sum ?? ''}`);
}, 60_000);

it('can be played again on the same data', async () => {
  const sentences = (await play()).replace(/\s+/g, ' ');
  expect(sentences).toContain(
    '7 discrepancies for 7 planted errors, none more (and 7 of earlier runs on this day).',
  );
  expect(await gateway.count('payment')).toBe(50);
}, 60_000);
