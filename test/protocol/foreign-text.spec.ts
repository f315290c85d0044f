/**
 * Texts of others inside our messages, at their worst: names and tags of the protocol, entities, control characters,
 * directions of writing, names broken by characters that are dropped. Clients find our messages by the first and last
 * occurrence of two names, so each must occur exactly twice, whatever a text holds (SIG-15); and it stays readable.
 * 150 documents of every kind we send, each field with a text of its own: more than 10⁴ texts in all.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { wrapSigned } from '../../src/gepg/envelope';
import { v4MessageNames } from '../../src/gepg/v4/messages';
import { v5MessageNames } from '../../src/gepg/v5/messages';
import { neutralise } from '../../src/gepg/xml';
import {
  goldenCases,
  readJson,
  type RequestCase,
  type SentCase,
} from '../../tools/wire/golden-case';
import { replyElement, sentElement } from '../../tools/wire/render-golden';

const names = [
  ...new Set([...v4MessageNames, ...v5MessageNames, 'gepgSignature', 'signature', 'Gepg']),
];
const odd = Array.from(
  '\0\x07\x1b\x7f\t\n\r\u0085\u200b\u202a\u202e\u2066\u2069\u2028\ufeff\ufffe\uffff\udc00\ud800',
);
const marks = [
  '<',
  '>',
  '</',
  '/>',
  '&',
  ';',
  '"',
  "'",
  '&lt;',
  '&#60;',
  '&#x3C;',
  '&amp;',
  '&apos;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml ?>',
  '<!DOCTYPE a>',
  '-',
  ' ',
];

const name = fc.constantFrom(...names);
/** A name with something inside that may vanish on the way out, and leave the name whole. */
const broken = fc
  .tuple(name, fc.nat(20), fc.constantFrom(...odd, '-', '&', '<'))
  .map(([word, at, mark]) => word.slice(0, at) + mark + word.slice(at));
const tag = fc
  .tuple(fc.constantFrom('<', '</', '&lt;', '&#60;/'), name)
  .map(([open, word]) => `${open}${word}>`);
const piece = fc.oneof(
  name,
  broken,
  tag,
  fc.constantFrom(...marks),
  fc.constantFrom(...odd),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('Asha Özil', 'Ng’ambo', 'malipo', '水', '👍🏽'),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

/** Fields of others. Ids among them are made repeatable on their way; request ids are refused before, where they are not. */
const fields =
  /^(?:payerName|payerPhone|payerEmail|description|spName|pspName|channel|collectionAccount|thirdPartyId|authorization|remark|billId|pspTransactionId|transactionId|systemId|requestId)$/;

/** `given` with every foreign text replaced by the next one. */
function infested<T>(given: T, next: () => string): T {
  return JSON.parse(JSON.stringify(given), (key: string, value: unknown) => {
    if (typeof value !== 'string' || !fields.test(key)) return value;
    return key === 'requestId'
      ? neutralise(next().replace(/[^\x21-\x7e]/g, '')).slice(0, 100)
      : next();
  }) as T;
}

/** Every kind of document we send, as a function of the texts of others. */
const kinds = goldenCases()
  .filter(({ path }) => /\/(?:plain|several|contact|contact-layout-b)$/.test(path))
  .filter(({ direction }) => direction !== 'acknowledgement')
  .map(({ message, path, direction }) => {
    const title = `${direction === 'sent' ? '' : 'answer to '}${message}/${basename(path)}`;
    if (direction === 'sent') {
      const given = readJson(`${path}.json`) as SentCase;
      return { title, render: (next: () => string) => sentElement(infested(given, next)) };
    }
    const given = readJson(`${path}.command.json`) as RequestCase;
    const body = readFileSync(`${path}.request.xml`);
    return { title, render: (next: () => string) => replyElement(body, infested(given, next)) };
  });

const occurrences = (document: string, part: string): number => document.split(part).length - 1;

/** The text of every leaf, in order; throws where the document is not well-formed. */
function leavesOf(document: string): string[] {
  const parser = new SaxesParser();
  const found: string[] = [];
  let leaf: string | undefined;
  parser.on('error', (fault) => {
    throw fault;
  });
  parser.on('opentag', () => {
    leaf = '';
  });
  parser.on('text', (part) => {
    if (leaf !== undefined) leaf += part;
  });
  parser.on('closetag', () => {
    if (leaf !== undefined) found.push(leaf);
    leaf = undefined;
  });
  parser.write(document).close();
  return found;
}

/** Hyphens apart, a text comes back without the characters that XML cannot carry, or as a repeatable id. */
const illegal = /[^\t\n\r\x20-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const bare = (written: string): string => written.replace(illegal, '').replaceAll('-', '');
const asId = (written: string): string =>
  written
    .slice(0, 100)
    .replace(/[^\x20-\x7e]/g, '?')
    .replaceAll('-', '');
const asRequestId = (written: string): string =>
  written
    .replace(/[^\x21-\x7e]/g, '')
    .slice(0, 100)
    .replaceAll('-', '');

describe.each(kinds)('$title', ({ render }) => {
  /** Which of the texts the message shows at all, found with texts that nobody would write. */
  const marked: string[] = [];
  const plain = render(() => {
    marked.push(`zq${String(marked.length)}qz`);
    return marked.at(-1) ?? '';
  }).toString();
  const shown = marked.flatMap((mark, i) => (plain.includes(mark) ? [i] : []));
  const message = /^<(\w+)>/.exec(plain)?.[1] ?? '';
  const generation = message.startsWith('gepg') ? 'v4' : 'v5';

  it('survives any text of others', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: marked.length, maxLength: marked.length }),
        (texts) => {
          let used = 0;
          const element = render(() => texts[used++] ?? '');
          const xml = wrapSigned(element, Buffer.from('AAAA', 'base64'), generation).toString();

          expect(occurrences(xml, message)).toBe(2);
          expect(occurrences(xml, generation === 'v4' ? 'gepgSignature' : 'signature')).toBe(2);
          const leaves = leavesOf(xml);
          const back = leaves.map((leaf) => leaf.replaceAll('-', ''));
          const lost = shown
            .map((i) => texts[i] ?? '')
            .filter(
              (given) =>
                !back.includes(bare(given)) &&
                ![asId(given), asRequestId(given)].some(
                  (id) =>
                    back.includes(id) ||
                    // The hyphens count: an id is cut where they fill its hundred characters.
                    leaves.some((leaf, i) => leaf.length === 100 && id.startsWith(back[i] ?? '-')),
                ),
            );
          expect(lost).toEqual([]);
          if (generation === 'v4') expect(leaves[0]).toMatch(/^[\x20-\x7e]{0,100}$/);
        },
      ),
      { numRuns: 150 },
    );
  });
});
