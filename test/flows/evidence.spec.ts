/**
 * The evidence bundle of a payment: whole, it holds; with any file changed, added or taken away it does not, and the file
 * is named. (evidence-by-hand.spec: the same by the steps of the documentation.)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { zipSync } from 'fflate';
import { checkEvidence, readBundle } from '../../src/assurance/check-evidence';
import type { BundleFiles } from '../../src/assurance/evidence-bundle.rules';
import { MakeEvidence } from '../../src/assurance/make-evidence';
import { registerAssuranceCommands } from '../../src/cli/assurance.commands';
import { EnvelopeParts } from '../../src/gepg/envelope-parts';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { runCommand } from '../support/command';
import { TestGateway } from '../support/gateway';
import { resultUrl, settledPayment } from '../support/settled-payment';

const parts = new EnvelopeParts();

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;
let folder: string;
let paymentId: string;
let payerName: string;
let zip: Buffer;
let files: BundleFiles;

const make = (hidesPayer: boolean, language: 'en' | 'sw' = 'en') =>
  gateway.app
    .get(MakeEvidence, { strict: false })
    .execute({ paymentId, madeBy: 'dalila', language, hidesPayer });

const faultsOf = (changed: BundleFiles) => checkEvidence(changed, parts).faults;

/** As `files`, with the change. */
function changed(change: (files: Map<string, Buffer>) => void): BundleFiles {
  const copy = new Map(files);
  change(copy);
  return copy;
}

function pdfText(pdf: Buffer): string | undefined {
  const run = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf });
  return run.error === undefined ? run.stdout.toString().replace(/\s+/g, ' ') : undefined;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'malipo-evidence-'));
  gateway = await TestGateway.start();
  ({ hospital, bank, paymentId, payerName } = await settledPayment(gateway));
  await make(true);
  // The event of that bundle is in the next one, once it is sealed.
  for (let waited = 0; waited < 10_000; waited += 50) {
    const { rows: blocks } = await gateway.db.query(
      `select from audit_block b join audit_event e on e.action = 'evidence.made'
        where (b.last_place, b.last_id) >= (e.place, e.id)`,
    );
    if (blocks.length > 0) break;
    await pause(50);
  }
  zip = (await make(false)).zip;
  files = readBundle(zip);
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gateway.stop();
});

describe('a bundle', () => {
  it('holds, with the messages, the books, the statement, the bank and the trail', () => {
    expect(checkEvidence(files, parts)).toMatchObject({ faults: [], messageCount: 2 });
    expect(checkEvidence(files, parts).proofCount).toBeGreaterThan(0);
    const names = [...files.keys()];
    for (const wanted of [
      'README.txt',
      'story.pdf',
      'messages/1-bill-submission/message.xml',
      'messages/2-payment-notification/certificate.pem',
      'audit/head.sig',
    ])
      expect(names).toContain(wanted);
    const json = (name: string) => JSON.parse(files.get(name)?.toString() ?? 'null') as unknown;
    expect(json('case/payment.json')).toMatchObject({ amountMinor: '5120000', psp: 'PSP701' });
    expect(json('reconciliation/matches.json')).toMatchObject([
      { lineNumber: 2, rule: 'transaction-id' },
    ]);
    expect(json('settlement/settlement.json')).toMatchObject([
      { expectedMinor: '5120000', entryMinor: '5120000', bookingDay: '2026-11-25' },
    ]);
    const postings = json('ledger/postings.json') as { debitMinor: string; creditMinor: string }[];
    const sum = (side: 'debitMinor' | 'creditMinor') =>
      postings.reduce((total, each) => total + BigInt(each[side]), 0n);
    expect([sum('debitMinor'), sum('creditMinor')]).toEqual([5_120_000n, 5_120_000n]);
  });

  it('has every byte of the messages as it came, and of what was sent with its answers', async () => {
    const { rows } = await gateway.db.query<{ body: Buffer }>(
      `select m.body from inbound_message m order by m.received_at`,
    );
    expect(files.get('messages/1-bill-submission/message.xml')).toEqual(rows[0]?.body);
    expect(files.get('messages/2-payment-notification/message.xml')).toEqual(rows[1]?.body);
    const sent = [...files.keys()].filter((name) => name.endsWith('/sent.xml'));
    const answers = [...files.keys()].filter((name) => /\/answer-\d+\./.test(name));
    expect([sent.length, answers.length]).toEqual([3, 3]);
  });

  it('tells its story in either language', async () => {
    const english = pdfText(files.get('story.pdf') ?? Buffer.alloc(0));
    if (english === undefined) return;
    for (const text of [
      'TZS 51,200.00',
      'B-1',
      'PSP701',
      'What the PSP',
      '24 November 2026',
      payerName,
    ])
      expect(english).toContain(text);
    const other = readBundle((await make(false, 'sw')).zip).get('story.pdf');
    expect(pdfText(other ?? Buffer.alloc(0))).toContain('Ushahidi wa malipo');
  });

  it('that was made stands in the audit trail with the digest of its list', async () => {
    const { manifestDigest } = await make(true);
    const made = `action = 'evidence.made' and actor = 'dalila' and subject = '${paymentId}'`;
    const own = `detail ->> 'manifest' = '${manifestDigest}' and detail ->> 'payer' = 'hidden'`;
    expect(await gateway.count('audit_event', `${made} and ${own}`)).toBe(1);
  });
});

describe('not as it was made', () => {
  it('every file that differs by one byte is named', () => {
    const unnoticed = [...files].filter(([name, bytes]) => {
      // An answer may be empty: then it is one byte longer.
      const other = bytes.length === 0 ? Buffer.from('x') : Buffer.from(bytes);
      const middle = bytes.length >> 1;
      other.writeUInt8((other[middle] ?? 0) ^ 1, middle);
      const faults = faultsOf(changed((copy) => copy.set(name, other)));
      return !faults.some((fault) => fault.includes(name));
    });
    expect(files.size).toBeGreaterThan(20);
    expect(unnoticed.map(([name]) => name)).toEqual([]);
  });

  it('every file that is missing is named, and one that was added', () => {
    const unnoticed = [...files.keys()].filter((name) => {
      const faults = faultsOf(changed((copy) => copy.delete(name)));
      return !faults.some((fault) => fault.includes(name));
    });
    expect(unnoticed).toEqual([]);
    const added = faultsOf(changed((copy) => copy.set('case/more.json', Buffer.from('{}'))));
    expect(added).toEqual(['case/more.json was added']);
  });

  it('what is no bundle is refused', () => {
    expect(() => readBundle(Buffer.from('PK'))).toThrow('evidence.no-bundle');
    const many = Object.fromEntries(
      Array.from({ length: 2_001 }, (_each, i) => [`f${String(i)}`, Buffer.alloc(0)]),
    );
    expect(() => readBundle(Buffer.from(zipSync(many)))).toThrow('evidence.too-large');
  });
});

describe('without its payer', () => {
  it('it holds, and nothing in it names him', async () => {
    const hidden = readBundle((await make(true)).zip);
    expect(checkEvidence(hidden, parts).faults).toEqual([]);
    const naming = [...hidden].filter(([, bytes]) => bytes.includes(payerName));
    expect(naming.map(([name]) => name)).toEqual([]);
    expect([...hidden.keys()].filter((name) => /message\.|signed|sent|answer/.test(name))).toEqual(
      [],
    );
    const story = pdfText(hidden.get('story.pdf') ?? Buffer.alloc(0));
    if (story !== undefined) expect(story).not.toContain(payerName);
  });
});

describe('the commands', () => {
  it('make none without one name for the payment, nor over a file that exists', async () => {
    const here = join(folder, 'here.zip');
    writeFileSync(here, '');
    const fresh = join(folder, 'fresh.zip');
    for (const [words, code] of [
      [['--out', fresh], 'evidence.key-missing'],
      [['--receipt', '1', '--transaction', '2', '--out', fresh], 'evidence.key-missing'],
      [['--receipt', '1', '--language', 'fr', '--out', fresh], 'evidence.key-missing'],
      [['--receipt', '1', '--out', here], 'evidence.file-exists'],
    ] as const)
      await expect(audit('evidence', ...words)).rejects.toThrow(code);
  });

  const audit = (...words: string[]) => runCommand(registerAssuranceCommands, 'audit', ...words);

  it('check a bundle without a database, and end with 3 for one that was changed', async () => {
    const good = join(folder, 'good.zip');
    writeFileSync(good, zip);
    expect(await audit('check-evidence', '--file', good)).toContain('The bundle holds');
    const { certificateFingerprint = '' } = checkEvidence(files, parts);
    const published = ['--fingerprint', certificateFingerprint.toUpperCase()];
    expect(await audit('check-evidence', '--file', good, ...published)).not.toContain('Compare');
    const other = await audit('check-evidence', '--file', good, '--fingerprint', '00');
    expect(other).toContain('not the one with that fingerprint');
    const bad = join(folder, 'bad.zip');
    const entries = changed((copy) => copy.set('case/bills.json', Buffer.from('[]')));
    writeFileSync(bad, zipSync(Object.fromEntries(entries)));
    expect(await audit('check-evidence', '--file', bad)).toBe(
      'NOT as it was made: case/bills.json was changed.\n',
    );
    expect(process.exitCode).toBe(3);
    process.exitCode = undefined;
  });
});

it('a payment is found by what names it alone', async () => {
  const evidence = gateway.app.get(MakeEvidence, { strict: false });
  expect(await evidence.find({ transaction: 'T-1', psp: 'PSP701' })).toBe(paymentId);
  await expect(evidence.find({ receipt: '0' })).rejects.toThrow('evidence.payment-unknown');
  await expect(evidence.find({})).rejects.toThrow('evidence.payment-unknown');
  await submitBills(hospital, gateway.url, [
    {
      billId: 'B-2',
      amount: '1000.00',
      option: '2',
      generatedAt: '2026-11-26T10:00:00',
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '1000.00' }],
    },
  ]);
  const answer = await hospital.waitFor(
    'gepgBillSubResp',
    (root) => textOf(root, 'BillId') === 'B-2',
  );
  const controlNumber = textOf(answer.root, 'PayCntrNum');
  for (const transactionId of ['T-2', 'T-3'])
    await pay(bank, gateway.url, {
      transactionId,
      controlNumber,
      amount: '300.00',
      paidAt: '2026-11-26T10:05:00',
      resultUrl,
    });
  await gateway.settled();
  await expect(evidence.find({ controlNumber })).rejects.toThrow('evidence.payment-ambiguous');
});
