/** An institution's reports over /v1: its own money as JSON and CSV, and nothing of anybody else. */
import { parse } from 'csv-parse/sync';
import { TestGateway } from '../support/gateway';
import { playStage, type Stage } from './stage';
import { ask } from './support';

let gateway: TestGateway;
let keys: Stage['keys'];

beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ keys } = await playStage(gateway));
}, 120_000);
afterAll(() => gateway.stop({ unsigned: true }));

interface Body {
  readonly columns: readonly { readonly key: string; readonly heading: string }[];
  readonly rows: readonly (readonly string[])[];
  readonly isComplete: boolean;
}

const read = (path: string, key = keys.sp) =>
  ask(gateway.url, `/v1/reports/${path}`, { method: 'GET', key });

it.each(['collections', 'statement', 'settlement', 'receipts', 'deliveries'])(
  '%s says the same as JSON and as CSV',
  async (name) => {
    const json = await read(name);
    expect(json.status).toBe(200);
    const { columns, rows, isComplete } = json.json as Body;
    const csv = await read(`${name}/rows.csv`);
    expect(csv.status).toBe(200);
    const lines: string[][] = parse(csv.text.replace(/^\ufeff/, ''));
    expect(lines).toEqual([columns.map(({ heading }) => heading), ...rows]);
    expect({ isComplete, isEmpty: rows.length === 0 }).toEqual({
      isComplete: true,
      isEmpty: false,
    });
  },
);

it('has headings in Kiswahili', async () => {
  const { json } = await read('collections?language=sw&by=gfs&period=month');
  expect((json as Body).columns[0]?.heading).toBe('Kipindi');
});

it('shows another institution nothing', async () => {
  const { json } = await read('receipts', keys.otherSp);
  expect((json as Body).rows).toEqual([]);
});

it.each([
  ['trial-balance', 400, 'request.invalid'],
  ['collections?sp=SP70202', 400, 'request.invalid'],
  ['receipts?by=gfs', 400, 'report.parameter-refused'],
  ['receipts/rows.csv?by=gfs', 400, 'report.parameter-refused'],
  ['receipts?from=2026-01-01', 422, 'report.period-too-long'],
  ['receipts/rows.csv?psp=PSP999', 404, 'report.party-unknown'],
])('%s is %i %s', async (path, status, code) => {
  const reply = await read(path);
  expect([reply.status, (reply.json as { code?: string }).code]).toEqual([status, code]);
});
