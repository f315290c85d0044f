/**
 * How the cells of a report are written. For programs: plain decimals, ISO days, instants in East Africa Time with the
 * zone. For people: thousands separated, days as they are written in Tanzania. No text cell is ever run as a formula by
 * a spreadsheet (security-reliability F8); negative numbers stay numbers.
 */
import { formatWireInstant } from '../kernel/business-day';
import { formatAmount } from '../kernel/money';

/** A `percent` is in hundredths of one per cent, so that it is exact too. */
export type ColumnKind = 'text' | 'money' | 'count' | 'percent' | 'day' | 'instant';

/** Text and day: string. Money, count and percent: bigint. Instant: Date. Null is an empty cell. */
export type Cell = string | bigint | Date | null;

/** What a spreadsheet takes for the beginning of a formula, in half and in full width, also behind blanks. */
const formula = /^[\s\u00a0\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

export function safeText(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** For files and programs. */
export function plainCell(cell: Cell, kind: ColumnKind): string {
  if (cell === null) return '';
  if (cell instanceof Date) return `${formatWireInstant(cell)}+03:00`;
  if (typeof cell === 'string') return cell;
  return kind === 'count' ? cell.toString() : formatAmount(cell);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+(?!\d))/g, ',');
}

function writtenDay(day: string): string {
  return `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
}

/** `24/11/2026 11:00:00`, in East Africa Time. */
function writtenInstant(instant: Date): string {
  const text = formatWireInstant(instant);
  return `${writtenDay(text)} ${text.slice(11)}`;
}

/** For people: pages, documents, e-mails. */
export function writtenCell(cell: Cell, kind: ColumnKind): string {
  if (cell === null) return '';
  if (cell instanceof Date) return writtenInstant(cell);
  if (typeof cell === 'string') return kind === 'day' ? writtenDay(cell) : cell;
  if (kind === 'count') return grouped(cell.toString());
  const [whole = '', fraction = ''] = formatAmount(cell).split('.');
  return `${grouped(whole)}.${fraction}${kind === 'percent' ? '%' : ''}`;
}
