/**
 * What the elements of a camt message say, typed, with every misprint in the fault log. Elements are found by name in any
 * order: the versions of ISO 20022 differ in order and agree in meaning.
 */
import { type BusinessDay, parseBusinessDay } from '../../kernel/business-day';
import { Refusal } from '../../kernel/refusal';
import type { BankAmount, Direction, EntryStatus } from '../bank-statement.rules';
import { readMinor } from '../iso-currency.rules';
import type { FaultLog } from './fault-log';
import type { XmlElement } from './xml-elements';

const directions: Readonly<Record<string, Direction>> = { CRDT: 'credit', DBIT: 'debit' };
const statuses: Readonly<Record<string, EntryStatus>> = {
  BOOK: 'booked',
  PDNG: 'pending',
  INFO: 'info',
  FUTR: 'future',
};

/** The first element under `path`. */
export function at(
  element: XmlElement | undefined,
  ...path: readonly string[]
): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

export function all(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Empty where there is none. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string {
  return at(element, ...path)?.text ?? '';
}

/** The first of several places that says anything. */
export function firstText(element: XmlElement | undefined, ...paths: readonly string[]): string {
  for (const path of paths) {
    const text = textAt(element, ...path.split('/'));
    if (text !== '') return text;
  }
  return '';
}

/** Reads elements of one message; `field` in a fault is the path of what is wrong. */
export class CamtElements {
  constructor(private readonly log: FaultLog) {}

  fault(element: XmlElement, path: string, reason: string): void {
    this.log.add(element.line, path, reason);
  }

  /** One element that must be there, and once. */
  one(holder: XmlElement, path: string, name: string): XmlElement | undefined {
    const [first] = all(holder, name);
    if (first === undefined) {
      this.fault(holder, `${path}/${name}`, `${name} is missing`);
      return undefined;
    }
    return this.atMostOne(holder, path, name);
  }

  atMostOne(holder: XmlElement, path: string, name: string): XmlElement | undefined {
    const [first, second] = all(holder, name);
    if (second !== undefined) this.fault(second, `${path}/${name}`, `${name} stands there twice`);
    return first;
  }

  direction(holder: XmlElement, path: string): Direction | undefined {
    const element = this.one(holder, path, 'CdtDbtInd');
    if (element === undefined) return undefined;
    const direction = directions[element.text];
    if (direction !== undefined) return direction;
    this.fault(element, `${path}/CdtDbtInd`, `"${short(element.text)}", wanted CRDT or DBIT`);
    return undefined;
  }

  optionalDirection(holder: XmlElement | undefined, path: string): Direction | undefined {
    return holder === undefined || at(holder, 'CdtDbtInd') === undefined
      ? undefined
      : this.direction(holder, path);
  }

  /** The amount of an element with a currency, not below zero. */
  amount(element: XmlElement | undefined, path: string): BankAmount | undefined {
    if (element === undefined) return undefined;
    const currency = element.attributes.get('Ccy') ?? '';
    const read = readMinor(element.text, currency);
    if (read.kind === 'exact') return { currency, amountMinor: read.minor };
    this.fault(element, path, read.reason);
    return undefined;
  }

  flag(element: XmlElement | undefined, path: string): boolean {
    if (element === undefined) return false;
    if (/^(true|1)$/.test(element.text)) return true;
    if (!/^(false|0)$/.test(element.text))
      this.fault(element, path, `"${short(element.text)}", wanted true or false`);
    return false;
  }

  /** Undefined where nothing is said. In .001.02 to .07 a bare code, later inside of Cd. */
  status(holder: XmlElement, path: string): EntryStatus | undefined {
    const element = this.atMostOne(holder, path, 'Sts');
    if (element === undefined) return undefined;
    const code = firstText(element, 'Cd', 'Prtry') || element.text;
    const status = statuses[code];
    if (status !== undefined) return status;
    this.fault(element, `${path}/Sts`, `"${short(code)}", wanted BOOK, PDNG, INFO or FUTR`);
    return undefined;
  }

  /** The bank's calendar day, as it wrote it: a time and a zone behind it do not move it. */
  day(element: XmlElement | undefined, path: string): BusinessDay | undefined {
    if (element === undefined) return undefined;
    const written = firstText(element, 'Dt', 'DtTm') || element.text;
    if (written === '') return undefined;
    try {
      return parseBusinessDay(/^(\d{4}-\d\d-\d\d)(?=$|[TZ+-])/.exec(written)?.[1] ?? written);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.fault(element, path, `"${short(written)}" is no date; wanted one like 2026-11-24`);
      return undefined;
    }
  }

  count(element: XmlElement | undefined, path: string): number | undefined {
    if (element === undefined) return undefined;
    if (/^\d{1,15}$/.test(element.text)) return Number(element.text);
    this.fault(element, path, `"${short(element.text)}" is no count`);
    return undefined;
  }
}

/** What others wrote, short enough for a report. */
export function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
