/** What a file is that is none of text, by its first bytes: so that its sender reads what it is, and not that it is bad text. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^PK(?:\x03\x04|\x05\x06|\x07\x08)/, 'a zip or xlsx file; unpack it, or save it as text'],
  [/^%PDF/, 'a PDF file'],
  [/^\xd0\xcf\x11\xe0/, 'an old Office file (xls, doc); save it as CSV'],
  [/^\x1f\x8b/, 'a gzip file; unpack it first'],
  [/^(?:BZh|7z\xbc\xaf|Rar!|\xfd7zXZ)/, 'a compressed file; unpack it first'],
  [
    /^\s*(?:<!doctype html|<html)/i,
    'an HTML page, perhaps the sign-in page of a bank; wanted the file itself',
  ],
  [/^\s*\{\s*"|^\s*\[/, 'JSON'],
];

const utf8Mark = /^\xef\xbb\xbf/;

/** Of the first few kilobytes; undefined for what may be text of the kind that is wanted. */
export function foreignKind(bytes: Buffer): string | undefined {
  const first = bytes.subarray(0, 4_096).toString('latin1').replace(utf8Mark, '');
  return kinds.find(([pattern]) => pattern.test(first))?.[1];
}
