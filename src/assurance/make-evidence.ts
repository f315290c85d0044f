/**
 * "Prove this shilling": all that is kept of one payment as a ZIP that a stranger can verify: messages byte for byte with
 * the certificates that verified them, the books, the statement's line, the bank's, the audit trail with proofs of its
 * chain, a story for people, and a list of all files that the gateway's key signs. That it was made, by whom and with
 * which list, stands in the audit trail before anybody gets it.
 */
import { createHash, sign } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Zippable, zipSync } from 'fflate';
import { Refusal } from '../kernel/refusal';
import { AuditChain } from '../platform/audit/audit-chain';
import { blockText } from '../platform/audit/audit-chain.rules';
import { AuditTrail } from '../platform/audit/audit-trail';
import { type EventProof, ProveEvent } from '../platform/audit/prove-event';
import { Secrets } from '../platform/config/secrets';
import { Database, type Reader } from '../platform/database/database';
import type { Language } from '../platform/locale/locale';
import { certificateName, manifestName, manifestOf, signatureName } from './evidence-bundle.rules';
import { caseFiles, jsonFile, type PaymentCase, publicKeyOf, withoutPayer } from './evidence-files';
import { readmeOf } from './evidence-readme';
import { type StoryEvent, storyOf } from './evidence-story';
import { EvidenceStore } from './evidence.store';
import { SettlementLinesStore } from './settlement-lines.store';
import { SignedPartsReader } from './signed-parts';

export interface EvidenceWish {
  readonly paymentId: string;
  readonly madeBy: string;
  readonly language: Language;
  /** Masks the payer and leaves out what holds him as he came. */
  readonly hidesPayer: boolean;
}

export interface EvidenceBundle {
  readonly fileName: string;
  readonly zip: Buffer;
  /** SHA-256 of the list of files, hexadecimal; the audit trail has it too. */
  readonly manifestDigest: string;
}

/** What names a payment: exactly one of receipt, control number and PSP transaction id; `psp` narrows it down. */
export interface PaymentKey {
  readonly receipt?: string;
  readonly controlNumber?: string;
  readonly transaction?: string;
  readonly psp?: string;
}

/** What `bundle.json` says of itself. */
const bundleFormat = 'malipo-evidence-1';

@Injectable()
export class MakeEvidence {
  constructor(
    private readonly database: Database,
    private readonly store: EvidenceStore,
    private readonly settlement: SettlementLinesStore,
    private readonly parts: SignedPartsReader,
    private readonly prove: ProveEvent,
    private readonly chain: AuditChain,
    private readonly audit: AuditTrail,
    private readonly secrets: Secrets,
  ) {}

  /** Refuses: evidence.payment-unknown, evidence.payment-ambiguous (the receipts of all are named). */
  async find(key: PaymentKey): Promise<string> {
    const found = await this.store.find(this.database.reader, key);
    const [only] = found;
    if (only === undefined)
      throw new Refusal('evidence.payment-unknown', 'there is no such payment', 'not-found');
    if (found.length > 1) {
      const receipts = found.map(({ receiptNumber }) => receiptNumber).join(', ');
      throw new Refusal(
        'evidence.payment-ambiguous',
        `there are several such payments; name one by its receipt: ${receipts}`,
        'conflict',
      );
    }
    return only.id;
  }

  /** Refuses: evidence.payment-unknown. */
  async execute(wish: EvidenceWish): Promise<EvidenceBundle> {
    const { found, subjects, madeAt } = await this.database.snapshot(async (reader) => {
      const gathered = await this.gather(reader, wish.paymentId);
      return { ...gathered, madeAt: await this.now(reader) };
    });
    const { payment } = found;
    const trail = await this.trail(subjects);
    const { certificate, privateKey } = this.secrets.gateway;
    const story = await storyOf(wish.hidesPayer ? withoutPayer(found) : found, trail.events, {
      ...wish,
      madeAt,
    });
    const files = new Map<string, Buffer>([
      [
        'bundle.json',
        jsonFile({
          format: bundleFormat,
          paymentId: payment.id,
          receiptNumber: payment.receiptNumber,
          madeAt,
          madeBy: wish.madeBy,
          payer: wish.hidesPayer ? 'hidden' : 'shown',
          gatewayCertificate: certificate.fingerprint,
        }),
      ],
      ['README.txt', readmeOf(payment.receiptNumber, certificate.fingerprint, wish.hidesPayer)],
      ['story.pdf', story],
      ...caseFiles(found, this.parts, wish.hidesPayer),
      ...trail.files,
      [certificateName, Buffer.from(certificate.pem)],
      ['gateway-public-key.pem', publicKeyOf(certificate.pem)],
    ]);
    const manifest = manifestOf(files);
    const manifestDigest = createHash('sha256').update(manifest).digest('hex');
    files.set(manifestName, manifest).set(signatureName, sign('sha256', manifest, privateKey));
    await this.database.transaction((tx) =>
      this.audit.record(tx, {
        actor: wish.madeBy,
        action: 'evidence.made',
        subject: payment.id,
        detail: {
          receipt: payment.receiptNumber,
          payer: wish.hidesPayer ? 'hidden' : 'shown',
          manifest: manifestDigest,
        },
      }),
    );
    return {
      fileName: `evidence-${payment.receiptNumber}.zip`,
      zip: zipped(files, madeAt),
      manifestDigest,
    };
  }

  private async gather(
    reader: Reader,
    paymentId: string,
  ): Promise<{ readonly found: PaymentCase; readonly subjects: readonly string[] }> {
    const payment = await this.store.payment(reader, paymentId);
    if (payment === undefined)
      throw new Refusal('evidence.payment-unknown', 'there is no such payment', 'not-found');
    const bills = await this.store.bills(reader, paymentId);
    const billIds = bills.map(({ id }) => id);
    const deliveries = await this.store.deliveries(reader, payment, bills);
    const found: PaymentCase = {
      payment,
      bills,
      deliveries,
      notification: await this.store.notification(reader, paymentId),
      changes: await this.store.changes(reader, paymentId),
      messages: await this.store.messages(reader, [paymentId], billIds),
      attempts: await this.store.attempts(
        reader,
        deliveries.map(({ id }) => id),
      ),
      postings: await this.store.postings(reader, paymentId),
      matches: await this.store.matches(reader, paymentId),
      settlement: await this.settlement.ofPayments(reader, [paymentId]),
    };
    const subjects = [
      payment.id,
      payment.controlNumber,
      `${payment.psp}/${payment.transactionId}`,
      ...bills.flatMap(({ id, sp, billId }) => [id, `${sp}/${billId}`]),
    ];
    return { found, subjects };
  }

  /** The last events may not be sealed yet; they are listed, and bear no proof. */
  private async trail(subjects: readonly string[]): Promise<{
    readonly events: readonly StoryEvent[];
    readonly files: readonly [string, Buffer][];
  }> {
    const { reader } = this.database;
    const events: StoryEvent[] = [];
    const files: [string, Buffer][] = [];
    for (const event of await this.store.events(reader, subjects)) {
      const proof = await this.proof(event.id);
      const block = proof && (JSON.parse(proof.block) as { sequence: string }).sequence;
      events.push({ ...event, block: block ?? null });
      if (proof !== undefined) files.push(...proofFiles(event.id, proof));
    }
    files.push(['audit/events.json', jsonFile(events)]);
    const head = await this.chain.head(reader);
    if (head !== undefined) {
      files.push(['audit/head.json', Buffer.from(blockText(head))]);
      files.push(['audit/head.sig', head.signature]);
      files.push(['audit/head-key.pem', pemOf(head.publicKey)]);
    }
    return { events, files };
  }

  private async proof(id: bigint): Promise<EventProof | undefined> {
    try {
      return await this.prove.execute(id);
    } catch (fault) {
      if (fault instanceof Refusal && fault.code === 'audit.event-unsealed') return undefined;
      throw fault;
    }
  }

  private async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ now: Date }>(`select gateway_now() as now`);
    if (row === undefined) throw new Error('the clock has one row');
    return row.now;
  }
}

function pemOf(der: Buffer): Buffer {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return Buffer.from(`-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`);
}

/** The proof as `audit check-proof` reads it, and its parts for who has openssl and nothing else. */
function proofFiles(id: bigint, proof: EventProof): readonly [string, Buffer][] {
  const folder = `audit/${String(id)}`;
  return [
    [`${folder}/proof.json`, jsonFile(proof)],
    [`${folder}/event.json`, Buffer.from(proof.event)],
    [
      `${folder}/path.txt`,
      Buffer.from(proof.path.map((step) => `${step.side} ${step.hash}\n`).join('')),
    ],
    [`${folder}/block.json`, Buffer.from(proof.block)],
    [`${folder}/block.sig`, Buffer.from(proof.signature, 'base64')],
    [`${folder}/key.pem`, pemOf(Buffer.from(proof.publicKey, 'base64'))],
  ];
}

/** A PDF and what is signed do not get smaller. */
function zipped(files: ReadonlyMap<string, Buffer>, mtime: Date): Buffer {
  const entries: Zippable = {};
  for (const [name, bytes] of files)
    entries[name] = [bytes, { level: /\.(pdf|sig|bin)$/.test(name) ? 0 : 6, mtime }];
  return Buffer.from(zipSync(entries));
}
