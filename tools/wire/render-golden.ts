/**
 * What the code makes of the given half of a golden case: the other half. Used by the spec, which compares, and by
 * tools/write-golden.ts, which writes. Bytes are whole bodies: envelope, message, signature.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CancellationResult } from '../../src/bills/cancel-bills';
import type { Enquiry } from '../../src/bills/find-payable-bill';
import { type AnswerFacts } from '../../src/gepg/codec';
import { openEnvelope, type SignedMessage, wrapSigned } from '../../src/gepg/envelope';
import { type InboundMessage, type Operation, operations } from '../../src/gepg/operations';
import { OutboundEncoder } from '../../src/gepg/outbound-encoder';
import { codecs, generationOf } from '../../src/gepg/protocol';
import { checkShape } from '../../src/gepg/shape';
import { digestOf } from '../../src/gepg/signer';
import { successCode } from '../../src/gepg/status-codes';
import { encodePaymentAnnounced } from '../../src/gepg/v4/encode';
import { encodePaymentAnswer, encodePaymentStatus } from '../../src/gepg/v5/encode';
import { projectRoot } from '../../src/installation';
import type { Party } from '../../src/parties/party-directory';
import type { FoundPayment } from '../../src/payments/find-payment';
import type { PaymentOfDay } from '../../src/payments/payment-of-day';
import { readPartyFile } from '../../src/parties/party-file.rules';
import type { Generation } from '../../src/parties/profile.rules';
import { signBytes } from '../../src/platform/crypto/signature';
import { sampleKeystore } from '../sandbox/sample-keys';
import {
  type AcknowledgementCase,
  type GivenAcknowledgement,
  type GivenRequest,
  readJson,
  type RequestCase,
  revive,
  type SentCase,
} from './golden-case';

const limits = { maxElements: 2_000, maxDepth: 16 };
/** In place of the random id of an answer. */
const answerId = '0199f0a0-0000-7000-8000-00000000000a';
const signers = { 'service-provider': 'SP70101', 'payment-service-provider': 'PSP701' } as const;

function signed(element: Buffer, signer: string, generation: Generation): Buffer {
  const { privateKey } = sampleKeystore(signer);
  return wrapSigned(element, signBytes(element, privateKey, digestOf[generation]), generation);
}

/** The sample institution, as the directory would give it. */
function institution(outputForm: SentCase['outputForm'], ackSignature?: 'required'): Party {
  const path = join(projectRoot, 'certs-sample', 'parties', 'SP70101.json');
  const { code, name, profile } = readPartyFile(readJson(path));
  const changes = { ...(outputForm && { outputForm }), ...(ackSignature && { ackSignature }) };
  const { publicKey } = sampleKeystore(code).certificate;
  const party = { kind: 'service-provider', code, name, profile: { ...profile, ...changes } };
  return { ...party, keys: [{ publicKey }] } as unknown as Party;
}

interface Read {
  readonly operation: Operation;
  readonly kind: InboundMessage;
  readonly message: SignedMessage;
}

function open(body: Buffer, given: GivenRequest): Read {
  const operation = operations.find(({ path }) => path === given.path);
  const message = openEnvelope(body, limits);
  const kind = operation?.messages.find(({ shape }) => shape.name === message.name);
  if (operation === undefined || kind === undefined)
    throw new Error(`${given.path} takes no ${message.name}`);
  return { operation, kind, message };
}

function elementOf(message: SignedMessage): Buffer {
  return message.candidates[0].bytes;
}

/** The body signed anew, by the party that may send it. */
export function signRequest(body: Buffer, given: GivenRequest): Buffer {
  const { operation, message } = open(body, given);
  return signed(elementOf(message), signers[operation.partyKind], message.generation);
}

export function readRequest(body: Buffer, given: GivenRequest): RequestCase {
  const { operation, kind, message } = open(body, given);
  const { unknownElements } = checkShape(message.root, kind.shape);
  return {
    path: given.path,
    gepgCom: given.gepgCom,
    flags: unknownElements,
    command: codecs[kind.generation].decode(operation.name, message.root, given.gepgCom),
    answer: given.answer,
  };
}

export function replyTo(body: Buffer, given: RequestCase): Buffer {
  const { generation } = open(body, given).kind;
  return signed(replyElement(body, given), 'gateway', generation);
}

/** The answer alone, as it is signed. */
export function replyElement(body: Buffer, given: RequestCase): Buffer {
  const { answer, command } = given;
  const { kind, message } = open(body, given);
  const requestDigest = createHash('sha256').update(elementOf(message)).digest('hex');
  const facts: AnswerFacts = {
    code: 'code' in answer ? answer.code : successCode,
    requestId: command.requestId,
    requestDigest: kind.generation === 'v4' ? '' : requestDigest,
    answerId,
  };
  return answerElement(answer, facts, kind, command);
}

function answerElement(
  answer: GivenRequest['answer'],
  facts: AnswerFacts,
  kind: InboundMessage,
  command: RequestCase['command'],
): Buffer {
  const codec = codecs[kind.generation];
  switch (answer.kind) {
    case 'acknowledgement':
      return codec.acknowledge(kind, facts);
    case 'bills':
      return codec.encodeBillsAnswered(answer.message, institution(undefined).profile);
    case 'cancellation':
      return codec.encodeCancellation(facts, answer.answers);
    case 'enquiry': {
      const number = command.kind === 'enquire' ? command.controlNumber : '';
      return codec.encodeEnquiry(facts, number, revive(answer.enquiry) as Enquiry, answer);
    }
    case 'payment': {
      const id = command.kind === 'receive-payment' ? command.notification.transactionId : '';
      return encodePaymentAnswer(facts, id, answer.receiptNumber);
    }
    case 'payment-status':
      return encodePaymentStatus(facts, answer.payment && (revive(answer.payment) as FoundPayment));
  }
}

export function renderSent(given: SentCase): Buffer {
  return signed(sentElement(given), 'gateway', generationOf(given.message.form));
}

/** The message alone, as it is signed. */
export function sentElement({ message, outputForm, rows = [], code }: SentCase): Buffer {
  const generation = generationOf(message.form);
  const codec = codecs[generation];
  const recipient = institution(outputForm);
  const { profile } = recipient;
  switch (message.kind) {
    case 'bills-answered':
      return codec.encodeBillsAnswered(message, profile);
    case 'payment-confirmed':
      return codec.encodePaymentConfirmed(message, profile);
    case 'payment-announced':
      return encodePaymentAnnounced(message);
    case 'payment-result':
      return codec.encodePaymentResult(message);
    case 'cancellation-answered': {
      const facts = { code: successCode, requestDigest: '', ...message };
      const result = message.result as CancellationResult;
      return codec.encodeCancellation(facts, [{ billId: message.billId, result }]);
    }
    case 'event':
    case 'payment-reversed':
    case 'payment-refunded':
    case 'payment-refund-returned':
    case 'payment-corrected':
      throw new Error('events are no XML');
    case 'day-batch': {
      const head = codec.day.encodeHead(message, recipient, code ?? successCode);
      const encoded = rows.map((row) => codec.day.encodeRow(revive(row) as PaymentOfDay, profile));
      return codec.day.wrap(head, encoded);
    }
  }
}

/** Signed anew by the institution, where it is signed at all. */
export function signAcknowledgement(body: Buffer): Buffer {
  if (!/<(?:gepgS|s)ignature>/.test(body.toString())) return body;
  const message = openEnvelope(body, limits);
  return signed(elementOf(message), signers['service-provider'], message.generation);
}

export function readAcknowledgement(
  body: Buffer,
  given: GivenAcknowledgement,
): AcknowledgementCase {
  const { httpStatus, ackSignature } = given;
  const recipient = institution(undefined, ackSignature);
  // Reading uses none of the encoder's parts.
  const encoder = Object.create(OutboundEncoder.prototype) as OutboundEncoder;
  const verdict = encoder.readAcknowledgement(recipient, httpStatus, body);
  return { httpStatus, ...(ackSignature && { ackSignature }), verdict };
}

export function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
