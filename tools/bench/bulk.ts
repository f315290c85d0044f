/**
 * Bulk figures: a file of bills uploaded over HTTP to a gateway of its own process, from the first byte until every row
 * has its number, and the most memory that the process held meanwhile; against a bare COPY of the same file into a plain
 * table of text columns in the same run. What the gateway adds to the COPY: the checks, a control number, a bill, its item
 * and the report for each row, all durable. Issue 5, item 9.
 */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { from as copyFrom } from 'pg-copy-streams';
import { request } from 'undici';
import { formatWireInstant } from '../../src/kernel/business-day';
import { instantFromMs } from '../../src/kernel/clock';
import { apiKeyFor } from './api-key';
import { freePort, ServerProcess } from './child';
import type { Tally } from './figures';
import type { Plan } from './intake/plan';
import { environmentFor } from './intake/setting';
import { describeMachine, peakResidentMb, residentMb } from './machine';
import { gfsCode, Ground } from './stage/ground';

const fullCount = 100_000;
const quickCount = 5_000;
const dayMs = 86_400_000;
const copyName = 'bare COPY of the same file';

interface Upload {
  readonly uploadId: string;
  readonly state: string;
  readonly issuedRows: number;
}

function fileOf(count: number): Buffer {
  const now = performance.timeOrigin + performance.now();
  const row = {
    currency: 'TZS',
    payment_option: 'exact',
    description: 'School fees, term 1',
    generated_at: formatWireInstant(instantFromMs(now)),
    expires_at: formatWireInstant(instantFromMs(now + 300 * dayMs)),
    payer_phone: '0712345678',
    gfs_code: gfsCode,
    sub_sp_code: '1001',
  };
  const rows = Array.from({ length: count }, (_, i) => ({
    bill_id: `BULK-${String(i)}`,
    amount: `${String(10_000 + (i % 5_000))}.00`,
    payer_id: `STD-${String(i)}`,
    payer_name: `Payer ${String(i)} of the school`,
    ...row,
  }));
  return Buffer.from(stringify(rows, { header: true }));
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

async function bareCopy(ground: Ground, database: string, file: Buffer): Promise<number> {
  return ground.on(database, async (db) => {
    const [head = ''] = file.toString('utf8', 0, 1_000).split('\n');
    await db.query(
      `create table bench_upload (${head
        .split(',')
        .map((name) => `${name} text`)
        .join()})`,
    );
    return secondsOf(() =>
      pipeline(
        Readable.from([file]),
        db.query(copyFrom(`copy bench_upload from stdin (format csv, header)`)),
      ),
    );
  });
}

async function answer(url: string, options: Parameters<typeof request>[1]): Promise<Upload> {
  const { statusCode, body } = await request(url, options);
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`${url} answered ${String(statusCode)}: ${text}`);
  return JSON.parse(text) as Upload;
}

async function round(tally: Tally, ground: Ground, file: Buffer, count: number): Promise<void> {
  const database = await ground.copy();
  let server: ServerProcess | undefined;
  try {
    tally.add(copyName, count / (await bareCopy(ground, database, file)), 'rows per second');
    const key = apiKeyFor(ground, database, 'bills:read,bills:write');
    server = await ServerProcess.start(
      'src/main.js',
      environmentFor(ground, database, 'all'),
      join(ground.folder, 'server.log'),
    );
    const atRestMB = residentMb(server.pid);
    const base = `http://127.0.0.1:${String(server.port)}/v1/bill-uploads`;
    const headers = { authorization: `Bearer ${key}` };
    let upload: Upload | undefined;
    const began = performance.now();
    const taking = await secondsOf(async () => {
      upload = await answer(`${base}?accept=good`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/csv', 'idempotency-key': 'bench' },
        body: file,
      });
    });
    const address = `${base}/${upload?.uploadId ?? ''}`;
    while (upload?.state !== 'done') {
      await pause(50);
      upload = await answer(address, { headers });
    }
    const seconds = (performance.now() - began) / 1_000;
    if (upload.issuedRows !== count)
      throw new Error(`${String(upload.issuedRows)} of ${String(count)} rows were issued`);
    const same = { sameRun: copyName } as const;
    tally.add('rows taken in and staged', count / taking, 'rows per second', same);
    tally.add('rows issued, upload included', count / seconds, 'rows per second', same);
    tally.add('peak memory of the process', peakResidentMb(server.pid), 'MB', {
      detail: { atRestMB, fileMB: Math.round(file.length / 1_048_576) },
    });
  } finally {
    await server?.stop();
    await ground.drop(database);
  }
}

export async function measureBulk(
  tally: Tally,
  plan: Plan,
  say: (line: string) => void,
  stopping: AbortSignal,
): Promise<Readonly<Record<string, number | string>>> {
  const ground = await Ground.open(await freePort());
  const close = (): void => void ground.close();
  stopping.addEventListener('abort', close);
  try {
    const count = plan.isQuick ? quickCount : fullCount;
    const machine = describeMachine(ground.folder, await ground.version());
    const file = fileOf(count);
    for (let i = 1; i <= plan.rounds; i++) {
      say(`round ${String(i)} of ${String(plan.rounds)}: ${String(count)} rows`);
      await round(tally, ground, file, count);
    }
    return machine;
  } finally {
    stopping.removeEventListener('abort', close);
    await ground.close();
  }
}
