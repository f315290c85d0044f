/**
 * Reads an object of a party file name by name, and remembers every fault with its place, so that all of them are told at
 * once.
 */
import { type BusinessDay, parseBusinessDay } from '../kernel/business-day';
import type { FieldFault } from '../kernel/refusal';

type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One object; those inside it add to the same faults, each with its JSON pointer. */
export class Reading {
  private readonly known = new Set<string>();

  constructor(
    private readonly object: Json,
    private readonly at: string,
    readonly faults: FieldFault[],
  ) {}

  /** `values` are the particulars of `detail`, for readers of other languages. */
  fault(name: string, code: string, detail: string, values: FieldFault['values'] = {}): void {
    this.faults.push({ pointer: `${this.at}/${name}`, code: `party-file.${code}`, detail, values });
  }

  text(name: string, pattern: RegExp, code: string, wanted: string): string {
    const value = this.take(name);
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.fault(name, code, wanted);
    return '';
  }

  optionalText(name: string): string | null {
    const value = this.take(name) ?? null;
    if (value === null || (typeof value === 'string' && value.length > 0)) return value;
    this.fault(name, 'text', 'a text or null');
    return null;
  }

  choice<T extends string>(name: string, allowed: readonly [T, ...T[]], fallback?: T): T {
    const value = this.take(name) ?? fallback;
    const found = allowed.find((each) => each === value);
    if (found !== undefined) return found;
    const all = allowed.join(', ');
    this.fault(name, 'choice', `one of ${all}`, { allowed: all });
    return allowed[0];
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.take(name) ?? fallback;
    if (typeof value === 'boolean') return value;
    this.fault(name, 'flag', 'true or false');
    return fallback;
  }

  count(name: string, most: number, fallback: number): number {
    const value = this.take(name) ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most)
      return value;
    const limit = String(most);
    this.fault(name, 'count', `a whole number from 1 to ${limit}`, { most: limit });
    return fallback;
  }

  texts(name: string, pattern: RegExp, code: string, wanted: string): readonly string[] {
    const values = this.take(name) ?? [];
    if (!Array.isArray(values)) {
      this.fault(name, 'list', 'a list');
      return [];
    }
    return values.filter((value: unknown, i): value is string => {
      const isGood = typeof value === 'string' && pattern.test(value);
      if (!isGood) this.fault(`${name}/${String(i)}`, code, wanted);
      return isGood;
    });
  }

  objects(name: string): readonly Reading[] {
    const values = this.take(name) ?? [];
    if (!Array.isArray(values)) {
      this.fault(name, 'list', 'a list');
      return [];
    }
    return values.map((value: unknown, i) => this.inner(value, `${name}/${String(i)}`));
  }

  object_(name: string): Reading {
    return this.inner(this.take(name) ?? {}, name);
  }

  url(name: string): string | null {
    const text = this.optionalText(name);
    if (text !== null && (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))) {
      this.fault(name, 'url', 'an http or https address, or null');
    }
    return text;
  }

  day(name: string): BusinessDay | null {
    const text = this.optionalText(name);
    try {
      return text === null ? null : parseBusinessDay(text);
    } catch {
      this.fault(name, 'day', 'a day like 2027-06-30, or null');
      return null;
    }
  }

  raw(name: string): unknown {
    return this.take(name);
  }

  /** Without counting as read. */
  peek(name: string): unknown {
    return Object.hasOwn(this.object, name) ? this.object[name] : undefined;
  }

  /** A name nobody reads is a spelling mistake, and would silently change nothing. */
  end(): void {
    for (const name of Object.keys(this.object)) {
      if (!this.known.has(name)) this.fault(name, 'name-unknown', 'not a known name');
    }
  }

  private inner(value: unknown, name: string): Reading {
    if (!isObject(value)) this.fault(name, 'object', 'an object');
    return new Reading(isObject(value) ? value : {}, `${this.at}/${name}`, this.faults);
  }

  private take(name: string): unknown {
    this.known.add(name);
    return Object.hasOwn(this.object, name) ? this.object[name] : undefined;
  }
}
