/**
 * What every generation of the protocol provides: bytes to commands, answers and deliveries to bytes. Pure, without
 * signatures. The two implementations are v4/codec and v5/codec; protocol.ts is the table of them.
 */
import type { CancellationAnswer } from '../bills/cancel-bills';
import type { Enquiry } from '../bills/find-payable-bill';
import type {
  BillsAnswered,
  DayBatch,
  PaymentConfirmed,
  PaymentResult,
} from '../deliveries/delivery-message';
import type { Party } from '../parties/party-directory';
import type { Profile } from '../parties/profile.rules';
import type { PaymentOfDay } from '../payments/payment-of-day';
import type { Command } from './commands';
import type { InboundMessage, OperationName } from './operations';
import type { XmlElement } from './xml';

/** What an answer refers to. In generation 4 acknowledgements hold the code alone, so that they are constant. */
export interface AnswerFacts {
  readonly code: string;
  /** As the request gave it; '' when it was not understood. */
  readonly requestId: string;
  /** SHA-256 of the signed bytes of the request, in hexadecimal; '' when it was not understood (SIG-11). */
  readonly requestDigest: string;
  /** Ours: new for every answer. */
  readonly answerId: string;
}

/** Codes of the parties that a message names in its body. */
export interface Claims {
  /** Of the party itself, or of those that a combined bill names; in the order of the message. */
  readonly codes: readonly string[];
  /** Of a group, or of a party that stands for one; '' where the message has none. */
  readonly groupCode: string;
}

/** A day's payments in one message, in pieces, so that a large day is not encoded in one go. */
export interface DayCodec {
  encodeHead(message: DayBatch, sp: Party, code: string): Buffer;
  encodeRow(row: PaymentOfDay, profile: Profile): Buffer;
  wrap(head: Buffer, rows: readonly Buffer[]): Buffer;
}

export interface Codec {
  decode(operation: OperationName, root: XmlElement, comHeader: string): Command;
  claims(root: XmlElement): Claims;
  acknowledge(message: InboundMessage, facts: AnswerFacts): Buffer;
  encodeCancellation(facts: AnswerFacts, answers: readonly CancellationAnswer[]): Buffer;
  encodeEnquiry(
    facts: AnswerFacts,
    controlNumber: string,
    enquiry: Enquiry,
    form: { readonly showsContact: boolean; readonly layout: 'A' | 'B' },
  ): Buffer;
  encodeBillsAnswered(message: BillsAnswered, profile: Profile): Buffer;
  encodePaymentConfirmed(message: PaymentConfirmed, profile: Profile): Buffer;
  encodePaymentResult(message: PaymentResult): Buffer;
  readonly day: DayCodec;
}
