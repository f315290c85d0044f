/**
 * A list of plain values as the text of a PostgreSQL array. A batch of payments sends a hundred values for each of them
 * in some eighty arrays; the driver's own way takes each through its general conversion, dates by the local clock's parts.
 */

const isQuoted = /["\\]/;
const quoted = /["\\]/g;

/** Undefined for a list that holds something else: that is the driver's. */
export function arrayText(list: readonly unknown[]): string | undefined {
  let text = '';
  for (const value of list) {
    const element = elementText(value);
    if (element === undefined) return undefined;
    text += text === '' ? `{${element}` : `,${element}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function elementText(value: unknown): string | undefined {
  if (typeof value === 'string')
    return isQuoted.test(value) ? `"${value.replace(quoted, '\\$&')}"` : `"${value}"`;
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  return value instanceof Date ? instantText(value) : undefined;
}

/** With a year of four digits; others are written otherwise by PostgreSQL. */
function instantText(instant: Date): string | undefined {
  const year = instant.getUTCFullYear();
  return year >= 1 && year <= 9999 ? `"${instant.toISOString()}"` : undefined;
}
