/**
 * Repairs ill-formed text: one Java client of the field sends `&`, `<` and `>` raw and signs the escaped form
 * (gepg-protocol.md §2.5). Known tags stay, everything between them is escaped. Deterministic, so that the signature
 * over the result proves that it is what the signer wrote; only the result is read (security design §2.2, P-repair).
 */
import type { Shape, ShapeFields } from './shape';

/** An XML declaration of any kind; the envelope judges it. */
const declaration = /^(?:\xef\xbb\xbf)?\s*<\?[^>]{0,120}\?>/;
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function namesOf(fields: ShapeFields): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    typeof field === 'string' ? [name] : [name, ...namesOf(field.fields)],
  );
}

const tags = new Map<string, RegExp>();

/** Start, end and empty tags of the message and its envelope, with blanks where XML has them. */
function tagsOf(shape: Shape): RegExp {
  const known = tags.get(shape.name);
  if (known !== undefined) return known;
  const names = ['Gepg', 'gepgSignature', 'signature', shape.name, ...namesOf(shape.fields)];
  const pattern = new RegExp(`</?(?:${[...new Set(names)].join('|')})[\\t\\n\\r ]*/?>`, 'g');
  tags.set(shape.name, pattern);
  return pattern;
}

/** The body with every text between known tags escaped once. Bytes beyond ASCII pass as they are. */
export function repair(body: Buffer, shape: Shape): Buffer {
  const text = body.toString('latin1');
  const head = declaration.exec(text)?.[0] ?? '';
  const rest = text.slice(head.length);
  const parts: string[] = [head];
  let at = 0;
  for (const tag of rest.matchAll(tagsOf(shape))) {
    parts.push(escapeText(rest.slice(at, tag.index)), tag[0]);
    at = tag.index + tag[0].length;
  }
  parts.push(escapeText(rest.slice(at)));
  return Buffer.from(parts.join(''), 'latin1');
}

/** Every `&`, also of what looks like a reference: on this wire nothing was escaped before. */
function escapeText(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/[&<>]/g, (sign) => escapes[sign] ?? sign) : text;
}
