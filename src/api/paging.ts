/**
 * Lists in pages, newest first. The cursor is the id of the last thing of a page: ids grow with time and never change,
 * so nothing is skipped or shown twice while new things come. Opaque to callers.
 */
import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import { idPattern } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { LimitField } from './fields';

export interface Page {
  readonly before: string | undefined;
  readonly limit: number;
}

/** The part of every list's query. */
export class PageQuery {
  @LimitField()
  limit?: string;

  @ValidateIf((_object, value) => value !== undefined)
  @Matches(/^[A-Za-z0-9_-]{1,100}$/, { message: 'a cursor as the last page gave it' })
  @ApiProperty({
    description: '`next` of the page before.',
    type: 'string',
    pattern: '^[A-Za-z0-9_-]{1,100}$',
    required: false,
  })
  cursor?: string;
}

const ids = { uuid: idPattern, count: /^\d{1,18}$/ } as const;

/** Refuses: page.cursor-unknown. */
export function pageOf({ limit, cursor }: PageQuery, kind: keyof typeof ids): Page {
  const before = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
  if (before !== undefined && !ids[kind].test(before)) {
    throw new Refusal(
      'page.cursor-unknown',
      'this cursor did not come from this list',
      'malformed',
      {
        fields: [
          { pointer: '?cursor', code: 'field.malformed', detail: 'not a cursor of this list' },
        ],
      },
    );
  }
  return { before, limit: Number(limit ?? 50) };
}

/** One more than the page was read, to know whether there is a next. */
export function pageFrom<T, Out>(
  found: readonly T[],
  { limit }: Page,
  idOf: (each: T) => string,
  show: (each: T) => Out,
): { data: Out[]; next: string | null } {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return {
    data: shown.map(show),
    next: hasMore ? Buffer.from(idOf(last)).toString('base64url') : null,
  };
}

/** Goes on `next` of every list. */
export function NextField(): PropertyDecorator {
  return ApiProperty({
    description: 'The cursor of the next page; null on the last.',
    type: 'string',
    nullable: true,
    example: null,
  });
}
