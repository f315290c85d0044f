/** A value in the text form of COPY (PostgreSQL, "COPY", Text Format): what would end a cell or a row is escaped. */
const signs: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

export function copyText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (sign) => signs[sign] ?? sign);
}
