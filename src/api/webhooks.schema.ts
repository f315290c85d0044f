/** Webhook endpoints as the JSON edge takes and shows them. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayUnique, IsArray, IsDefined, IsIn, Matches, ValidateIf } from 'class-validator';
import { type EventType, eventTypes } from '../deliveries/feed-digest.rules';
import type { WebhookEndpoint } from '../deliveries/manage-webhooks';
import { UuidField, WordField } from './fields';

const endpointStates = ['on', 'off'] as const;

const address = /^https?:\/\/[\x21-\x7e]{1,500}$/;
const id = '0192f0c1-7f6e-7c1a-8a52-0f2d3c4b5a69';

const isGiven = (_object: object, value: unknown) => value !== undefined;

function UrlField(isOptional: boolean): PropertyDecorator {
  return applyDecorators(
    isOptional ? ValidateIf(isGiven) : IsDefined({ message: 'this field is missing' }),
    Matches(address, { message: 'an address that begins with https://' }),
    ApiProperty({
      description: 'https, and a public name.',
      type: 'string',
      pattern: address.source,
      required: !isOptional,
      example: 'https://fees.example.go.tz/malipo',
    }),
  );
}

function EventTypesField(): PropertyDecorator {
  return applyDecorators(
    ValidateIf(isGiven),
    IsIn(eventTypes, { each: true, message: `each one of ${eventTypes.join(', ')}` }),
    ArrayUnique({ message: 'each type once' }),
    IsArray({ message: 'a list of event types' }),
    ApiProperty({
      description: 'Only these; absent or empty for all.',
      type: 'string',
      isArray: true,
      enum: eventTypes,
      enumName: 'EventType',
      required: false,
      example: ['payment.confirmed'],
    }),
  );
}

export class WebhookPath {
  @UuidField({ description: 'Our id of the endpoint.', example: id })
  endpointId!: string;
}

export class WebhookInput {
  @UrlField(false)
  url!: string;

  @EventTypesField()
  eventTypes?: EventType[];
}

export class WebhookChange {
  @UrlField(true)
  url?: string;

  @EventTypesField()
  eventTypes?: EventType[];

  @WordField({
    description: 'Switch it off or on again; what it missed is in the feed, and can be sent again.',
    words: endpointStates,
    name: 'EndpointState',
    example: 'on',
    optional: true,
  })
  state?: (typeof endpointStates)[number];
}

export class WebhookBody {
  @ApiProperty({ example: id })
  id!: string;

  @ApiProperty({
    description:
      'Nothing is sent to an endpoint that is off; one that answers 410 is switched off.',
    enum: endpointStates,
    enumName: 'EndpointState',
    example: 'on',
  })
  state!: (typeof endpointStates)[number];

  @ApiProperty({ example: 'https://fees.example.go.tz/malipo' })
  url!: string;

  @ApiProperty({ description: 'Empty: all.', type: 'string', isArray: true, example: [] })
  eventTypes!: string[];

  @ApiProperty({ format: 'date-time', example: '2026-11-24T08:00:00.000Z' })
  createdAt!: string;
}

export class NewWebhookBody extends WebhookBody {
  @ApiProperty({
    description: 'What messages are signed with, after Standard Webhooks. Shown here alone.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  secret!: string;
}

export class WebhookListBody {
  @ApiProperty({ type: () => WebhookBody, isArray: true })
  data!: WebhookBody[];
}

export class SecretBody {
  @ApiProperty({
    description: 'The new secret. The one before signs beside it for 24 hours.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  secret!: string;
}

export function showWebhook(endpoint: WebhookEndpoint): WebhookBody {
  return {
    id: endpoint.id,
    state: endpoint.switchedOffAt === null ? 'on' : 'off',
    url: endpoint.url,
    eventTypes: [...endpoint.eventTypes],
    createdAt: endpoint.createdAt.toISOString(),
  };
}
