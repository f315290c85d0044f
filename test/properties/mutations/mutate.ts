/** Mutations of valid messages: bytes, tags, texts, duplicates, swaps, and splices of two messages. */
import { type Original, originals } from './corpus';

/** Numbers that a seed repeats exactly (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }

  of<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }
}

const odd = [
  '<',
  '>',
  '&',
  '&amp;',
  '&#48;',
  '&#x3c;',
  '<!-- -->',
  '<![CDATA[1]]>',
  '<?x?>',
  '<x/>',
  '<x>1</x>',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '\ufeff',
  '=',
  '"',
  "'",
  '/',
  '0',
  '9',
  '.',
  '-',
  'e3',
  'é',
  '\u{1f4b0}',
  ']]>',
  '<Gepg>',
  '</Gepg>',
  '<signature></signature>',
  '<gepgSignature></gepgSignature>',
  '<!DOCTYPE x>',
  '\ud800',
  ' xmlns="x"',
  '<?xml version="1.0"?>',
  '<PaidAmt>1</PaidAmt>',
  '<BillAmt>1</BillAmt>',
  '<TrxId>T</TrxId>',
  '<__proto__>1</__proto__>',
] as const;

/** Tags and texts of the body, in order; joined they are the body. */
const tokensOf = (text: string): string[] => text.match(/<[^>]*>|[^<]+/g) ?? [text];

type Mutation = (text: string, dice: Dice, other: string) => string;

const replaceToken = (
  text: string,
  dice: Dice,
  change: (tokens: string[], at: number) => void,
): string => {
  const tokens = tokensOf(text);
  change(tokens, dice.below(tokens.length));
  return tokens.join('');
};

const mutations: readonly Mutation[] = [
  // One byte is another, is gone, or is there twice.
  (text, dice) => {
    const at = dice.below(text.length);
    return text.slice(0, at) + String.fromCharCode(dice.below(256)) + text.slice(at + 1);
  },
  (text, dice) => {
    const at = dice.below(text.length);
    return text.slice(0, at) + text.slice(at + 1);
  },
  (text, dice) => {
    const at = dice.below(text.length);
    return text.slice(0, at) + text.charAt(at) + text.slice(at);
  },
  (text, dice) => {
    const at = dice.below(text.length);
    return text.slice(0, at) + Buffer.from(dice.of(odd)).toString('latin1') + text.slice(at);
  },
  // A piece is gone, is moved, or is there twice.
  (text, dice) => {
    const at = dice.below(text.length);
    return text.slice(0, at) + text.slice(at + dice.below(200));
  },
  (text, dice) => {
    const from = dice.below(text.length);
    const piece = text.slice(from, from + dice.below(400));
    const to = dice.below(text.length);
    return text.slice(0, to) + piece + text.slice(to);
  },
  (text, dice) => text.slice(0, dice.below(text.length)),
  // Whole tags and texts.
  (text, dice) => replaceToken(text, dice, (tokens, at) => tokens.splice(at, 1)),
  (text, dice) => replaceToken(text, dice, (tokens, at) => tokens.splice(at, 0, tokens[at] ?? '')),
  (text, dice) =>
    replaceToken(text, dice, (tokens, at) => {
      const to = dice.below(tokens.length);
      [tokens[at], tokens[to]] = [tokens[to] ?? '', tokens[at] ?? ''];
    }),
  (text, dice) =>
    replaceToken(text, dice, (tokens, at) => {
      tokens[at] = dice.of(tokensOf(text));
    }),
  (text, dice) =>
    replaceToken(text, dice, (tokens, at) => {
      const token = tokens[at] ?? '';
      tokens[at] = token.startsWith('<')
        ? token.replace('>', dice.of([' >', '\n>', '/>', ' a="1">', '>>', '']))
        : dice.of(['0', '1', '999999999.00', '', ' ', '&#49;', token.toLowerCase(), token + token]);
    }),
  // A whole element is repeated, beside itself or elsewhere.
  (text, dice) => {
    const elements = text.match(/<(\w+)>[^<]*<\/\1>/g) ?? [''];
    const element = dice.of(elements);
    return dice.below(2) === 0
      ? text.replace(element, () => element + element)
      : text.replace(dice.of(elements), (found) => found + element);
  },
  // Two valid messages become one.
  (text, dice, other) =>
    text.slice(0, dice.below(text.length)) + other.slice(dice.below(other.length)),
  (text, dice, other) =>
    replaceToken(text, dice, (tokens, at) => tokens.splice(at, 0, ...tokensOf(other))),
  (text, dice, other) =>
    replaceToken(text, dice, (tokens, at) => {
      tokens[at] = dice.of(tokensOf(other));
    }),
  // The signature of the one under the other.
  (text, _dice, other) => {
    const signature = /<(?:gepgSignature|signature)>[^<]*<\/\w+>/;
    return text.replace(signature, () => signature.exec(other)?.[0] ?? '');
  },
  // Spelling that changes nothing, so that some get through.
  (text, dice) =>
    dice.of([
      text,
      `\n${text}\n`,
      text.replace('<Gepg>', '<Gepg>\n'),
      text.replace('</Gepg>', '\r\n</Gepg>'),
      text.replaceAll('gepgSignature', 'signature'),
      text.replace(/(<\w*[sS]ignature>.{64})/, '$1\n'),
      `<?xml version="1.0" encoding="utf-16"?>${text}`,
      text.replaceAll('&amp;', '&'),
    ]),
];

/** One byte is one character while it is mutated, so that also halves of characters are moved. */
export function mutate(original: Original, dice: Dice): Buffer {
  const other = dice.of(originals).body.toString('latin1');
  let text = original.body.toString('latin1');
  for (let left = 1 + dice.below(3); left > 0; left--) {
    if (text.length > 0) text = dice.of(mutations)(text, dice, other);
  }
  return Buffer.from(text, 'latin1');
}

/** The message between the envelope's tags, as a forger would take it to sign it again; undefined where there is none. */
export function elementIn(body: Buffer): Buffer | undefined {
  const found = /<Gepg>\s*(<(\w+)>[^]*<\/\2>)/.exec(body.toString('latin1'))?.[1];
  return found === undefined ? undefined : Buffer.from(found, 'latin1');
}
