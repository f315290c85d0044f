/**
 * The reports of a small day on the screen, as CSV, as a spreadsheet and as a document, which say the same to the last
 * cent, and what the ledger says. (report-access.spec: whose they are, and how many at once.)
 */
import { parse } from 'csv-parse/sync';
import { plainCell, writtenCell } from '../../src/reports/cell-text.rules';
import type { Row } from '../../src/reports/report';
import { reportNames } from '../../src/reports/report-catalogue';
import type { RawParameters } from '../../src/reports/report-parameters.rules';
import type { TestGateway } from '../support/gateway';
import { hasPdfReader, readPdf } from '../support/pdf';
import { asTexts, formulaName, ReportDay, request } from '../support/report-day';
import { readSheet, sheetText } from '../support/sheet';

let day: ReportDay;
let gateway: TestGateway;

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
  day = await ReportDay.start();
  ({ gateway } = day);
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
    const page = await day.screen(asked);
    const texts = asTexts(page, page.rows);
    const summary = page.summary;
    if (summary === undefined) throw new Error('the page is cut');
    if (!['reconciliation', 'discrepancies'].includes(name))
      expect(page.rows.length).toBeGreaterThan(0);

    const csv = (await day.file(asked, 'csv')).toString('utf8');
    const lines: string[][] = parse(csv, { bom: true });
    expect(lines[0]).toEqual(page.columns.map(({ heading }) => heading));
    expect(lines.slice(1).map((line) => line.map((text) => text.replace(/^'=/, '=')))).toEqual(
      texts,
    );

    const { cells, sheet } = readSheet(await day.file(asked, 'xlsx'));
    expect(sheet).toContain('state="frozen"');
    expect(sheet).not.toContain('<f>');
    const [, ...rows] = cells;
    expect(rows.slice(0, texts.length).map((row) => sheetText(page, row))).toEqual(texts);
    expect(rows).toHaveLength(texts.length + summary.totals.length);

    const document = await day.file(asked, 'pdf');
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

    const json = JSON.parse((await day.file(asked, 'json')).toString()) as {
      rows: Record<string, string | null>[];
      digest: string;
    };
    expect(json.rows.map((row) => page.columns.map(({ key }) => row[key] ?? ''))).toEqual(texts);
    expect(json.digest).toBe(summary.digest);
  });

  it('by GFS code are the ledger by GFS code', async () => {
    const page = await day.screen(request('collections', { by: 'gfs' }));
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
        const page = await day.screen(request('collections', { by, period, span: '2026/2027' }));
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
      const page = await day.screen(request('collections', parameters));
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
    const transit = await day.screen(request('in-transit'));
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
    const balance = await day.screen(request('trial-balance'));
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
    const csv = (await day.file(request('receipts', { sp: 'SP70101' }), 'csv')).toString();
    expect(csv).toContain(`"'=HYPERLINK(""http`);
    const { cells } = readSheet(await day.file(request('receipts', { sp: 'SP70101' }), 'xlsx'));
    expect(cells.flat()).toContain(formulaName);
  });

  it('are in Kiswahili too, with the same digest', async () => {
    const [english, kiswahili] = await Promise.all([
      day.screen(request('trial-balance')),
      day.screen(request('trial-balance', {}, { language: 'sw' })),
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
