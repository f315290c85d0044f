/** Which of the messages we owe are events of the recipient's feed, and what the event says. */
import type { CanonicalValue } from '../kernel/canonical-json';
import { formatAmount, parsePlainAmount } from '../kernel/money';
import type { DeliveryMessage, PaymentAmended } from './delivery-message';
import type { NewDelivery } from './delivery.store';
import type { EventType } from './feed-digest.rules';

export interface NewEvent {
  readonly partyId: number;
  /** Ours, the same in feed and webhooks; without dots, which Standard Webhooks sign with. */
  readonly eventId: string;
  readonly type: EventType;
  readonly subject: string;
  readonly data: CanonicalValue;
}

/**
 * Every confirmation is an event, whatever form it is pushed in; other messages are when their form is the webhook,
 * since webhooks are sent from the feed.
 */
export function eventOf({ recipientId, subject, message }: NewDelivery): NewEvent | undefined {
  const told = tell(message);
  return told && { partyId: recipientId, subject, ...told };
}

const amendedTypes = {
  'payment-reversed': 'payment.reversed',
  'payment-refunded': 'payment.refunded',
  'payment-refund-returned': 'payment.refund-returned',
  'payment-corrected': 'payment.corrected',
} as const satisfies Record<PaymentAmended['kind'], EventType>;

/** What only the sending of a message needs; canonical JSON leaves it out. */
const notTold = { kind: undefined, form: undefined };

function tell(message: DeliveryMessage): Pick<NewEvent, 'eventId' | 'type' | 'data'> | undefined {
  switch (message.kind) {
    case 'payment-confirmed': {
      const paid = message.parts.map((part) => parsePlainAmount(part.paidAmount));
      const amount = formatAmount(paid.reduce((sum, each) => sum + each, 0n));
      return {
        eventId: `evt_${message.paymentId}`,
        type: 'payment.confirmed',
        data: { ...message, ...notTold, amount },
      };
    }
    case 'payment-result': {
      if (message.form !== 'webhook') return undefined;
      return {
        eventId: `evt_${message.resultId}`,
        type: 'payment.result',
        data: { ...message, ...notTold },
      };
    }
    case 'payment-reversed':
    case 'payment-refunded':
    case 'payment-refund-returned':
    case 'payment-corrected':
      return {
        eventId: `evt_${message.amendmentId}`,
        type: amendedTypes[message.kind],
        data: { ...message, ...notTold },
      };
    default:
      return undefined;
  }
}
