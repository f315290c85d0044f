/** Whose a report is: an institution has its own money in it and no other; and what a report does to those who wait. */
import type { ReportName } from '../../src/reports/report-catalogue';
import type { RawParameters } from '../../src/reports/report-parameters.rules';
import { RunReport } from '../../src/reports/run-report';
import type { TestGateway } from '../support/gateway';
import { asTexts, ReportDay, request } from '../support/report-day';

let day: ReportDay;
let gateway: TestGateway;

beforeAll(async () => {
  day = await ReportDay.start();
  ({ gateway } = day);
}, 60_000);

afterAll(async () => {
  await gateway.stop();
});

describe('an institution', () => {
  const own = (name: ReportName, parameters: RawParameters = {}) =>
    day.screen(request(name, parameters, { scope: { partyId: day.partyId('SP70202') } }));

  it('sees its own money and no other', async () => {
    for (const name of ['collections', 'statement', 'settlement', 'receipts'] as const) {
      const page = await own(name);
      const text = JSON.stringify(asTexts(page, page.rows));
      expect(page.rows).toHaveLength(1);
      expect(text).toContain('75000.55');
      expect(text).not.toContain('SP70101');
    }
    const deliveries = await own('deliveries');
    expect(new Set(deliveries.rows.map((row) => row[0]))).toEqual(new Set(['SP70202']));
  });

  it('gets of another the answer of one that does not exist', async () => {
    for (const sp of ['SP70101', 'SP99999'])
      await expect(own('collections', { sp })).rejects.toMatchObject({
        code: 'report.party-unknown',
        kind: 'not-found',
      });
  });

  it('gets no report of the gateway', async () => {
    for (const name of ['in-transit', 'reconciliation', 'discrepancies', 'trial-balance'] as const)
      await expect(own(name)).rejects.toMatchObject({ code: 'report.not-yours' });
  });
});

describe('a report', () => {
  it('of one institution must be told which', async () => {
    await expect(day.screen(request('statement'))).rejects.toMatchObject({
      code: 'report.party-missing',
    });
  });

  it('shows the first rows and no sums of a part', async () => {
    const page = await day.screen(request('receipts'), 2);
    expect(page.rows).toHaveLength(2);
    expect(page.summary).toBeUndefined();
  });

  it('stops its statement when who asked has gone, and others go on', async () => {
    const gone = new AbortController();
    const never = gateway.app.get(RunReport, { strict: false }).execute(
      request('receipts'),
      async (report) => {
        const waiting = gateway.db.query(`begin; lock table payment in access exclusive mode`);
        await waiting;
        const rows = report.rows[Symbol.asyncIterator]().next();
        for (;;) {
          const { rows: held } = await gateway.db.query(
            `select from pg_locks where not granted and relation = 'payment'::regclass`,
          );
          if (held.length > 0) break;
        }
        gone.abort();
        await rows;
        return 'through';
      },
      gone.signal,
    );
    await expect(never).rejects.toMatchObject({ message: expect.stringContaining('cancel') });
    await gateway.db.query('rollback');
    expect((await day.screen(request('receipts'))).rows).toHaveLength(5);
  });

  it('waits for no more than four others', async () => {
    const runs = gateway.app.get(RunReport, { strict: false });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const four = [1, 2, 3, 4].map(() => runs.execute(request('receipts'), () => held));
    await expect(day.screen(request('receipts'))).rejects.toMatchObject({ code: 'report.busy' });
    release();
    await Promise.all(four);
  });
});
