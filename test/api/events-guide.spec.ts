/** The page docs/events-and-webhooks.md is executed: its blocks run in order and print what the page says. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/installation';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { hasTool } from '../support/tools';
import { blocksOf, expectPrints } from './guide-page';
import { keyOf, today } from './support';

let gateway: TestGateway;
let folder: string;

async function payBill(id: string, amount: string): Promise<void> {
  const books = new Books(gateway);
  const bill = draft(id, { systemId: 'THOSP001', amount });
  const number = await books.numberOf('SP70101', bill, 'json');
  expect(await books.pay('PSP701', id, number, amount)).toBe('taken');
  await gateway.sealed();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  for (const code of ['SP70101', 'PSP701']) await gateway.party(code);
  folder = mkdtempSync(join(tmpdir(), 'malipo-guide-'));
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'sp.key'), await keyOf(gateway, 'SP70101'));
  await payBill('G-1', '150000.00');
  await payBill('G-2', '1000.00');
});

afterAll(async () => {
  const pidFile = join(folder, 'receiver.pid');
  if (existsSync(pidFile)) {
    try {
      process.kill(Number(readFileSync(pidFile, 'utf8')));
    } catch {
      // The page has ended it itself.
    }
  }
  rmSync(folder, { recursive: true, force: true });
  await gateway.stop({ unsigned: true });
});

const tools = ['curl', 'sed', 'grep', 'cut', 'sort'];
const walk = tools.every((tool) => hasTool(tool)) ? it : it.skip;

walk('prints what it says, in order', async () => {
  const blocks = blocksOf('events-and-webhooks.md');
  const addresses = { 'http://127.0.0.1:3000': gateway.url, '8099': String(await freePort()) };
  for (const block of blocks) {
    // The payment comes in between: the page only says so.
    if (block.code.startsWith('until grep -q . received.txt')) await payBill('G-3', '1000.00');
    await expectPrints(block, folder, addresses);
  }
  expect(blocks).toHaveLength(5);
});
