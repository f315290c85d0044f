/**
 * Implements the delivery port in the recipient's protocol: message to signed bytes, and the recipient's answer to a
 * verdict. An acknowledgement is HTTP 2xx with 7101 in the first status element, whatever its root is called and
 * whether it is signed; 7101 under another status is flagged and is none (rulings.md §4, gepg-decisions A8).
 */
import { Injectable } from '@nestjs/common';
import { type Acknowledgement, DeliveryEncoder } from '../deliveries/delivery-encoder';
import type { DeliveryMessage } from '../deliveries/delivery-message';
import type { Party } from '../parties/party-directory';
import { isSignedBy } from '../platform/crypto/signature';
import { openEnvelope } from './envelope';
import { Signer } from './signer';
import { successCode } from './status-codes';
import { encodeBillsAnswered, encodePaymentConfirmed, encodePaymentResult } from './v4/codec';

/** The first element whose name ends like a status code; acks come without envelope, unsigned and misspelt. */
const firstStatus = /<(?:\w*StsCode)\s*>\s*([^<]*?)\s*</;

@Injectable()
export class OutboundEncoder implements DeliveryEncoder {
  constructor(private readonly signer: Signer) {}

  encode(message: DeliveryMessage): Buffer {
    switch (message.kind) {
      case 'bills-answered':
        return this.signer.sign(encodeBillsAnswered(message), 'v4');
      case 'payment-confirmed':
        return this.signer.sign(encodePaymentConfirmed(message), 'v4');
      case 'payment-result':
        return this.signer.sign(encodePaymentResult(message), 'v4');
    }
  }

  headers(recipient: Party): Readonly<Record<string, string>> {
    const kind = recipient.kind === 'service-provider' ? 'sp' : 'psp';
    return {
      'content-type': 'application/xml',
      'gepg-com': `default.${kind}.in`,
      'gepg-code': recipient.code,
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
    const { candidates, signature } = openEnvelope(body, { maxElements: 50, maxDepth: 8 });
    return (
      signature !== undefined &&
      candidates.some(({ bytes }) =>
        recipient.keys.some((key) =>
          recipient.profile.digests.some((digest) =>
            isSignedBy(bytes, signature, key.publicKey, digest),
          ),
        ),
      )
    );
  } catch {
    return false;
  }
}
