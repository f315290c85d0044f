/** The feed as the JSON edge shows it. */
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Matches, Max, Min, ValidateIf } from 'class-validator';
import type { FeedPage, FeedPosition } from '../deliveries/feed-reader';
import { LimitField } from './fields';

const digestPattern = /^[0-9a-f]{64}$/;
const zeroDigest = '5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456';

export class FeedQuery {
  @ValidateIf((_object, value) => value !== undefined)
  @Matches(/^(?:0|[1-9]\d{0,14})$/, { message: 'the number of an event, or 0' })
  @ApiProperty({
    description: 'Events after this number; 0 for the first.',
    type: 'integer',
    minimum: 0,
    default: 0,
    required: false,
  })
  after?: string;

  /** Events are small, and whoever comes back after a week has many to read. */
  @LimitField(1000)
  limit?: string;
}

export class AcknowledgeInput {
  @IsInt({ message: 'a whole number' })
  @Min(0, { message: 'a number from 0 on' })
  @Max(Number.MAX_SAFE_INTEGER, { message: 'a smaller number' })
  @ApiProperty({
    description: 'Everything up to this number is held.',
    type: 'integer',
    minimum: 0,
    example: 42,
  })
  sequence!: number;

  @ValidateIf((_object, value) => value !== undefined)
  @Matches(digestPattern, { message: '64 hexadecimal digits in small letters' })
  @ApiProperty({
    description: 'The running digest that the caller computed; refused when ours is another one.',
    type: 'string',
    pattern: digestPattern.source,
    required: false,
  })
  digest?: string;
}

export class EventBody {
  @ApiProperty({
    description: 'The same in feed and webhook.',
    example: 'evt_0192f0c1-7f6e-7c1a-8a52-0f2d3c4b5a69',
  })
  id!: string;

  @ApiProperty({
    description: 'From 1, without gaps, for each party.',
    type: 'integer',
    example: 1,
  })
  sequence!: number;

  @ApiProperty({
    description:
      '`payment.confirmed`, `payment.result`, `payment.reversed`, `payment.refunded`, `payment.refund-returned` or ' +
      '`payment.corrected`; others may come.',
    example: 'payment.confirmed',
  })
  type!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T08:00:00.000Z' })
  timestamp!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { receiptNumber: '260000000001', amount: '150000.00', currency: 'TZS' },
  })
  data!: object;
}

export class FeedEntryBody {
  @ApiProperty({ type: () => EventBody })
  event!: EventBody;

  @ApiProperty({
    description:
      'SHA-256 of the digest before (32 zero bytes before the first) and the event as canonical JSON (RFC 8785).',
    example: zeroDigest,
  })
  digest!: string;
}

export class FeedBody {
  @ApiProperty({ type: () => FeedEntryBody, isArray: true })
  data!: FeedEntryBody[];

  @ApiProperty({ description: 'The last event there is.', type: 'integer', example: 1 })
  lastSequence!: number;

  @ApiProperty({ description: 'What was acknowledged.', type: 'integer', example: 0 })
  acknowledgedSequence!: number;
}

export class FeedPositionBody {
  @ApiProperty({ type: 'integer', example: 42 })
  acknowledgedSequence!: number;

  @ApiProperty({ type: 'integer', example: 57 })
  lastSequence!: number;

  @ApiProperty({ description: 'Our digest of the position asked.', example: zeroDigest })
  digest!: string;
}

export function showFeed({ events, lastSequence, acknowledgedSequence }: FeedPage): FeedBody {
  return {
    data: events.map(({ content, digest }) => ({
      event: JSON.parse(content) as EventBody,
      digest,
    })),
    lastSequence: Number(lastSequence),
    acknowledgedSequence: Number(acknowledgedSequence),
  };
}

export function showPosition(position: FeedPosition): FeedPositionBody {
  return {
    acknowledgedSequence: Number(position.acknowledgedSequence),
    lastSequence: Number(position.lastSequence),
    digest: position.digest,
  };
}
