/** A spreadsheet as it is stored, read back for comparison with what the screen shows. */
import { strFromU8, unzipSync } from 'fflate';
import type { ReportPage } from '../../src/reports/run-report';

/** Cells of the first sheet as they are stored: numbers as their digits, texts from the shared ones. */
export function readSheet(bytes: Buffer): { cells: string[][]; sheet: string } {
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
export function sheetText(page: ReportPage, row: readonly string[]): string[] {
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
