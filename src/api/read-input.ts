/**
 * From what came to a checked object: the strict JSON of the body, the query, the path. What a class does not name is
 * refused, never dropped, and every fault has a pointer to its place (security-reliability I2, I3, I5).
 */
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { type FieldFault, Refusal } from '../kernel/refusal';
import { pointerPart, readStrictJson } from '../platform/http/strict-json';

type Shape = new () => object;

/** More would only repeat what is wrong. */
const maxFaults = 50;

@Injectable()
export class ReadInput implements PipeTransform {
  /** Refuses: request.invalid, json.refused, body.missing. */
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    if (type === 'body') return readBody(metatype as Shape, value);
    return readInput(metatype as Shape, value, type);
  }
}

/** For operations that keep what they refuse. Refuses: as the pipe. */
export function readBody<T extends object>(shape: new () => T, body: unknown): T {
  return readInput(shape, bodyOf(body), 'body') as T;
}

function bodyOf(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0)
    throw new Refusal('body.missing', 'the request needs a body of JSON');
  return readStrictJson(body);
}

function readInput(shape: Shape, value: unknown, place: 'body' | 'query' | 'param'): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid([{ pointer: '', code: 'field.malformed', detail: 'an object is wanted' }]);
  }
  const input = plainToInstance(shape, value);
  const errors = validateSync(input, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) throw invalid(errors.flatMap((each) => faultsOf(each, '', place)));
  return input;
}

function invalid(fields: readonly FieldFault[]): Refusal {
  const shown = fields.slice(0, maxFaults);
  const [first] = shown;
  const rest = fields.length > 1 ? `, and ${String(fields.length - 1)} more` : '';
  return new Refusal(
    'request.invalid',
    `${first === undefined || first.pointer === '' ? 'the body' : first.pointer}: ${first?.detail ?? ''}${rest}`,
    'malformed',
    { fields: shown },
  );
}

function pointerOf(name: string, above: string, place: 'body' | 'query' | 'param'): string {
  if (place === 'query') return `?${name}`;
  return place === 'param' ? `{${name}}` : above + pointerPart(name);
}

function faultsOf(
  error: ValidationError,
  above: string,
  place: 'body' | 'query' | 'param',
): FieldFault[] {
  const pointer = pointerOf(error.property.slice(0, 100), above, place);
  const own = Object.entries(error.constraints ?? {}).map(([rule, detail]) => ({
    pointer,
    code: rule === 'whitelistValidation' ? 'field.unknown' : 'field.malformed',
    detail: rule === 'whitelistValidation' ? 'no such field' : detail,
  }));
  const below = (error.children ?? []).flatMap((child) => faultsOf(child, pointer, place));
  return [...own, ...below];
}
