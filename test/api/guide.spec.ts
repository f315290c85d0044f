/** The page docs/integration-json.md is executed: its blocks run in order and print what the page says. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../src/installation';
import { makeSandboxKeys } from '../../src/sandbox-keys';
import { Books } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { hasTool } from '../support/tools';
import { today } from './support';

const text = readFileSync(join(projectRoot, 'docs/integration-json.md'), 'utf8');
const blocks = [...text.matchAll(/^```sh\n(.*?)^```$\n+^```text\n(.*?)^```$/gms)].map(
  ([, code = '', prints = '']) => ({ code, prints }),
);

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
  for (const { code, prints } of blocks) {
    // The payment comes in between: the page points to the PSPs' guide for it.
    if (code.includes('"paidAmount"')) {
      const bill = readFileSync(join(folder, 'bill-1.txt'), 'utf8');
      const { controlNumber } = JSON.parse(bill) as { controlNumber: string };
      const paid = await new Books(gateway).pay('PSP701', 'TX-1', controlNumber, '150000.00');
      expect(paid).toBe('taken');
    }
    const here = code.replaceAll('http://127.0.0.1:3000', gateway.url);
    const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', here], {
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({ code, stdout: prints });
  }
  expect(blocks).toHaveLength(6);
});
