/**
 * A list of plain values as the text of a PostgreSQL array. A batch of payments sends a hundred values for each of them
 * in some eighty arrays; the driver's own way takes each through its general conversion, dates by the local clock's parts.
 */

const isQuoted = /["\\]/;
const quoted = /["\\]/g;
/** What JSON writes in another way than as it is, or than behind a backslash. */
const isOtherInJson = /[\u0000-\u001f\ud800-\udfff]/;

/** Undefined for a list that holds something else: that is the driver's. */
export function arrayText(list: readonly unknown[]): string | undefined {
  const elements: string[] = [];
  for (const value of list) {
    const element = elementText(value);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return `{${elements.join(',')}}`;
}

function elementText(value: unknown): string | undefined {
  if (typeof value === 'string') return textOf(value);
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  return value instanceof Date ? instantText(value) : undefined;
}

/**
 * Deliveries and events are JSON, every tenth character of it a quotation mark: replacing them one by one was a tenth of
 * what the server does for a payment. JSON puts the same backslashes in front of them, in native code.
 */
function textOf(value: string): string {
  if (!isQuoted.test(value)) return `"${value}"`;
  return isOtherInJson.test(value) ? `"${value.replace(quoted, '\\$&')}"` : JSON.stringify(value);
}

/** With a year of four digits; others are written otherwise by PostgreSQL. */
function instantText(instant: Date): string | undefined {
  const year = instant.getUTCFullYear();
  return year >= 1 && year <= 9999 ? `"${instant.toISOString()}"` : undefined;
}
