/** The log of deliveries as the JSON edge shows it. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import type { BusinessDay } from '../kernel/business-day';
import type { DeliveryAttemptView, DeliveryView } from '../deliveries/delivery-view';
import { ControlNumberField, DayField, IdentifierField, ObjectField, WordField } from './fields';
import { NextField, PageQuery } from './paging';

/** What a recipient can tell apart; what is leased to a worker is waiting, as far as anybody else knows. */
export const deliveryStates = ['waiting', 'delivered', 'parked'] as const;
export type DeliveryStateWord = (typeof deliveryStates)[number];

const deliveryId = /^[1-9]\d{0,17}$/;

export class DeliveryPath {
  @Matches(deliveryId, { message: 'a number' })
  @ApiProperty({
    description: 'The id of the delivery.',
    pattern: deliveryId.source,
    example: '4711',
  })
  deliveryId!: string;
}

export class DeliverySearch extends PageQuery {
  @WordField({
    description: 'Where it stands.',
    words: deliveryStates,
    name: 'DeliveryState',
    optional: true,
  })
  state?: DeliveryStateWord;
}

export class DeliveryBody {
  @ApiProperty({ example: '4711' })
  deliveryId!: string;

  @ApiProperty({ description: 'What it says.', example: 'payment-confirmed' })
  kind!: string;

  @ApiProperty({
    description: 'What it is about: a control number, or PSP and transaction id.',
    example: '997010000015',
  })
  subject!: string;

  @ApiProperty({
    description: 'The webhook endpoint; null for the address of the party file.',
    type: 'string',
    nullable: true,
    example: null,
  })
  endpointId!: string | null;

  @ApiProperty({ enum: deliveryStates, enumName: 'DeliveryState', example: 'delivered' })
  state!: DeliveryStateWord;

  @ApiProperty({ type: 'integer', example: 1 })
  attemptCount!: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:00:00.130Z' })
  createdAt!: string;

  @ApiProperty({
    description: 'While it waits.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  nextAttemptAt!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-24T09:00:00.310Z',
  })
  settledAt!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'acknowledged' })
  lastOutcome!: string | null;
}

export class DeliveryAttemptBody {
  @ApiProperty({ type: 'integer', example: 1 })
  attempt!: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:00:00.200Z' })
  startedAt!: string;

  @ApiProperty({ type: 'integer', example: 110 })
  durationMs!: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 200 })
  httpStatus!: number | null;

  @ApiProperty({ example: 'acknowledged' })
  outcome!: string;
}

export class DeliveryDetailBody extends DeliveryBody {
  @ApiProperty({ type: () => DeliveryAttemptBody, isArray: true })
  attempts!: DeliveryAttemptBody[];
}

export class DeliveryListBody {
  @ApiProperty({ type: () => DeliveryBody, isArray: true })
  data!: DeliveryBody[];

  @NextField()
  next!: string | null;
}

const mostIds = 100;
const idsMessage = `a list of 1 to ${String(mostIds)} ids`;

function SequenceField(description: string, example: number): PropertyDecorator {
  return applyDecorators(
    IsInt({ message: 'a whole number' }),
    Min(1, { message: 'a number from 1 on' }),
    Max(Number.MAX_SAFE_INTEGER, { message: 'a smaller number' }),
    ApiProperty({ description, type: 'integer', minimum: 1, example }),
  );
}

export class EventRange {
  @SequenceField('The first event.', 41)
  from!: number;

  @SequenceField('The last event, which belongs to the range.', 57)
  to!: number;
}

/** Exactly one field of it; the use of two at once would have to be guessed. */
export class ResendInput {
  @ValidateIf((_object, value) => value !== undefined)
  @Matches(deliveryId, { each: true, message: 'each the id of a delivery' })
  @ArrayMaxSize(mostIds, { message: idsMessage })
  @ArrayMinSize(1, { message: idsMessage })
  @IsArray({ message: idsMessage })
  @ApiProperty({
    description: 'These deliveries.',
    type: 'string',
    isArray: true,
    minItems: 1,
    maxItems: mostIds,
    required: false,
    example: ['4711'],
  })
  deliveryIds?: string[];

  @ObjectField(
    { description: 'The events of the feed with these numbers.', optional: true },
    () => EventRange,
  )
  events?: EventRange;

  @IdentifierField({
    description: "Everything about a bill. For institutions; the institution's own number of it.",
    example: 'INV-2026-0001',
    optional: true,
  })
  billId?: string;

  @ControlNumberField({
    description: 'Everything about a control number, which may be that of a group of bills.',
    example: '997010000015',
    optional: true,
  })
  controlNumber?: string;

  @IdentifierField({
    description: "The result of a payment. For PSPs; the PSP's own transaction id.",
    example: 'TX-2026-0001',
    optional: true,
  })
  transactionId?: string;

  @DayField({
    description: 'Everything that came to be owed on a day.',
    example: '2026-11-24',
    optional: true,
  })
  day?: BusinessDay;
}

export class ResentBody {
  @ApiProperty({
    description:
      'How many are sent again now. Left out is what is under way, what was sent again within the last minute, and what an endpoint that is off would get.',
    type: 'integer',
    example: 17,
  })
  count!: number;
}

export function showDeliveryLine(delivery: DeliveryView): DeliveryBody {
  const state =
    delivery.state === 'ready' || delivery.state === 'leased' ? 'waiting' : delivery.state;
  return {
    deliveryId: delivery.id.toString(),
    kind: delivery.kind,
    subject: delivery.subject,
    endpointId: delivery.endpoint === '' ? null : delivery.endpoint,
    state,
    attemptCount: delivery.attemptCount,
    createdAt: delivery.createdAt.toISOString(),
    nextAttemptAt: state === 'waiting' ? delivery.nextAttemptAt.toISOString() : null,
    settledAt: delivery.settledAt?.toISOString() ?? null,
    lastOutcome: delivery.lastOutcome,
  };
}

function showAttempt(attempt: DeliveryAttemptView): DeliveryAttemptBody {
  const { startedAt, durationMs, httpStatus, outcome } = attempt;
  return {
    attempt: attempt.attempt,
    startedAt: startedAt.toISOString(),
    durationMs,
    httpStatus,
    outcome,
  };
}

export function showDelivery(
  delivery: DeliveryView,
  attempts: readonly DeliveryAttemptView[],
): DeliveryDetailBody {
  return Object.assign(showDeliveryLine(delivery), { attempts: attempts.map(showAttempt) });
}
