/**
 * Writes a workbook in a thread of its own: the text of a large sheet takes seconds, in which nothing else would be
 * answered. What comes in and goes out is described in `sheet-writer.ts`.
 */
import { parentPort } from 'node:worker_threads';
import writeXlsxFile from 'write-excel-file/node';

const sheets = [];

function cellOf(sent, style) {
  if (sent === null) return null;
  if (typeof sent === 'string') return { type: String, value: sent, ...style };
  const [value, look] = sent;
  if (typeof value === 'string') return { type: String, value, align: look, ...style };
  return { type: value instanceof Date ? Date : Number, value, format: look, ...style };
}

parentPort.on('message', async ({ kind, sheet, rows, isBold }) => {
  if (kind === 'sheet') {
    sheets.push({ ...sheet, data: [] });
    return;
  }
  if (kind === 'rows') {
    const style = isBold ? { fontWeight: 'bold' } : {};
    sheets.at(-1).data.push(...rows.map((row) => row.map((sent) => cellOf(sent, style))));
    return;
  }
  const bytes = new Uint8Array(await writeXlsxFile(sheets).toBuffer());
  parentPort.postMessage(bytes, [bytes.buffer]);
});
