/**
 * Implements the delivery port in the recipient's protocol: message to signed bytes, and the recipient's answer to a
 * verdict. An acknowledgement is HTTP 2xx with 7101 in the first status element, whatever its root is called and
 * whether it is signed; 7101 under another status is flagged and is none (rulings.md §4, gepg-decisions A8).
 */
import { Injectable } from '@nestjs/common';
import type { CancellationResult } from '../bills/cancel-bills';
import { type Acknowledgement, DeliveryEncoder } from '../deliveries/delivery-encoder';
import type { DeliveryMessage } from '../deliveries/delivery-message';
import type { Party } from '../parties/party-directory';
import type { Generation } from '../parties/profile.rules';
import { isSignedBy } from '../platform/crypto/signature';
import { EncodeDayBatch } from './encode-day-batch';
import { openEnvelope } from './envelope';
import { codecs, generationOf } from './protocol';
import { Signer } from './signer';
import { successCode } from './status-codes';
import { encodePaymentAnnounced } from './v4/encode';

/** The first element whose name ends like a status code; acks come without envelope, unsigned and misspelt. */
const firstStatus = /<(?:\w*StsCode)\s*>\s*([^<]*?)\s*</;

@Injectable()
export class OutboundEncoder implements DeliveryEncoder {
  constructor(
    private readonly signer: Signer,
    private readonly dayBatch: EncodeDayBatch,
  ) {}

  async encode(message: DeliveryMessage, recipient: Party): Promise<Buffer> {
    const generation = generationOf(message.form);
    const element = await this.element(message, recipient, generation);
    return this.signer.sign(element, generation, recipient.profile.gatewaySignature);
  }

  private async element(
    message: DeliveryMessage,
    recipient: Party,
    generation: Generation,
  ): Promise<Buffer> {
    const codec = codecs[generation];
    switch (message.kind) {
      case 'bills-answered':
        return codec.encodeBillsAnswered(message, recipient.profile);
      case 'payment-confirmed':
        return codec.encodePaymentConfirmed(message, recipient.profile);
      case 'payment-announced':
        return encodePaymentAnnounced(message);
      case 'payment-result':
        return codec.encodePaymentResult(message);
      case 'cancellation-answered':
        return codec.encodeCancellation(
          {
            code: successCode,
            requestId: message.requestId,
            requestDigest: '',
            answerId: message.answerId,
          },
          [{ billId: message.billId, result: message.result as CancellationResult }],
        );
      case 'event':
      case 'payment-reversed':
      case 'payment-refunded':
      case 'payment-refund-returned':
      case 'payment-corrected':
        throw new Error('events go out as webhooks');
      case 'day-batch':
        return this.dayBatch.execute(message, recipient, generation);
    }
  }

  headers(message: DeliveryMessage, recipient: Party): Readonly<Record<string, string>> {
    const kind = recipient.kind === 'service-provider' ? 'sp' : 'psp';
    return {
      'content-type': 'application/xml',
      'gepg-com': `default.${kind}.in`,
      'gepg-code': recipient.code,
      ...(generationOf(message.form) === 'v5' ? { 'gepg-alg': '00S2' } : {}),
    };
  }

  readAcknowledgement(recipient: Party, httpStatus: number, body: Buffer): Acknowledgement {
    const code = firstStatus.exec(body.toString('utf8'))?.[1];
    const isHttpSuccess = httpStatus >= 200 && httpStatus < 300;
    if (code === undefined) {
      return {
        isAccepted: false,
        outcome: isHttpSuccess ? 'no-acknowledgement' : `http-${String(httpStatus)}`,
        flags: [],
      };
    }
    if (!isHttpSuccess) {
      const flags = code === successCode ? ['acknowledged-under-http-error'] : [];
      return { isAccepted: false, outcome: `http-${String(httpStatus)}`, flags };
    }
    if (code !== successCode)
      return { isAccepted: false, outcome: `refused-${code.slice(0, 20)}`, flags: [] };
    const isSigned = isAckSigned(recipient, body);
    if (!isSigned && recipient.profile.ackSignature === 'required') {
      return { isAccepted: false, outcome: 'acknowledgement-unsigned', flags: [] };
    }
    return {
      isAccepted: true,
      outcome: 'acknowledged',
      flags: isSigned ? [] : ['acknowledgement-unsigned'],
    };
  }
}

function isAckSigned(recipient: Party, body: Buffer): boolean {
  try {
    const { candidates, signature, generation } = openEnvelope(body, {
      maxElements: 50,
      maxDepth: 8,
    });
    return (
      signature !== undefined &&
      candidates.some(({ bytes }) =>
        recipient.keys.some((key) =>
          recipient.profile.digests[generation].some((digest) =>
            isSignedBy(bytes, signature, key.publicKey, digest),
          ),
        ),
      )
    );
  } catch {
    return false;
  }
}
