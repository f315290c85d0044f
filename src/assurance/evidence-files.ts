/**
 * The files of a bundle from what is kept of a payment. With the payer hidden, the messages, what was sent and its answers
 * are left out, since they hold the payer as he came; their digests stay.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { jwsHeader } from '../platform/crypto/detached-jws';
import { masked } from '../payments/payer.rules';
import type {
  EvidenceAttempt,
  EvidenceBill,
  EvidenceDelivery,
  EvidenceMatch,
  EvidenceMessage,
  EvidencePosting,
} from './evidence.store';
import type { KeptPayment } from './kept-columns';
import type { SettlementLine } from './settlement-lines.store';
import { type Signed, signedOf, type SignedPartsReader } from './signed-parts';

/** All that is kept of one payment, of one instant. */
export interface PaymentCase {
  readonly payment: KeptPayment;
  readonly bills: readonly EvidenceBill[];
  readonly notification: object | undefined;
  readonly changes: readonly object[];
  readonly messages: readonly EvidenceMessage[];
  readonly deliveries: readonly EvidenceDelivery[];
  readonly attempts: readonly EvidenceAttempt[];
  readonly postings: readonly EvidencePosting[];
  readonly matches: readonly EvidenceMatch[];
  readonly settlement: readonly SettlementLine[];
}

/** Amounts are texts of minor units, instants ISO 8601 in UTC. */
export function jsonFile(value: unknown): Buffer {
  const text = JSON.stringify(
    value,
    (_name, each: unknown) => (typeof each === 'bigint' ? each.toString() : each),
    2,
  );
  return Buffer.from(`${text}\n`);
}

export function withoutPayer(found: PaymentCase): PaymentCase {
  return { ...found, payment: masked(found.payment), bills: found.bills.map(masked) };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const endingOf = (bytes: Buffer): 'json' | 'xml' | 'txt' =>
  bytes[0] === 0x7b ? 'json' : bytes.includes('<') ? 'xml' : 'txt';

/** Public keys as PEM, as `openssl dgst -verify` reads them. */
export function publicKeyOf(certificatePem: string): Buffer {
  const key = new X509Certificate(certificatePem).publicKey;
  return Buffer.from(key.export({ type: 'spki', format: 'pem' }));
}

function offsetOf({ body }: EvidenceMessage, { bytes, jws }: Signed): number | null {
  const offset = jws === undefined ? body.indexOf(bytes) : -1;
  return offset < 0 ? null : offset;
}

function messageFiles(
  message: EvidenceMessage,
  place: number,
  parts: SignedPartsReader,
  hidesPayer: boolean,
): readonly [string, Buffer][] {
  const folder = `messages/${String(place + 1)}-${message.part}`;
  const { body, pem, headers, ...facts } = message;
  const jws = headers[jwsHeader];
  const signed = signedOf({ ...message, jws }, parts);
  const file = `message.${endingOf(body)}`;
  const files: [string, Buffer][] = [
    [
      `${folder}/facts.json`,
      jsonFile({
        ...facts,
        file: hidesPayer ? null : file,
        // Where the signed bytes begin in the message; null where it was repaired before it was verified.
        offset: signed === undefined ? null : offsetOf(message, signed),
        jws,
        // RSA with PKCS #1 v1.5 and the digest above, where it is not a JWS that names its own.
        algorithm: signed && (signed.jws?.algorithm ?? 'RS'),
      }),
    ],
  ];
  if (pem !== null) {
    files.push([`${folder}/certificate.pem`, Buffer.from(pem)]);
    files.push([`${folder}/public-key.pem`, publicKeyOf(pem)]);
  }
  if (hidesPayer) return files;
  files.push([`${folder}/${file}`, body]);
  if (signed !== undefined) {
    files.push([`${folder}/signed.bin`, signed.bytes]);
    files.push([`${folder}/signature.bin`, signed.signature]);
  }
  return files;
}

function deliveryFiles(
  { body, ...delivery }: EvidenceDelivery,
  attempts: readonly EvidenceAttempt[],
  hidesPayer: boolean,
): readonly [string, Buffer][] {
  const folder = `deliveries/${String(delivery.id)}`;
  const own = attempts.filter(({ deliveryId }) => deliveryId === delivery.id);
  const files: [string, Buffer][] = [
    [
      `${folder}/facts.json`,
      jsonFile({
        ...delivery,
        bodyDigest: body && sha256(body),
        attempts: own.map(({ answer, ...each }) => ({
          ...each,
          answerDigest: answer && sha256(answer),
        })),
      }),
    ],
  ];
  if (hidesPayer) return files;
  if (body !== null) files.push([`${folder}/sent.${endingOf(body)}`, body]);
  for (const { attempt, answer } of own)
    if (answer !== null && answer.length > 0)
      files.push([`${folder}/answer-${String(attempt)}.${endingOf(answer)}`, answer]);
  return files;
}

/** Without story, trail, README and list. */
export function caseFiles(
  found: PaymentCase,
  parts: SignedPartsReader,
  hidesPayer: boolean,
): readonly [string, Buffer][] {
  const shown = hidesPayer ? withoutPayer(found) : found;
  return [
    ['case/payment.json', jsonFile({ ...shown.payment, changes: shown.changes })],
    ['case/bills.json', jsonFile(shown.bills)],
    ['case/notification.json', jsonFile(shown.notification ?? null)],
    ...found.messages.flatMap((each, place) => messageFiles(each, place, parts, hidesPayer)),
    ...found.deliveries.flatMap((each) => deliveryFiles(each, found.attempts, hidesPayer)),
    ['ledger/postings.json', jsonFile(found.postings)],
    ['reconciliation/matches.json', jsonFile(found.matches)],
    ['settlement/settlement.json', jsonFile(found.settlement)],
  ];
}
