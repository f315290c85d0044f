/**
 * A small day of two institutions, three PSPs and two currencies, with surplus and suspense; and its reports on the
 * screen, as CSV, as a spreadsheet and as a document, which say the same to the last cent, and what the ledger says.
 */
import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { ExportReport, type Format } from '../../src/reports/export-report';
import { plainCell, writtenCell } from '../../src/reports/cell-text.rules';
import type { Row } from '../../src/reports/report';
import { type ReportName, reportNames } from '../../src/reports/report-catalogue';
import type { RawParameters } from '../../src/reports/report-parameters.rules';
import { type ReportPage, type ReportRequest, RunReport } from '../../src/reports/run-report';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { hasPdfReader, readPdf } from '../support/pdf';

const now = '2026-11-24T10:00:00';
const formulaName = '=HYPERLINK("http://x.example","Neema")';

let gateway: TestGateway;
const parties = new Map<string, SandboxParty>();
const partyIds = new Map<string, number>();

const party = (code: string): SandboxParty => {
  const found = parties.get(code);
  if (found === undefined) throw new Error(`${code} is not of this day`);
  return found;
};

async function bill(
  sp: string,
  billId: string,
  gfs: readonly (readonly [string, string])[],
  more: { option?: '1' | '2' | '3'; currency?: string; payerName?: string } = {},
): Promise<string> {
  const total = gfs.reduce((sum, [, amount]) => sum + Number(amount), 0).toFixed(2);
  const [subSpCode, systemId] = sp === 'SP70101' ? ['1001', 'THOSP001'] : ['1001', 'TMAJI001'];
  await submitBills(party(sp), gateway.url, [
    {
      billId,
      amount: total,
      generatedAt: now,
      subSpCode,
      systemId,
      items: gfs.map(([gfsCode, amount]) => ({ gfsCode, amount })),
      ...more,
    },
  ]);
  const answer = await party(sp).waitFor(
    'gepgBillSubResp',
    (root) => textOf(root, 'BillId') === billId,
  );
  return textOf(answer.root, 'PayCntrNum');
}

async function payIt(
  psp: string,
  controlNumber: string,
  amount: string,
  more: { currency?: string; channel?: string; payerName?: string } = {},
): Promise<void> {
  payments += 1;
  const answer = await pay(party(psp), gateway.url, {
    transactionId: `T-${String(payments)}`,
    controlNumber,
    amount,
    paidAt: now,
    resultUrl: 'http://127.0.0.1:1/',
    ...more,
  });
  expect(answer.code).toBe('7101');
}
let payments = 0;

const request = (
  name: ReportName,
  parameters: RawParameters = {},
  more: Partial<ReportRequest> = {},
): ReportRequest => ({
  name,
  parameters,
  scope: 'everybody',
  askedBy: 'amina',
  language: 'en',
  ...more,
});

const screen = (asked: ReportRequest, limit = 1_000): Promise<ReportPage> =>
  gateway.app.get(RunReport, { strict: false }).page(asked, limit);

async function file(asked: ReportRequest, format: Format): Promise<Buffer> {
  const parts: Buffer[] = [];
  const out = new Writable({
    write(part: Buffer, _encoding, done) {
      parts.push(Buffer.from(part));
      done();
    },
  });
  await gateway.app.get(ExportReport, { strict: false }).execute(asked, format, out);
  return Buffer.concat(parts);
}

const asTexts = ({ columns }: ReportPage, rows: readonly Row[]): string[][] =>
  rows.map((row) => columns.map(({ kind }, i) => plainCell(row[i] ?? null, kind)));

/** Cells of the first sheet as they are stored: numbers as their digits, texts from the shared ones. */
function readSheet(bytes: Buffer): { cells: string[][]; sheet: string } {
  const files = unzipSync(bytes);
  const read = (name: string) => strFromU8(files[name] ?? new Uint8Array());
  const unescape = (text: string) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  const shared = [
    ...read('xl/sharedStrings.xml').matchAll(/<si>.*?<t[^>]*>(.*?)<\/t><\/si>/gs),
  ].map((found) => unescape(found[1] ?? ''));
  const sheet = read('xl/worksheets/sheet1.xml');
  const cells = [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map((row) => {
    const found: string[] = [];
    for (const [, letter = '', kind = '', body = ''] of (row[1] ?? '').matchAll(
      /<c r="([A-Z])\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs,
    )) {
      const value = /<v>(.*?)<\/v>/.exec(body)?.[1] ?? '';
      found[letter.charCodeAt(0) - 65] = kind.includes('t="s"')
        ? (shared[Number(value)] ?? '')
        : value;
    }
    return found;
  });
  return { cells, sheet };
}

/** A stored cell against what the screen shows, each by the kind of its column. */
function sheetText(page: ReportPage, row: readonly string[]): string[] {
  return page.columns.map(({ kind }, i) => {
    const text = row[i] ?? '';
    if (text === '') return '';
    switch (kind) {
      case 'money':
        return Number(text).toFixed(2);
      case 'percent':
        return (Number(text) * 100).toFixed(2);
      case 'day':
        return new Date(Math.round((Number(text) - 25_569) * 86_400_000))
          .toISOString()
          .slice(0, 10);
      case 'instant':
        return `${new Date(Math.round((Number(text) - 25_569) * 86_400) * 1_000).toISOString().slice(0, 19)}+03:00`;
      default:
        return text;
    }
  });
}

const squeezed = (text: string): string => text.replace(/\s+/g, '');

async function ledger(kinds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await gateway.db.query<{ name: string; amount: string }>(
    `select a.name || ' ' || a.currency as name, to_char(sum(credit_minor - debit_minor) / 100.0, 'FM999999990.00') as amount
       from posting p join ledger_account a on a.id = p.account_id where a.kind = any ($1) group by a.id`,
    [kinds],
  );
  return new Map(rows.map((row) => [row.name, row.amount]));
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  for (const code of ['SP70101', 'SP70202', 'PSP701', 'PSP702'])
    parties.set(code, await gateway.party(code));
  parties.set('PSP703', await gateway.party('PSP703', { policy: 'irrevocable' }));
  const { rows } = await gateway.db.query<{ code: string; id: number }>(
    `select code, id from party`,
  );
  for (const { code, id } of rows) partyIds.set(code, id);
  const sp2 = await gateway.db.query<{ gfs: string }>(
    `select gfs_codes[1] as gfs from service_provider where party_id = $1`,
    [partyIds.get('SP70202')],
  );
  const landGfs = sp2.rows[0]?.gfs ?? '';
  const one = await bill('SP70101', 'B-1', [
    ['142202', '30000.10'],
    ['142203', '20000.20'],
  ]);
  const two = await bill('SP70101', 'B-2', [['142202', '1000.00']], {
    payerName: formulaName,
    option: '1',
  });
  const three = await bill('SP70202', 'B-3', [[landGfs, '75000.55']]);
  const four = await bill('SP70101', 'B-4', [['142202', '12.34']], { currency: 'USD' });
  await payIt('PSP701', one, '50000.30', { channel: 'IB' });
  await payIt('PSP702', two, '1500.00', { payerName: formulaName });
  await payIt('PSP703', three, '75000.55');
  await payIt('PSP701', four, '12.34', { currency: 'USD', channel: 'BRANCH' });
  // Paid again at an irrevocable PSP: the money is there, its bill is not.
  await payIt('PSP703', three, '75000.55');
  await gateway.settled();
}, 60_000);

afterAll(async () => {
  await gateway.stop();
});

describe('the reports of a day', () => {
  it.each(reportNames)('%s says the same on the screen and in every file', async (name) => {
    const asked = request(
      name,
      ['statement', 'settlement'].includes(name) ? { sp: 'SP70101' } : {},
    );
    const page = await screen(asked);
    const texts = asTexts(page, page.rows);
    const summary = page.summary;
    if (summary === undefined) throw new Error('the page is cut');
    if (!['reconciliation', 'discrepancies'].includes(name))
      expect(page.rows.length).toBeGreaterThan(0);

    const csv = (await file(asked, 'csv')).toString('utf8');
    const lines: string[][] = parse(csv, { bom: true });
    expect(lines[0]).toEqual(page.columns.map(({ heading }) => heading));
    expect(lines.slice(1).map((line) => line.map((text) => text.replace(/^'=/, '=')))).toEqual(
      texts,
    );

    const { cells, sheet } = readSheet(await file(asked, 'xlsx'));
    expect(sheet).toContain('state="frozen"');
    expect(sheet).not.toContain('<f>');
    const [, ...rows] = cells;
    expect(rows.slice(0, texts.length).map((row) => sheetText(page, row))).toEqual(texts);
    expect(rows).toHaveLength(texts.length + summary.totals.length);

    const document = await file(asked, 'pdf');
    expect(document.subarray(0, 5).toString()).toBe('%PDF-');
    const pdf = hasPdfReader ? squeezed(readPdf(document)) : undefined;
    if (pdf !== undefined) {
      expect(pdf).toContain(squeezed(page.title));
      expect(pdf).toContain('Madeforamina');
      expect(pdf).toContain(summary.digest);
      expect(pdf).toContain('Page1of1');
    }
    const amounts = (row: Row) =>
      squeezed(
        page.columns
          .map(({ kind }, i) => (kind === 'money' ? writtenCell(row[i] ?? null, kind) : ''))
          .join(''),
      );
    if (pdf !== undefined && page.columns.some(({ kind }) => kind === 'money'))
      for (const row of [...page.rows, ...summary.totals.map((total) => total.cells)])
        expect(pdf).toContain(amounts(row));

    const json = JSON.parse((await file(asked, 'json')).toString()) as {
      rows: Record<string, string | null>[];
      digest: string;
    };
    expect(json.rows.map((row) => page.columns.map(({ key }) => row[key] ?? ''))).toEqual(texts);
    expect(json.digest).toBe(summary.digest);
  });

  it('by GFS code are the ledger by GFS code', async () => {
    const page = await screen(request('collections', { by: 'gfs' }));
    const found = new Map<string, bigint>();
    const key = page.columns.findIndex((column) => column.key === 'key');
    const currency = page.columns.findIndex((column) => column.key === 'currency');
    const net = page.columns.findIndex((column) => column.key === 'net');
    for (const row of page.rows)
      found.set(`${String(row[key])} ${String(row[currency])}`, row[net] as bigint);
    const books = new Map<string, bigint>();
    for (const [name, amount] of await ledger(['sp-payable', 'sp-surplus', 'suspense'])) {
      const [account = '', money = ''] = name.split(' ');
      const [kind = '', , gfs = ''] = account.split(':');
      const code = kind === 'sp-payable' ? gfs : kind.replace('sp-', '');
      const at = `${code} ${money}`;
      books.set(at, (books.get(at) ?? 0n) + BigInt(amount.replace('.', '')));
    }
    expect(found).toEqual(books);
  });

  it.each(['sp', 'gfs', 'psp', 'channel', 'currency'])(
    'by %s and by any period add up to the same',
    async (by) => {
      for (const period of ['whole', 'day', 'month', 'fiscal-year']) {
        const page = await screen(request('collections', { by, period, span: '2026/2027' }));
        const net = page.columns.findIndex((column) => column.key === 'net');
        expect(
          page.summary?.totals.map(({ currency, cells }) => [
            currency,
            plainCell(cells[net] ?? null, 'money'),
          ]),
        ).toEqual([
          ['TZS', '201501.40'],
          ['USD', '12.34'],
        ]);
        if (period === 'fiscal-year') expect(page.rows[0]?.[0]).toBe('2026/2027');
        if (period === 'month') expect(page.rows[0]?.[0]).toBe('2026-11');
      }
    },
  );

  it('knows each PSP, each channel, and money whose owner is not known', async () => {
    const texts = async (parameters: RawParameters) => {
      const page = await screen(request('collections', parameters));
      const keys = ['key', 'currency', 'net'];
      const places = keys.map((key) => page.columns.findIndex((column) => column.key === key));
      return asTexts(page, page.rows).map((row) => places.map((place) => row[place]).join(' '));
    };
    expect(await texts({ by: 'psp' })).toEqual([
      'PSP701 TZS 50000.30',
      'PSP701 USD 12.34',
      'PSP702 TZS 1500.00',
      'PSP703 TZS 150001.10',
    ]);
    expect(await texts({ by: 'sp' })).toEqual([
      'SP70101 TZS 51500.30',
      'SP70101 USD 12.34',
      'SP70202 TZS 75000.55',
      'suspense TZS 75000.55',
    ]);
    expect(await texts({ by: 'channel', channel: 'BRANCH' })).toEqual(['BRANCH USD 12.34']);
    expect(await texts({ by: 'gfs', psp: 'PSP702' })).toEqual([
      '142202 TZS 1000.00',
      'surplus TZS 500.00',
    ]);
  });

  it('what is in transit is what the ledger holds with the PSPs, and the trial balance balances', async () => {
    const transit = await screen(request('in-transit'));
    const place = transit.columns.findIndex((column) => column.key === 'inTransit');
    const held = [...(await ledger(['psp-receivable']))];
    const sum = (currency: string) =>
      held
        .filter(([name]) => name.endsWith(` ${currency}`))
        .reduce((all, [, amount]) => all - BigInt(amount.replace('.', '')), 0n);
    expect(transit.summary?.totals.map(({ currency, cells }) => [currency, cells[place]])).toEqual([
      ['TZS', sum('TZS')],
      ['USD', sum('USD')],
    ]);
    const balance = await screen(request('trial-balance'));
    for (const { cells } of balance.summary?.totals ?? []) {
      const [, , opening, debit, credit, closing] = cells;
      expect({ opening, closing, difference: (debit ?? 0n) - (credit ?? 0n) }).toEqual({
        opening: 0n,
        closing: 0n,
        difference: 0n,
      });
    }
  });

  it('never lets a name run as a formula', async () => {
    const csv = (await file(request('receipts', { sp: 'SP70101' }), 'csv')).toString();
    expect(csv).toContain(`"'=HYPERLINK(""http`);
    const { cells } = readSheet(await file(request('receipts', { sp: 'SP70101' }), 'xlsx'));
    expect(cells.flat()).toContain(formulaName);
  });

  it('are in Kiswahili too, with the same digest', async () => {
    const [english, kiswahili] = await Promise.all([
      screen(request('trial-balance')),
      screen(request('trial-balance', {}, { language: 'sw' })),
    ]);
    expect(kiswahili.title).toBe('Urari wa hesabu');
    expect(kiswahili.summary?.digest).toBe(english.summary?.digest);
  });

  it('write down who took them', async () => {
    const { rows } = await gateway.db.query<{ actor: string; detail: { rowCount: number } }>(
      `select actor, detail from audit_event where action = 'report.exported' and subject = 'receipts' limit 1`,
    );
    expect(rows).toEqual([{ actor: 'amina', detail: expect.objectContaining({ format: 'csv' }) }]);
  });
});

describe('an institution', () => {
  const own = (name: ReportName, parameters: RawParameters = {}) =>
    screen(request(name, parameters, { scope: { partyId: partyIds.get('SP70202') ?? 0 } }));

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
    await expect(screen(request('statement'))).rejects.toMatchObject({
      code: 'report.party-missing',
    });
  });

  it('shows the first rows and no sums of a part', async () => {
    const page = await screen(request('receipts'), 2);
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
    expect((await screen(request('receipts'))).rows).toHaveLength(5);
  });

  it('waits for no more than four others', async () => {
    const runs = gateway.app.get(RunReport, { strict: false });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const four = [1, 2, 3, 4].map(() => runs.execute(request('receipts'), () => held));
    await expect(screen(request('receipts'))).rejects.toMatchObject({ code: 'report.busy' });
    release();
    await Promise.all(four);
  });
});
