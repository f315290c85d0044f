/** The run of a day starts by itself after the cut-off, once per PSP, whatever restarts and however many processes run. */
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { JobLoop } from '../../src/platform/jobs/job-loop';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunDueDays } from '../../src/reconciliation/run-due-days';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { pay } from '../../tools/sandbox/messages';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
const operators: SandboxParty[] = [];

/** Both operators take money on the day; its control number is nobody's, so it lies in suspense. */
async function payOn(day: string): Promise<void> {
  await gateway.setClock(`${day}T08:00:00Z`);
  for (const operator of operators) {
    const ack = await pay(operator, gateway.url, {
      transactionId: `T-${day}`,
      controlNumber: '997011234567',
      amount: '1000',
      paidAt: `${day}T10:00:00`,
      resultUrl: 'http://127.0.0.1:1/',
    });
    expect(ack.code).toBe('7101');
  }
}

/** `2026-11-20 x2`: per day, how many runs there were. */
async function runs(): Promise<string[]> {
  const { rows } = await gateway.db.query<{ said: string }>(
    `select business_day || ' x' || count(*) as said from reconciliation_run group by business_day order by 1`,
  );
  return rows.map((row) => row.said);
}

const runDue = () => gateway.app.get(RunDueDays, { strict: false }).execute();

beforeAll(async () => {
  gateway = await TestGateway.start();
  for (const code of ['PSP702', 'PSP703']) {
    operators.push(await gateway.party(code, { policy: 'irrevocable' }));
  }
  // In this order nothing is ever due before a test asks, should the first turn of the job be slow.
  for (const day of ['2026-11-17', '2026-11-16', '2026-11-24']) await payOn(day);
});

afterAll(async () => {
  await gateway.stop();
});

describe('a day is reconciled by itself', () => {
  it('not before the cut-off of the next day; missed days of the last week are caught up', async () => {
    await gateway.setClock('2026-11-24T21:29:00Z');
    await runDue();
    expect(await runs()).toEqual(['2026-11-17 x2']);
  });

  it('by whichever process runs the timed work, once the cut-off has passed', async () => {
    await gateway.setClock('2026-11-24T21:30:00Z');
    // The gateway holds the lease of the timed work, and its next look is a minute away: it gives way.
    await gateway.app.get(JobLoop, { strict: false }).onApplicationShutdown();
    const worker = await gateway.startWorker();
    try {
      while ((await gateway.count('reconciliation_run', `business_day = '2026-11-24'`)) < 2)
        await pause(20);
    } finally {
      await worker.close();
    }
    expect(await runs()).toEqual(['2026-11-17 x2', '2026-11-24 x2']);
  });

  it('once per PSP, also when several processes ask at the same moment and again later', async () => {
    await payOn('2026-11-25');
    // An officer's look at the unfinished day is provisional and does not count.
    await gateway.app
      .get(RunReconciliation, { strict: false })
      .execute(parseBusinessDay('2026-11-25'));
    await gateway.setClock('2026-11-26T08:00:00Z');
    await Promise.all([runDue(), runDue(), runDue()]);
    await runDue();
    expect(await runs()).toEqual(['2026-11-17 x2', '2026-11-24 x2', '2026-11-25 x4']);
  });

  it('once more for a statement that comes late', async () => {
    const outcome = await gateway.app.get(ImportStatement, { strict: false }).execute({
      pspCode: 'PSP702',
      day: parseBusinessDay('2026-11-24'),
      fileName: 'late.csv',
      open: () =>
        Readable.from([
          Buffer.from(
            'transaction_id,control_number,amount,currency,paid_at\n' +
              'T-2026-11-24,997011234567,1000,TZS,2026-11-24T10:00:00\n',
          ),
        ]),
      importedBy: 'test',
      isDryRun: false,
    });
    expect(outcome.kind).toBe('imported');
    await runDue();
    await runDue();
    expect(await runs()).toEqual(['2026-11-17 x2', '2026-11-24 x3', '2026-11-25 x4']);
    const { rows } = await gateway.db.query(
      `select is_provisional, match_count from reconciliation_run
        where is_latest and statement_id is not null`,
    );
    expect(rows).toEqual([{ is_provisional: false, match_count: 1 }]);
  });

  it('for every other PSP when the run of one fails, which is tried again', async () => {
    await payOn('2026-11-26');
    await gateway.setClock('2026-11-27T08:00:00Z');
    const refuse = `check (business_day <> '2026-11-26' or psp_id <> (${String(
      (await gateway.db.query<{ id: number }>(`select id from party where code = 'PSP702'`)).rows[0]
        ?.id,
    )}))`;
    await gateway.db.query(`alter table reconciliation_run add constraint broken ${refuse}`);
    await expect(runDue()).rejects.toThrow('runs of due days failed');
    expect(await gateway.count('reconciliation_run', `business_day = '2026-11-26'`)).toBe(1);

    await gateway.db.query(`alter table reconciliation_run drop constraint broken`);
    await runDue();
    expect(await gateway.count('reconciliation_run', `business_day = '2026-11-26'`)).toBe(2);
  });
});
