/**
 * Control numbers: `99`, the institution's prefix, a scattered serial, and a Damm check digit that finds every single
 * wrong digit and every swap of neighbours (product.md §3, rulings.md §7). The serial goes through a keyed permutation
 * (a Feistel network with cycle walking), so that neighbours cannot be guessed and none can come twice.
 */
import { createHash, createHmac } from 'node:crypto';

export interface NumberRange {
  /** One to four digits. */
  readonly prefix: string;
  readonly hasCheckDigit: boolean;
}

/** The quasigroup of H. M. Damm (2004), order 10, weakly totally anti-symmetric. */
const damm = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

export function dammDigit(digits: string): string {
  let state = 0;
  for (const digit of digits) state = Number(damm[state]?.charAt(Number(digit)));
  return String(state);
}

export function isControlNumber(text: string): boolean {
  return /^99\d{10}$/.test(text);
}

export function hasValidCheckDigit(number: string): boolean {
  return isControlNumber(number) && dammDigit(number) === '0';
}

export type NumberFault = 'control-number.malformed' | 'control-number.unknown';

/**
 * What is wrong with a number that nothing can be paid on. Numbers of other gateways have no check digit of ours, and
 * the own number of a part of a group is none to a payer (gepg-decisions C11).
 */
export function numberFault(
  number: string,
  found: { readonly isPart: boolean; readonly isImported: boolean } | undefined,
): NumberFault {
  if (!isControlNumber(number)) return 'control-number.malformed';
  if (found?.isImported) return 'control-number.unknown';
  return found?.isPart !== true && hasValidCheckDigit(number)
    ? 'control-number.unknown'
    : 'control-number.malformed';
}

/** How many numbers a range holds: 10^(9−p) with the check digit, ten times as many without. */
export function capacityOf(range: NumberRange): bigint {
  return 10n ** BigInt(serialDigits(range));
}

function serialDigits({ prefix, hasCheckDigit }: NumberRange): number {
  return 10 - prefix.length - (hasCheckDigit ? 1 : 0);
}

const rounds = 8;

/** One round's function: the first 6 bytes of an HMAC over prefix, round and half; far above the size of a half. */
function roundValue(key: Buffer, prefix: string, round: number, half: bigint): bigint {
  const text = `${prefix}:${String(round)}:${half.toString()}`;
  return BigInt(createHmac('sha256', key).update(text).digest().readUIntBE(0, 6));
}

/** Half the size of the Feistel domain: the smallest square that holds the range (at most 10^9, so 31,623). */
function halfSize(capacity: bigint): bigint {
  let half = BigInt(Math.ceil(Math.sqrt(Number(capacity))));
  while (half * half < capacity) half += 1n;
  return half;
}

function feistel(
  value: bigint,
  half: bigint,
  key: Buffer,
  prefix: string,
  isForward: boolean,
): bigint {
  let left = value / half;
  let right = value % half;
  for (let i = 0; i < rounds; i++) {
    if (isForward) {
      [left, right] = [right, (left + roundValue(key, prefix, i, right)) % half];
    } else {
      const round = roundValue(key, prefix, rounds - 1 - i, left) % half;
      [left, right] = [(right + half - round) % half, left];
    }
  }
  return left * half + right;
}

/** A bijection on [0, capacity): values outside the range walk on until they are back inside. */
function permute(value: bigint, range: NumberRange, key: Buffer, isForward: boolean): bigint {
  const capacity = capacityOf(range);
  const half = halfSize(capacity);
  let walked = value;
  do walked = feistel(walked, half, key, range.prefix, isForward);
  while (walked >= capacity);
  return walked;
}

/** The number of a serial in [0, capacity). Faults outside it. */
export function controlNumberFor(range: NumberRange, serial: bigint, key: Buffer): string {
  if (serial < 0n || serial >= capacityOf(range))
    throw new Error('the serial is outside its range');
  const scattered = permute(serial, range, key, true).toString().padStart(serialDigits(range), '0');
  const digits = `99${range.prefix}${scattered}`;
  return range.hasCheckDigit ? digits + dammDigit(digits) : digits;
}

/** The serial that a number of the range was made from. */
export function serialOf(range: NumberRange, number: string, key: Buffer): bigint {
  const start = 2 + range.prefix.length;
  return permute(BigInt(number.slice(start, start + serialDigits(range))), range, key, false);
}

/** Tells two keys apart without telling a key: kept per range, so that a changed key refuses to start. */
export function keyCheckValue(key: Buffer, prefix: string): string {
  return createHash('sha256')
    .update(createHmac('sha256', key).update(`key-check:${prefix}`).digest())
    .digest('hex')
    .slice(0, 16);
}
