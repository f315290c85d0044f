/**
 * Implements the delivery port for the webhook form: the body is the event's text as the feed has it, the same for ever;
 * time and signature are made anew for each attempt (rulings.md §5). Any 2xx is an acknowledgement.
 */
import { Injectable } from '@nestjs/common';
import { SystemClock } from '../kernel/clock';
import type { Party } from '../parties/party-directory';
import { Database } from '../platform/database/database';
import type { Acknowledgement, DeliveryEncoder } from './delivery-encoder';
import type { DeliveryMessage, EventPushed } from './delivery-message';
import { FeedStore } from './feed.store';
import { WebhookSecrets } from './webhook-secrets';
import { webhookSignatures, webhookTimestamp } from './webhook-signature.rules';

@Injectable()
export class WebhookEncoder implements DeliveryEncoder {
  /** Receivers compare with their own clocks, which the sandbox's clock is not. */
  private readonly clock = new SystemClock();

  constructor(
    private readonly database: Database,
    private readonly feed: FeedStore,
    private readonly secrets: WebhookSecrets,
  ) {}

  async encode(message: DeliveryMessage, recipient: Party): Promise<Buffer> {
    const { sequence } = pushed(message);
    const text = await this.feed.textOf(this.database.reader, recipient.id, BigInt(sequence));
    if (text === undefined) throw new Error(`event ${sequence} of ${recipient.code} is gone`);
    return Buffer.from(text);
  }

  async headers(
    message: DeliveryMessage,
    _recipient: Party,
    body: Buffer,
  ): Promise<Readonly<Record<string, string>>> {
    const { endpointId, eventId } = pushed(message);
    const secrets = await this.secrets.inUse(endpointId);
    const timestamp = webhookTimestamp(this.clock.now());
    return {
      'content-type': 'application/json',
      'webhook-id': eventId,
      'webhook-timestamp': timestamp,
      'webhook-signature': webhookSignatures(secrets, eventId, timestamp, body),
    };
  }

  readAcknowledgement(_recipient: Party, httpStatus: number): Acknowledgement {
    const isAccepted = httpStatus >= 200 && httpStatus < 300;
    return {
      isAccepted,
      outcome: isAccepted ? 'acknowledged' : `http-${String(httpStatus)}`,
      flags: [],
    };
  }
}

function pushed(message: DeliveryMessage): EventPushed {
  if (message.kind !== 'event') throw new Error(`${message.kind} is no webhook`);
  return message;
}
