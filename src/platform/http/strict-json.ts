/**
 * Reads a JSON body as exactly one thing: what `JSON.parse` lets pass in silence is refused with a pointer to the place.
 * Duplicate names (the last would win), depth, numbers that a double cannot hold, names that reach into prototypes, and
 * text that is no Unicode. Amounts are strings, so that every number here is a count. Rule: security-reliability I5.
 */
import { Refusal } from '../../kernel/refusal';

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const maxDepth = 16;
/** Names that mean something else to an object of JavaScript. */
const forbiddenNames = new Set(['__proto__', 'constructor', 'prototype']);
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const countPattern = /^(?:0|-?[1-9]\d*)$/;
const blank = /[ \t\n\r]*/y;
const plainText = /[^"\\\u0000-\u001f]*/y;
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** One part of a JSON pointer (RFC 6901). */
export function pointerPart(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Json {
    const value = this.value('', 1);
    this.skip(blank);
    if (this.at < this.text.length)
      this.refuse('', 'json.malformed', 'something follows the value');
    return value;
  }

  private value(pointer: string, depth: number): Json {
    this.skip(blank);
    switch (this.text[this.at]) {
      case '{':
        return this.object(pointer, depth);
      case '[':
        return this.array(pointer, depth);
      case '"':
        return this.string(pointer);
      case 't':
        return this.word('true', true, pointer);
      case 'f':
        return this.word('false', false, pointer);
      case 'n':
        return this.word('null', null, pointer);
      default:
        return this.number(pointer);
    }
  }

  private object(pointer: string, depth: number): Json {
    this.enter(pointer, depth);
    const members = new Map<string, Json>();
    if (this.next('}')) return {};
    do {
      this.skip(blank);
      if (this.text[this.at] !== '"') this.malformed(pointer);
      const name = this.string(pointer);
      const place = pointer + pointerPart(name.slice(0, 100));
      if (members.has(name))
        this.refuse(place, 'json.name-repeated', 'this name stands here twice');
      if (forbiddenNames.has(name))
        this.refuse(place, 'json.name-forbidden', 'this name may not be used');
      if (!this.next(':')) this.malformed(place);
      members.set(name, this.value(place, depth + 1));
    } while (this.next(','));
    if (!this.next('}')) this.malformed(pointer);
    return Object.fromEntries(members);
  }

  private array(pointer: string, depth: number): Json {
    this.enter(pointer, depth);
    const values: Json[] = [];
    if (this.next(']')) return values;
    do {
      values.push(this.value(pointer + pointerPart(values.length), depth + 1));
    } while (this.next(','));
    if (!this.next(']')) this.malformed(pointer);
    return values;
  }

  private string(pointer: string): string {
    this.at += 1;
    let text = '';
    for (;;) {
      text += this.skip(plainText);
      const sign = this.text[this.at];
      this.at += 1;
      if (sign === '"') break;
      if (sign !== '\\') this.malformed(pointer);
      text += this.escaped(pointer);
    }
    if (/\p{Surrogate}/u.test(text))
      this.refuse(pointer, 'json.text-odd', 'half of a surrogate pair is no character');
    return text;
  }

  private escaped(pointer: string): string {
    const letter = this.text[this.at] ?? '';
    this.at += 1;
    const known = escapes.get(letter);
    if (known !== undefined) return known;
    const hex = this.text.slice(this.at, this.at + 4);
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) this.malformed(pointer);
    this.at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  private number(pointer: string): number {
    const text = this.skip(numberPattern);
    if (text === '') this.malformed(pointer);
    const value = Number(text);
    if (!countPattern.test(text) || !Number.isSafeInteger(value)) {
      this.refuse(
        pointer,
        'json.number-odd',
        'numbers here are whole and below 2^53; amounts are strings like "1500.00"',
      );
    }
    return value;
  }

  private word<T extends Json>(text: string, value: T, pointer: string): T {
    if (!this.text.startsWith(text, this.at)) this.malformed(pointer);
    this.at += text.length;
    return value;
  }

  private enter(pointer: string, depth: number): void {
    if (depth > maxDepth)
      this.refuse(pointer, 'json.too-deep', `no more than ${String(maxDepth)} levels`);
    this.at += 1;
  }

  private next(sign: string): boolean {
    this.skip(blank);
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }

  private malformed(pointer: string): never {
    return this.refuse(pointer, 'json.malformed', `no JSON at character ${String(this.at + 1)}`);
  }

  private refuse(pointer: string, code: string, detail: string): never {
    throw refusal(pointer, code, detail);
  }
}

function refusal(pointer: string, code: string, detail: string): Refusal {
  return new Refusal('json.refused', `the body cannot be read: ${detail}`, 'malformed', {
    fields: [{ pointer, code, detail }],
  });
}

/** Refuses: json.refused, with the place and its reason. */
export function readStrictJson(body: Uint8Array): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw refusal('', 'json.text-odd', 'the body is not UTF-8');
  }
  return new Scanner(text).document();
}
