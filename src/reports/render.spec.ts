/** What does not fit a spreadsheet or a document is refused with the form that has no limit; large amounts stay exact. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { strFromU8, unzipSync } from 'fflate';
import { instantFromIso } from '../kernel/clock';
import { renderCsv } from './render-csv';
import { renderPdf } from './render-pdf';
import { renderXlsx } from './render-xlsx';
import type { Report, Row } from './report';
import { Tally } from './tally';

function reportOf(count: number, rowOf: (i: number) => Row): Report {
  const head = {
    name: 'test',
    language: 'en',
    title: 'Test',
    parameters: [],
    columns: [
      { key: 'text', heading: 'Text', kind: 'text', isTotalled: false },
      { key: 'currency', heading: 'Currency', kind: 'text', isTotalled: false },
      { key: 'amount', heading: 'Amount', kind: 'money', isTotalled: true },
    ],
    askedBy: 'amina',
    madeAt: instantFromIso('2026-11-24T08:00:00Z'),
  } as const;
  const tally = new Tally(head);
  const rows = async function* (): AsyncGenerator<Row> {
    for (let i = 0; i < count; i++) {
      const row = rowOf(i);
      tally.add(row);
      yield await Promise.resolve(row);
    }
  };
  return { ...head, rows: rows(), summary: () => tally.end() };
}

it('a spreadsheet takes so many rows and says where more go', async () => {
  await expect(
    renderXlsx(
      reportOf(21, () => ['x', 'TZS', 1n]),
      20,
    ),
  ).rejects.toMatchObject({
    code: 'report.too-large',
    detail: expect.stringContaining('CSV'),
  });
});

it('a spreadsheet of the most rows is made', async () => {
  const bytes = await renderXlsx(
    reportOf(20, () => ['x', 'TZS', 1n]),
    20,
  );
  expect(strFromU8(unzipSync(bytes)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())).toContain(
    '<row r="22"',
  );
});

it('requests are answered while a spreadsheet of 100,000 rows is written', async () => {
  const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const order: string[] = [];
  const count = 100_000;
  let answers: Promise<void> | undefined;
  const ask = async () => {
    for (let i = 0; i < 3; i++) {
      await (await fetch(address)).text();
      order.push('answered');
    }
  };
  const report = reportOf(count, (i) => {
    // With the last row everything is read: what remains is the writing.
    if (i === count - 1) answers = ask();
    return [`row ${String(i)}`, 'TZS', BigInt(i)];
  });
  try {
    const bytes = await renderXlsx(report);
    order.push('written');
    await answers;
    expect(order).toEqual(['answered', 'answered', 'answered', 'written']);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

it('others have their turn all the while that a document is written', async () => {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    if (isOver) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  const report = reportOf(2_000, (i) => [`row ${String(i)}`, 'TZS', BigInt(i)]);
  await renderPdf(report, new PassThrough().resume());
  isOver = true;
  // Every twentieth of the first three hundred rows, and every fifth page of more than forty.
  expect(turns).toBeGreaterThan(300 / 20 + 40 / 5);
});

it('a document takes so many pages and says where more go', async () => {
  const long = 'neno '.repeat(80);
  const report = reportOf(400, () => [long, long, 1n]);
  await expect(renderPdf(report, new PassThrough(), 3)).rejects.toMatchObject({
    code: 'report.too-large',
    detail: expect.stringContaining('CSV'),
  });
});

it('an amount of more digits than a spreadsheet keeps stays exact, as a text', async () => {
  const exact = 99_999_999_999_999n;
  const large = 123_456_789_012_345_678n;
  const amounts = [exact, large, -large];
  const bytes = await renderXlsx(reportOf(3, (i) => ['=1', 'TZS', amounts[i] ?? 0n]));
  const files = unzipSync(bytes);
  expect(strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array())).toContain(
    '<v>999999999999.99</v>',
  );
  const texts = strFromU8(files['xl/sharedStrings.xml'] ?? new Uint8Array());
  expect(texts).toContain('>1234567890123456.78<');
  expect(texts).toContain('>-1234567890123456.78<');
});

it('negative amounts are numbers in a CSV, and texts that look like formulas are not', async () => {
  const parts: string[] = [];
  for await (const part of renderCsv(reportOf(1, () => ['-1+1', 'TZS', -150n]))) parts.push(part);
  expect(parts.join('')).toBe("\ufeffText,Currency,Amount\r\n'-1+1,TZS,-1.50\r\n");
});
