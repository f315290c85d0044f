/**
 * docs/keys.md is executed: its shell blocks and its Java program run, in order, in an empty folder, and print what the
 * `text` block after them says. A block whose tool the machine lacks is skipped.
 */
import { spawnSync } from 'node:child_process';
import { createVerify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerKeystoreCommands } from '../../src/cli/keystore.commands';
import { projectRoot } from '../../src/installation';
import { runCommand } from '../support/command';
import { hasTool } from '../support/tools';

// Java starts slowly on a machine that is busy.
jest.setTimeout(120_000);

interface Block {
  readonly title: string;
  readonly language: string;
  readonly code: string;
  /** What it prints, when the guide says so. */
  readonly prints: string | undefined;
}

function blocksOf(markdown: string): readonly Block[] {
  const pattern = /^```(sh|java)\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?/gms;
  return [...markdown.matchAll(pattern)].map(([, language = '', code = '', prints]) => ({
    title: code.split('\n').find((line) => !/^(umask|import|$)/.test(line)) ?? '',
    language,
    code,
    prints,
  }));
}

const cli = /^npm run cli -- (keystore .*)$/;

/** As a shell splits these lines: at blanks, except within double quotes. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** The tools that a block names first on a line or behind a pipe. */
function toolsOf(block: Block): readonly string[] {
  if (block.language === 'java') return ['java', 'javac'];
  return ['keytool', 'openssl', 'node', 'php'].filter((tool) =>
    new RegExp(`(^|\\| )${tool} `, 'm').test(block.code),
  );
}

const blocks = blocksOf(readFileSync(join(projectRoot, 'docs', 'keys.md'), 'utf8'));
const home = process.cwd();
let folder: string;

function execute(command: string, ...words: readonly string[]): string {
  const ran = spawnSync(command, words, { cwd: folder, encoding: 'utf8' });
  expect({ status: ran.status, said: ran.status === 0 ? '' : ran.stderr }).toEqual({
    status: 0,
    said: '',
  });
  return ran.stdout;
}

async function outputOf(block: Block): Promise<string> {
  const command = cli.exec(block.code.trim())?.[1];
  if (command !== undefined) return runCommand(registerKeystoreCommands, ...wordsOf(command));
  if (block.language === 'sh') return execute('bash', '-e', '-o', 'pipefail', '-c', block.code);
  writeFileSync(join(folder, 'Sign.java'), block.code);
  return execute('java', 'Sign.java');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'malipo-guide-'));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

describe('docs/keys.md', () => {
  for (const block of blocks) {
    const missing = toolsOf(block).filter((tool) => !hasTool(tool));
    const run = async (): Promise<void> => {
      const output = await outputOf(block);
      if (block.prints !== undefined) expect(output).toBe(block.prints);
      if (block.code.includes('signature.txt')) {
        const certificate = readFileSync(join(folder, 'keys', 'SP70101-certificate.pem'));
        const signature = readFileSync(join(folder, 'signature.txt'), 'utf8');
        const verify = createVerify('RSA-SHA1').update('<gepgBillSubReq></gepgBillSubReq>');
        expect(verify.verify(certificate, signature, 'base64')).toBe(true);
      }
    };
    if (missing.length === 0) it(`does "${block.title}"`, run);
    else it.skip(`does "${block.title}" (skipped: no ${missing.join(', ')} on this machine)`, run);
  }

  it('has the commands that were read here', () => {
    expect(blocks.filter((block) => cli.test(block.code.trim()))).toHaveLength(3);
    expect(blocks.filter((block) => block.language === 'java')).toHaveLength(1);
    expect(blocks.length).toBeGreaterThanOrEqual(8);
  });
});
