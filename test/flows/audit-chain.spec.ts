/** The chain of the audit trail: nothing is lost or out of order in it, and a stranger can check what is in it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { VerifyBooks } from '../../src/assurance/verify-books';
import { registerAssuranceCommands } from '../../src/cli/assurance.commands';
import { AuditHeads, readHeads } from '../../src/platform/audit/audit-heads';
import { AuditTrail } from '../../src/platform/audit/audit-trail';
import {
  type EventProof,
  faultOfProof,
  ProveEvent,
  readProof,
} from '../../src/platform/audit/prove-event';
import { SealAudit } from '../../src/platform/audit/seal-audit';
import { Database } from '../../src/platform/database/database';
import { runCommand } from '../support/command';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;

function use<T>(type: new (...needs: never[]) => T): T {
  return gateway.app.get<T>(type, { strict: false });
}

/** Ids of the events, in the order in which they were recorded. */
async function record(...subjects: readonly string[]): Promise<readonly bigint[]> {
  await use(Database).transaction((tx) =>
    use(AuditTrail).record(
      tx,
      ...subjects.map((subject) => ({
        actor: 'amina',
        action: 'test.done',
        subject,
        detail: { n: 1.5 },
      })),
    ),
  );
  return idsOf(...subjects);
}

async function idsOf(...subjects: readonly string[]): Promise<readonly bigint[]> {
  const { rows } = await gateway.db.query<{ id: string }>(
    `select id from audit_event where subject = any ($1) order by id`,
    [subjects],
  );
  return rows.map(({ id }) => BigInt(id));
}

async function sealed(id: bigint): Promise<EventProof> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    const proof = await use(ProveEvent)
      .execute(id)
      .catch((fault: unknown) => {
        if (!String(fault).includes('audit.event-unsealed')) throw fault;
      });
    if (proof !== undefined) return proof;
    await pause(50);
  }
  throw new Error(`event ${String(id)} is not sealed`);
}

const blockOf = (proof: EventProof) =>
  BigInt((JSON.parse(proof.block) as { sequence: string }).sequence);

const headFile = () => join(gateway.dataDir, 'audit-heads.log');

async function exported(sequence: bigint) {
  for (let waited = 0; waited < 10_000; waited += 50) {
    const heads = await readHeads(headFile()).catch(() => []);
    if (heads.some((head) => head.sequence >= sequence)) return heads;
    await pause(50);
  }
  throw new Error(`head ${String(sequence)} is not exported`);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
});

afterAll(async () => {
  await gateway.stop();
});

it('an event is proven from a file, and not when a letter of it is another', async () => {
  const [, second = 0n] = await record('one', 'two "quoted" \u0007 ü', 'three');
  const proof = await sealed(second);
  expect(JSON.parse(proof.event)).toMatchObject({
    action: 'test.done',
    actor: 'amina',
    detail: '{"n": 1.5}',
    id: String(second),
    subject: 'two "quoted" \u0007 ü',
  });
  const heads = await exported(blockOf(proof));
  expect(faultOfProof(readProof(JSON.stringify(proof)), heads)).toBeUndefined();
  expect(faultOfProof({ ...proof, event: proof.event.replace('amina', 'asha') })).toContain('root');
  const renamed = proof.block.replace('"count":', '"count":1');
  expect(faultOfProof({ ...proof, block: renamed })).toContain('signature');
  const strange = heads.map((head) => ({ ...head, publicKey: Buffer.of(1) }));
  expect(faultOfProof(proof, strange)).toContain('key');
  const others = heads.map((head) => ({ ...head, hash: Buffer.alloc(32) }));
  expect(faultOfProof(proof, others)).toContain('another block');
  for (const text of ['{', '[]', JSON.stringify({ ...proof, block: '7' })])
    expect(() => readProof(text)).toThrow('audit.proof-malformed');
});

it('the commands check a proof without a database', async () => {
  const [id = 0n] = await idsOf('one');
  const path = join(gateway.dataDir, 'proof.json');
  const proof = await sealed(id);
  await exported(blockOf(proof));
  writeFileSync(path, JSON.stringify(proof));
  const check = () =>
    runCommand(
      registerAssuranceCommands,
      'audit',
      'check-proof',
      '--file',
      path,
      '--head',
      headFile(),
    );
  expect(await check()).toContain('The proof holds');
  writeFileSync(path, JSON.stringify({ ...proof, event: '{}' }));
  expect(await check()).toContain('does NOT hold');
  expect(process.exitCode).toBe(3);
  process.exitCode = undefined;
});

it('refuses an event that is none or is not sealed yet', async () => {
  await expect(use(ProveEvent).execute(999_999_999n)).rejects.toThrow('audit.event-unknown');
});

it('a transaction that commits late is neither lost nor before what was sealed', async () => {
  const other = new Client({ connectionString: gateway.databaseUrl });
  await other.connect();
  await other.query('begin');
  await other.query(`insert into audit_event (actor, action, subject) values ('x', 'x', 'late')`);
  const [early = 0n] = await record('while it runs');
  // What began before it is sealed; what came after its begin waits, so that the order stands.
  await use(SealAudit).execute();
  await expect(use(ProveEvent).execute(early)).rejects.toThrow('audit.event-unsealed');
  await other.query('commit');
  await other.end();
  const [late = 0n] = await idsOf('late');
  const proofs = [await sealed(late), await sealed(early)];
  expect(proofs.map((proof) => faultOfProof(proof))).toEqual([undefined, undefined]);
  const { rows } = await gateway.db.query<{ events: number; sealed: number }>(
    `select count(*)::integer as events, (select sum(event_count)::integer from audit_block) as sealed from audit_event`,
  );
  expect(rows[0]?.sealed).toBe(rows[0]?.events);
});

it('many at once, some of which come to nothing, are each sealed once', async () => {
  const work = Array.from({ length: 40 }, (_each, i) =>
    use(Database)
      .transaction(async (tx) => {
        await use(AuditTrail).record(tx, { actor: 'x', action: 'x', subject: `many-${String(i)}` });
        if (i % 4 === 0) throw new Error('undone');
      })
      .catch(() => undefined),
  );
  await Promise.all([...work, use(SealAudit).execute(), use(SealAudit).execute()]);
  const ids = await idsOf(...Array.from({ length: 40 }, (_each, i) => `many-${String(i)}`));
  expect(ids).toHaveLength(30);
  for (const id of ids) expect(faultOfProof(await sealed(id))).toBeUndefined();
  const outcome = await use(VerifyBooks).execute({ isFull: true });
  expect(outcome.findings.filter(({ count }) => count > 0)).toEqual([]);
});

it('a sealer that is cut off leaves no block, and the next one makes it', async () => {
  const blocks = await gateway.count('audit_block');
  const cut = use(Database).guarded(
    () => Promise.reject(new Error('cut off')),
    () => use(SealAudit).execute(),
  );
  const recording = record('cut');
  await Promise.allSettled([cut, recording]);
  await gateway.crash();
  const [id = 0n] = await idsOf('cut');
  expect(faultOfProof(await sealed(id))).toBeUndefined();
  expect(await gateway.count('audit_block')).toBeGreaterThan(blocks);
  const { rows } = await gateway.db.query(`select sum(event_count) = max(n) as whole
    from audit_block, (select count(*) as n from audit_event e
      where (e.place, e.id) <= (select last_place, last_id from audit_block order by sequence desc limit 1)) c`);
  expect(rows).toEqual([{ whole: true }]);
});

it('heads that were exported say whether it is still the same chain', async () => {
  const [id = 0n] = await record('last');
  const heads = await exported(blockOf(await sealed(id)));
  const verify = async (given: typeof heads) =>
    (await use(VerifyBooks).execute({ isFull: false, heads: given })).headFaults;
  expect(await verify(heads)).toEqual([]);
  expect(await verify(heads.slice(0, 1))).toEqual([]);
  const [head] = heads.slice(-1);
  if (head === undefined) throw new Error('a head is exported');
  expect(await verify([{ ...head, hash: Buffer.alloc(32) }])).toEqual([
    `block ${String(head.sequence)} is not the one that was exported`,
  ]);
  expect(await verify([head, { ...head, sequence: head.sequence + 1_000n }])).toEqual([
    `block ${String(head.sequence + 1_000n)}, once exported, is gone`,
  ]);
  expect(await verify([{ ...head, publicKey: Buffer.of(1) }])).toContain(
    'block 1 is signed with a key that no head names',
  );
});

it('a file of heads grows by what it does not have, also after a restart', async () => {
  const before = readFileSync(headFile(), 'utf8');
  await use(SealAudit).execute();
  const { rows } = await gateway.db.query<{ sequence: string }>(
    `select max(sequence) as sequence from audit_block`,
  );
  await exported(BigInt(rows[0]?.sequence ?? 0));
  const again = new AuditHeads(headFile());
  const lines = readFileSync(headFile(), 'utf8');
  expect(lines.startsWith(before)).toBe(true);
  const [head] = (await readHeads(headFile())).slice(-1);
  await again.export({ ...(head as object), sequence: head?.sequence } as never);
  expect(readFileSync(headFile(), 'utf8')).toBe(lines);
  writeFileSync(join(gateway.dataDir, 'bad.log'), `${lines}{"sequence":7}\n`);
  await expect(readHeads(join(gateway.dataDir, 'bad.log'))).rejects.toThrow(
    'audit.head-file-unreadable',
  );
  await expect(readHeads('/nowhere')).rejects.toThrow('audit.head-file-unreadable');
});
