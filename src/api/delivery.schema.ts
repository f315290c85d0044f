/** The log of deliveries as the JSON edge shows it. */
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { DeliveryAttemptView, DeliveryView } from '../deliveries/delivery-view';
import { WordField } from './fields';
import { NextField, PageQuery } from './paging';

/** What a recipient can tell apart; what is leased to a worker is waiting, as far as anybody else knows. */
export const deliveryStates = ['waiting', 'delivered', 'parked'] as const;
export type DeliveryStateWord = (typeof deliveryStates)[number];

export class DeliveryPath {
  @Matches(/^[1-9]\d{0,17}$/, { message: 'a number' })
  @ApiProperty({
    description: 'The id of the delivery.',
    pattern: '^[1-9]\\d{0,17}$',
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

  @ApiProperty({ description: 'What it is about.', example: 'SP70101/INV-2026-0001' })
  subject!: string;

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

export function showDeliveryLine(delivery: DeliveryView): DeliveryBody {
  const state =
    delivery.state === 'ready' || delivery.state === 'leased' ? 'waiting' : delivery.state;
  return {
    deliveryId: delivery.id.toString(),
    kind: delivery.kind,
    subject: delivery.subject,
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
