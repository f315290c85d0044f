/**
 * The kinds of field that requests are made of, each said once for the check and for the document: texts, identifiers,
 * amounts as decimal strings, instants with their zone, days, words of a list, and counts in a query.
 */
import { applyDecorators } from '@nestjs/common';
import { parseBusinessDay, parseWireInstant } from '../kernel/business-day';
import { idPattern } from '../kernel/ids';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsIn,
  IsObject,
  Matches,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

interface About {
  readonly description: string;
  readonly example?: string | number;
  /** Absent is allowed; null is not. */
  readonly optional?: true;
}

const plainAmount = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,2})?$/;
const zoned = /(?:Z|[+-]\d\d:\d\d)$/;
/** Printable ASCII without blanks: two ids that look alike are the same id. */
const identifier = /^[\x21-\x7e]{1,100}$/;

function isAbsentAllowed({ optional }: About): PropertyDecorator {
  return optional === true
    ? ValidateIf((_object, value) => value !== undefined)
    : IsDefined({ message: 'this field is missing' });
}

function documented(about: About, more: object): PropertyDecorator {
  const { description, example, optional } = about;
  return ApiProperty({
    description,
    ...(example === undefined ? {} : { example }),
    required: optional !== true,
    ...more,
  });
}

function matching(pattern: RegExp, message: string, about: About): PropertyDecorator {
  return applyDecorators(
    isAbsentAllowed(about),
    Matches(pattern, { message }),
    documented(about, { type: 'string', pattern: pattern.source }),
  );
}

function satisfying(
  name: string,
  isGood: (text: string) => boolean,
  message: string,
): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: { validate: (value: unknown) => typeof value === 'string' && isGood(value) },
    },
    { message },
  );
}

function isDay(text: string): boolean {
  try {
    parseBusinessDay(text);
    return true;
  } catch {
    return false;
  }
}

export function IdentifierField(about: About): PropertyDecorator {
  return matching(identifier, '1 to 100 printable ASCII characters without blanks', about);
}

/** One of our own ids. */
export function UuidField(about: About): PropertyDecorator {
  return matching(idPattern, 'an id as we gave it, in small letters', about);
}

export function ControlNumberField(about: About): PropertyDecorator {
  return matching(/^99\d{10}$/, 'twelve digits that begin with 99', about);
}

export function AmountField(about: About): PropertyDecorator {
  return matching(plainAmount, 'a string like "1500" or "1500.00"', about);
}

/** Local times are refused: an institution abroad and the gateway would read two instants. */
export function InstantField(about: About): PropertyDecorator {
  return applyDecorators(
    isAbsentAllowed(about),
    satisfying(
      'instant',
      (text) => zoned.test(text) && parseWireInstant(text) !== undefined,
      'an instant with its zone, like 2026-11-24T10:00:00+03:00',
    ),
    documented(about, { type: 'string', format: 'date-time' }),
  );
}

export function DayField(about: About): PropertyDecorator {
  return applyDecorators(
    isAbsentAllowed(about),
    satisfying('day', isDay, 'a day like 2026-11-24'),
    documented(about, { type: 'string', format: 'date' }),
  );
}

/** Text of people: kept in composed form (NFC), so that it is stored once however it was typed. */
export function TextField(about: About & { readonly longest: number }): PropertyDecorator {
  const { longest } = about;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.normalize('NFC') : value,
    ),
    isAbsentAllowed(about),
    Matches(
      new RegExp(
        `^[^\\u0000-\\u001f\\u007f\\u202a-\\u202e\\u2066-\\u2069]{1,${String(longest)}}$`,
        'u',
      ),
      { message: `1 to ${String(longest)} characters, without control characters` },
    ),
    documented(about, { type: 'string', minLength: 1, maxLength: longest }),
  );
}

/** One of a few words; `name` is the schema's, so that clients get one type for one list. */
export function WordField(
  about: About & { readonly words: readonly string[]; readonly name?: string },
): PropertyDecorator {
  const { words, name } = about;
  return applyDecorators(
    isAbsentAllowed(about),
    IsIn(words, { message: `one of ${words.join(', ')}` }),
    documented(about, {
      type: 'string',
      enum: [...words],
      ...(name === undefined ? {} : { enumName: name }),
    }),
  );
}

export function ObjectField(about: About, shape: () => new () => object): PropertyDecorator {
  return applyDecorators(
    isAbsentAllowed(about),
    IsObject({ message: 'an object is wanted' }),
    ValidateNested({ message: 'an object is wanted' }),
    Type(shape),
    documented(about, { type: () => shape() }),
  );
}

export function ListField(
  about: About & { readonly least?: 0; readonly most: number },
  shape: () => new () => object,
): PropertyDecorator {
  const { least = 1, most } = about;
  const message = `a list of ${String(least)} to ${String(most)} objects`;
  return applyDecorators(
    isAbsentAllowed(about),
    ValidateNested({ each: true, message: 'an object is wanted' }),
    IsObject({ each: true, message: 'an object is wanted' }),
    ArrayMaxSize(most, { message }),
    ArrayMinSize(least, { message }),
    IsArray({ message }),
    Type(shape),
    documented(about, { type: () => shape(), isArray: true, minItems: least, maxItems: most }),
  );
}

const limits = { 200: /^(?:[1-9]\d?|1\d\d|200)$/, 1000: /^(?:[1-9]\d{0,2}|1000)$/ } as const;

/** How many of a list; a text in a query. */
export function LimitField(largestPage: keyof typeof limits = 200): PropertyDecorator {
  const message = `a number from 1 to ${String(largestPage)}`;
  return applyDecorators(
    ValidateIf((_object, value) => value !== undefined),
    Matches(limits[largestPage], { message }),
    ApiProperty({
      description: 'How many at most.',
      type: 'integer',
      minimum: 1,
      maximum: largestPage,
      default: 50,
      required: false,
    }),
  );
}
