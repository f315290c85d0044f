/**
 * Port: turns a message into the recipient's bytes, and reads the recipient's acknowledgement. The protocol edge
 * implements it; deliveries know neither XML nor codes.
 */
import type { Party } from '../parties/party-directory';
import type { DeliveryMessage } from './delivery-message';

export interface Acknowledgement {
  readonly isAccepted: boolean;
  /** What the attempt is recorded as: `acknowledged`, `no-acknowledgement`, `refused-7102`, `http-500` … */
  readonly outcome: string;
  readonly flags: readonly string[];
}

export abstract class DeliveryEncoder {
  /** Signed, and the same for ever once kept; may read what the message only refers to. */
  abstract encode(message: DeliveryMessage, recipient: Party): Promise<Buffer>;
  /** For one attempt: what signs the moment of sending is made anew each time. */
  abstract headers(
    message: DeliveryMessage,
    recipient: Party,
    body: Buffer,
  ): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  abstract readAcknowledgement(recipient: Party, httpStatus: number, body: Buffer): Acknowledgement;
}
