/** The page docs/integration-json.md is executed: its blocks run in order and print what the page says. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSandboxKeys } from '../../src/sandbox-keys';
import { Books } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { hasTool } from '../support/tools';
import { blocksOf, expectPrints } from './guide-page';
import { today } from './support';

const blocks = blocksOf('integration-json.md');

let gateway: TestGateway;
let folder: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  for (const code of ['SP70101', 'PSP701']) await gateway.party(code);
  folder = mkdtempSync(join(tmpdir(), 'malipo-guide-'));
  mkdirSync(join(folder, '.data'));
  await makeSandboxKeys(gateway.app, join(folder, '.data'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gateway.stop({ unsigned: true });
});

const walk = ['curl', 'sed', 'grep', 'cmp', 'seq'].every((tool) => hasTool(tool)) ? it : it.skip;

walk('prints what it says, in order', async () => {
  for (const block of blocks) {
    // The payment comes in between: the page points to the PSPs' guide for it.
    if (block.code.includes('"paidAmount"')) {
      const bill = readFileSync(join(folder, 'bill-1.txt'), 'utf8');
      const { controlNumber } = JSON.parse(bill) as { controlNumber: string };
      const paid = await new Books(gateway).pay('PSP701', 'TX-1', controlNumber, '150000.00');
      expect(paid).toBe('taken');
    }
    await expectPrints(block, folder, { 'http://127.0.0.1:3000': gateway.url });
  }
  expect(blocks).toHaveLength(6);
});
