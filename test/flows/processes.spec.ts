/**
 * The same day through one process and through four on one port: every answer is the same, and so are the books, down
 * to what is owed to whom. Random ids, receipt numbers and instants stay outside. The program itself runs, as built:
 * its processes start, share the port, replace one that dies, and end together.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { Pool } from 'undici';
import { writeElement } from '../../src/gepg/xml';
import { projectRoot } from '../../src/installation';
import {
  type EmbeddedServer,
  startEmbeddedDatabase,
} from '../../src/platform/database/embedded-database';
import { migrate } from '../../src/platform/database/migrate';
import { paymentTree, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { databaseUrl, type TestDatabase } from '../support/database';
import { TestGateway } from '../support/gateway';
import { payment4, unknownNumber } from '../protocol/hostile/attack';

jest.setTimeout(180_000);

const start = '2026-11-24T08:00:00Z';
const wireNow = '2026-11-24T11:00:00';
const controlNumberKey = createHash('sha256').update('processes').digest();

let folder: string;
let server: EmbeddedServer;

/** A server with durable settings: the program refuses the one of the other specs. */
beforeAll(async () => {
  execFileSync(process.execPath, ['tools/prepare.mjs'], { cwd: projectRoot });
  folder = mkdtempSync(join(tmpdir(), 'malipo-processes-'));
  server = await startEmbeddedDatabase({ dataDir: folder });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

let databases = 0;

async function createDatabase(): Promise<TestDatabase> {
  databases += 1;
  const name = `day_${String(databases)}`;
  const on = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await on(`create database ${name}`);
  const url = databaseUrl(server.url, name);
  await migrate(url);
  return { url, drop: () => on(`drop database if exists ${name} with (force)`) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as { port: number }).port);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The built program with so many processes for requests, on the database of a gateway that does the timed work. */
class Program {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly output: { text: string },
  ) {}

  static async start(gateway: TestGateway, processes: number): Promise<Program> {
    const port = await freePort();
    const child = spawn(process.execPath, [join(projectRoot, 'dist/src/main.js')], {
      cwd: projectRoot,
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        HOST: '127.0.0.1',
        DATABASE_URL: gateway.databaseUrl,
        CONTROL_NUMBER_KEY: controlNumberKey.toString('hex'),
        SANDBOX: 'true',
        ROLE: 'http',
        HTTP_PROCESSES: String(processes),
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
    const program = new Program(child, `http://127.0.0.1:${String(port)}`, output);
    await program.saw('is ready');
    return program;
  }

  async saw(text: string): Promise<void> {
    for (let tries = 0; tries < 1_200; tries++) {
      if (this.output.text.includes(text)) return;
      if (this.child.exitCode !== null) break;
      await pause(50);
    }
    throw new Error(`the program never said "${text}":\n${this.output.text}`);
  }

  /** Ids of the processes that it started. */
  get children(): readonly number[] {
    const path = `/proc/${String(this.child.pid)}/task/${String(this.child.pid)}/children`;
    return readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  }

  /** Exit status after SIGTERM. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    return ended;
  }
}

interface Day {
  readonly answers: readonly string[];
  readonly books: Readonly<Record<string, readonly object[]>>;
}

const exactBills = 30;
const partialBills = 4;

/** Bills one after another, so that each gets the same number; everything else over 32 connections at once. */
async function play(
  gateway: TestGateway,
  url: string,
  parties: { readonly hospital: SandboxParty; readonly psps: readonly SandboxParty[] },
): Promise<Day> {
  const { hospital, psps } = parties;
  const numbers: string[] = [];
  for (let i = 0; i < exactBills + partialBills; i++) {
    const amount = `${String(1_000 + i)}.00`;
    const bill = {
      billId: `P-${String(i)}`,
      amount,
      option: i < exactBills ? ('3' as const) : ('2' as const),
      generatedAt: wireNow,
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount }],
    };
    expect((await submitBills(hospital, url, [bill])).code).toBe('7101');
    const answer = await hospital.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === bill.billId,
    );
    numbers.push(textOf(answer.root, 'PayCntrNum'));
  }

  const pool = new Pool(url, { connections: 32 });
  const post = async (party: SandboxParty, path: string, body: Buffer | string) => {
    const { statusCode, body: answer } = await pool.request({
      method: 'POST',
      path,
      headers: {
        'content-type': 'application/xml',
        'gepg-com': 'default.psp.in',
        'gepg-code': party.code,
      },
      body,
    });
    const text = await answer.text();
    return `${String(statusCode)} ${/<(?:TrxStsCode|BillStsCode)>([\d;]+)</.exec(text)?.[1] ?? ''}`;
  };
  const pay = (psp: SandboxParty, transactionId: string, controlNumber: string, amount: string) =>
    post(
      psp,
      '/api/payment/sigqrequest',
      psp.sign(
        writeElement(
          'gepgPmtPstReq',
          paymentTree(psp.code, {
            transactionId,
            controlNumber,
            amount,
            paidAt: wireNow,
            resultUrl: `${psp.url}/result`,
          }),
        ),
      ),
    );
  const ask = (psp: SandboxParty, controlNumber: string) =>
    post(
      psp,
      '/api/bill/transfer-query',
      psp.sign(writeElement('gepgBillQryReq', { BillReqId: 'Q-1', BillCtrNum: controlNumber })),
    );
  const pspOf = (i: number): SandboxParty => psps[i % psps.length] ?? hospital;
  const amountOf = (i: number): string => `${String(1_000 + i)}.00`;

  const first = await Promise.all([
    ...numbers
      .slice(0, exactBills)
      .map((number, i) => pay(pspOf(i), `T-${String(i)}`, number, amountOf(i))),
    // Ten instalments each, which any order fills alike.
    ...numbers
      .slice(exactBills)
      .flatMap((number, bill) =>
        Array.from({ length: 10 }, (_, i) =>
          pay(pspOf(i), `I-${String(bill)}-${String(i)}`, number, '10.00'),
        ),
      ),
    ...Array.from({ length: 10 }, (_, i) => pay(pspOf(i), `U-${String(i)}`, unknownNumber, '5.00')),
    ...psps.map((psp) =>
      post(psp, '/api/payment/sigqrequest', `<Gepg>${payment4({}, psp.code)}</Gepg>`),
    ),
  ]);
  const second = await Promise.all([
    ...numbers
      .slice(0, exactBills)
      .flatMap((number, i) => [
        pay(pspOf(i), `T-${String(i)}`, number, amountOf(i)),
        pay(pspOf(i), `T-${String(i)}`, number, amountOf(i)),
        pay(pspOf(i), `T-${String(i)}`, number, '1.00'),
        pay(pspOf(i + 1), `S-${String(i)}`, number, amountOf(i)),
        ask(pspOf(i), number),
      ]),
    ...Array.from({ length: 10 }, (_, i) => pay(pspOf(i), `U-${String(i)}`, unknownNumber, '5.00')),
  ]);
  await pool.close();
  await gateway.settled(30_000);

  const rows = async (sql: string): Promise<readonly object[]> =>
    (await gateway.db.query<object>(sql)).rows;
  const books = {
    gate: await rows(
      `select p.code, n.psp_transaction_id, n.control_number, n.amount_minor::text, n.currency, n.outcome,
              n.status_code, n.reason
         from payment_notification n join party p on p.id = n.psp_id order by 1, 2`,
    ),
    payments: await rows(
      `select p.code, y.psp_transaction_id, y.control_number, y.amount_minor::text, y.destination,
              y.business_day::text, b.sp_bill_id, a.principal_minor::text, a.surplus_minor::text
         from payment y join party p on p.id = y.psp_id
         join payment_allocation a on a.payment_id = y.id join bill b on b.id = a.bill_id order by 1, 2, 7`,
    ),
    bills: await rows(`select sp_bill_id, state, paid_minor::text from bill order by 1`),
    entries: await rows(
      `select e.source_kind, y.psp_transaction_id, p.code, c.name, t.debit_minor::text, t.credit_minor::text
         from ledger_entry e join posting t on t.entry_id = e.id
         join ledger_account c on c.id = t.account_id
         left join payment y on y.id::text = e.source_id left join party p on p.id = y.psp_id
        order by 2, 3, 4, 5, 6`,
    ),
    // Each once: a result is queued again for a repeat that comes more than ten seconds later.
    deliveries: await rows(
      `select distinct r.code, d.kind, d.state,
              coalesce(d.message ->> 'pspTransactionId', '') as transaction_id
         from delivery d join party r on r.id = d.recipient_id order by 1, 2, 3, 4`,
    ),
    messages: await rows(
      `select p.code, m.path, m.status_code, count(*)::integer as n
         from inbound_message m join party p on p.id = m.party_id group by 1, 2, 3 order by 1, 2, 3`,
    ),
  };
  return { answers: [...first, ...second], books };
}

async function day(processes: number): Promise<Day> {
  const gateway = await TestGateway.start({
    database: await createDatabase(),
    controlNumberKey,
  });
  let program: Program | undefined;
  try {
    await gateway.setClock(start);
    const parties = {
      hospital: await gateway.party('SP70101'),
      psps: [await gateway.party('PSP701'), await gateway.party('PSP702')],
    };
    program = await Program.start(gateway, processes);
    expect(program.children).toHaveLength(processes === 1 ? 0 : processes);
    const played = await play(gateway, program.url, parties);
    expect(await program.stop()).toBe(0);
    return played;
  } finally {
    await program?.stop();
    await gateway.stop();
  }
}

it('answers and books the same with one process and with four', async () => {
  const one = await day(1);
  // The day did what it is for: payments, refusals, repeats, altered repeats, second payments, enquiries, strangers.
  expect([...new Set(one.answers)].sort()).toEqual(
    ['200 7101', '200 7207', '200 7279', '200 7303', '200 7335'].sort(),
  );
  expect(one.books['payments']).toHaveLength(exactBills + 10 * partialBills);
  const four = await day(4);
  expect(four.answers).toEqual(one.answers);
  expect(four.books).toEqual(one.books);
});

it('replaces a process that dies, keeps one limit for all, and adds up their metrics', async () => {
  const gateway = await TestGateway.start({
    database: await createDatabase(),
    controlNumberKey,
  });
  let program: Program | undefined;
  try {
    await gateway.setClock(start);
    const limited = await gateway.party('PSP701', { profile: { requestsPerSecond: 1 } });
    program = await Program.start(gateway, 3);
    const { url, children } = program;
    const send = async (i: number): Promise<number> => {
      // A connection of its own each time, so that every process gets its share.
      const pool = new Pool(url, { connections: 1 });
      const body = limited.sign(
        writeElement(
          'gepgPmtPstReq',
          paymentTree('PSP701', {
            transactionId: `G-${String(i)}`,
            controlNumber: unknownNumber,
            amount: '5.00',
            paidAt: wireNow,
            resultUrl: `${limited.url}/result`,
          }),
        ),
      );
      const answer = await pool.request({
        method: 'POST',
        path: '/api/payment/sigqrequest',
        headers: { 'content-type': 'application/xml', 'gepg-code': 'PSP701' },
        body,
      });
      await answer.body.dump();
      await pool.close();
      return answer.statusCode;
    };
    // Twenty at once are allowed; three processes that knew nothing of each other would let sixty through.
    const started = performance.now();
    let taken = 0;
    for (let i = 0; i < 60; i++) {
      if ((await send(i)) === 200) taken += 1;
      await pause(50);
    }
    const allowed = 20 + (performance.now() - started) / 1_000;
    expect(taken).toBeGreaterThanOrEqual(20);
    expect(taken).toBeLessThanOrEqual(allowed + 6);

    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(
      `malipo_messages_total{path="/api/payment/sigqrequest",code="7335"} ${String(taken)}`,
    );

    const [victim = 0] = children;
    process.kill(victim, 'SIGKILL');
    await program.saw('process-died');
    for (let tries = 0; tries < 600 && program.children.length < 3; tries++) await pause(50);
    expect(program.children).toHaveLength(3);
    expect(program.children).not.toContain(victim);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const last = program.children;
    expect(await program.stop()).toBe(0);
    for (const pid of last) expect(() => process.kill(pid, 0)).toThrow();
  } finally {
    await program?.stop();
    await gateway.stop();
  }
});
