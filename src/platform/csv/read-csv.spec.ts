/** What comes as CSV from others is read as it is meant, however it is cut up on the way, or refused with its line. */
import fc from 'fast-check';
import { CsvFault, type CsvLine, openCsv, readCsv } from './read-csv';

const noFaults = (): [] => [];

async function read(source: Buffer | AsyncIterable<Buffer>): Promise<readonly CsvLine[]> {
  const { lines } = await openCsv(source);
  const all: CsvLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

const asha = { line: 2, cells: { id: 'A', name: 'Asha' } };

it.each<[string, string, readonly CsvLine[]]>([
  ['commas', 'id,name\nA,Asha\n', [asha]],
  [
    'semicolons, whose cells may hold commas',
    'id;name\nA;"Asha"\nB;x,y\n',
    [asha, { line: 3, cells: { id: 'B', name: 'x,y' } }],
  ],
  [
    'commas, whose cells may hold semicolons',
    'id,name\nA,x;y',
    [{ line: 2, cells: { id: 'A', name: 'x;y' } }],
  ],
  ['a byte order mark', '\ufeffID, Name \nA,Asha', [asha]],
  ['CRLF and empty lines', 'id,name\r\n\r\nA,Asha\r\n', [{ ...asha, line: 3 }]],
  [
    'a line break in a cell',
    'id,name\nA,"x\ny"\nB,z\n',
    [
      { line: 3, cells: { id: 'A', name: 'x\ny' } },
      { line: 4, cells: { id: 'B', name: 'z' } },
    ],
  ],
  ['a header alone', 'id,name\n', []],
  ['nothing', '', []],
])('reads %s', async (_what, text, wanted) => {
  expect(await read(Buffer.from(text))).toEqual(wanted);
});

it.each<[string, Buffer, number, RegExp]>([
  ['a cell too many', Buffer.from('id,name\nA,b\nA,b,c\n'), 3, /3 cells, where the header has 2/],
  ['a cell too few', Buffer.from('id,name\nA\n'), 2, /1 cells/],
  ['Latin-1', Buffer.from('id,name\nA,b\nB,J\u00fcrgen\n', 'latin1'), 3, /not UTF-8/],
  ['a NUL', Buffer.from('id,name\nA,\0\n'), 2, /not UTF-8/],
  ['a zip', Buffer.from('PK\x03\x04\x14\0\0'), 1, /^a zip or xlsx file; unpack it.*; wanted CSV$/],
  ['a gzip', Buffer.from([0x1f, 0x8b, 8, 0, 10, 0]), 1, /^a gzip file; unpack it first/],
  ['a PDF', Buffer.from('%PDF-1.7\nx\n'), 1, /^a PDF file; wanted CSV/],
  ['a page', Buffer.from('<!DOCTYPE html>\n<html>'), 1, /^an HTML page/],
  ['JSON', Buffer.from('{"id": 1}'), 1, /^JSON; wanted CSV/],
  ['XML', Buffer.from('<?xml version="1.0"?>\n<a/>\n'), 1, /^XML; wanted CSV/],
  ['UTF-16', Buffer.from('\ufeffid\nA\n', 'utf16le'), 1, /^UTF-16 text/],
  ['a column twice', Buffer.from('id,ID\nA,b\n'), 1, /"id" stands there twice/],
  ['a quote that opens in a cell', Buffer.from('id,name\nA,b"c\n'), 2, /not a CSV line/],
  [
    'a quote that never closes',
    Buffer.from(`id,name\nA,"${'x\n'.repeat(9_000)}`),
    2,
    /not a CSV line/,
  ],
  ['a line without an end', Buffer.alloc(100_000, 'x'), 1, /longer than/],
])('refuses %s with its line', async (_what, bytes, line, reason) => {
  const fault = await read(bytes).catch((thrown: unknown) => thrown);
  expect(fault).toBeInstanceOf(CsvFault);
  expect((fault as CsvFault).reason).toMatch(reason);
  expect((fault as CsvFault).line).toBeGreaterThanOrEqual(line);
  expect(await readCsv(bytes, noFaults)).toMatchObject({ lines: [], faults: [{ column: '' }] });
});

it('reads the same however the bytes are cut', async () => {
  const bytes = Buffer.from('id,name\nA,Asha Ünal\nB,"x, ""y"""\nC,𝒳\n');
  const whole = await read(bytes);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 6 }), async (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const parts = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
      async function* source(): AsyncGenerator<Buffer> {
        for (const part of parts) yield await Promise.resolve(part);
      }
      expect(await read(source())).toEqual(whole);
    }),
  );
});

it('leaves a file unread whose header is refused', async () => {
  const fault = { line: 1, column: 'id', reason: 'not known' };
  expect(await readCsv(Buffer.from('id\nA\n'), () => [fault])).toEqual({
    lines: [],
    faults: [fault],
  });
});

it('reads the form that it is told: lines above the header, a delimiter, Windows-1252', async () => {
  const text = 'Benki\n"24.11.2026\nid|name\nA|J\u00fcrgen, A\nB|x|y\n';
  const { header, lines } = await openCsv(Buffer.from(text, 'latin1'), {
    delimiter: '|',
    skipLines: 2,
    charset: 'windows-1252',
  });
  await expect(openCsv(Buffer.from('id\nA\0\n'), { charset: 'windows-1252' })).rejects.toThrow(
    'line 2: a NUL character',
  );
  expect(header).toEqual(['id', 'name']);
  const read: CsvLine[] = [];
  const reading = (async () => {
    for await (const line of lines) read.push(line);
  })();
  await expect(reading).rejects.toThrow('line 5: 3 cells, where the header has 2');
  expect(read).toEqual([{ line: 4, cells: { id: 'A', name: 'J\u00fcrgen, A' } }]);
  expect((await openCsv(Buffer.from('one line'), { skipLines: 2 })).header).toEqual([]);
});
