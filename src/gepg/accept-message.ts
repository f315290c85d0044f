/**
 * The one path in. Bytes in, bytes verified, the same bytes read; then the operation and the journal in one
 * transaction, and the signed answer after its commit. Order of checks: rulings.md §2. What is not attributed to a
 * party whose signature holds leaves one security log line and nothing else.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type MessageId, newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { JournalMessage } from '../messages/journal-message';
import { type Party, PartyDirectory, type PartyKey } from '../parties/party-directory';
import { type Digest, isSignedBy } from '../platform/crypto/signature';
import { Database, type Tx } from '../platform/database/database';
import { Metrics } from '../platform/http/metrics';
import { Log } from '../platform/logging/logger';
import { openEnvelope, type SignedMessage } from './envelope';
import type { Operation } from './operations';
import { OperationRunner } from './operation-runner';
import { checkShape } from './shape';
import { digestOf, Signer } from './signer';
import { partyCodes, statusCodes } from './status-codes';
import { encodeAck, partyCodeOf } from './v4/codec';

export interface WireRequest {
  readonly body: Buffer;
  readonly codeHeader: string;
  readonly comHeader: string;
  readonly algorithmHeader: string;
  readonly peer: string;
  readonly requestId: string;
}

interface Verified {
  readonly key: PartyKey;
  readonly digest: Digest;
  readonly candidate: string;
}

/** A refusal that stores nothing: the sender is not known to be who it says. */
class Stranger extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
    readonly party = '',
  ) {
    super(reason);
  }
}

const maxDepth = 16;

@Injectable()
export class AcceptMessage {
  constructor(
    private readonly database: Database,
    private readonly directory: PartyDirectory,
    private readonly journal: JournalMessage,
    private readonly runner: OperationRunner,
    private readonly signer: Signer,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** The signed answer to any bytes; never throws for what the sender did. */
  async execute(operation: Operation, request: WireRequest): Promise<Buffer> {
    try {
      const { message, flags } = this.open(operation, request.body);
      const party = await this.identify(operation, request, message);
      const verified = this.verify(message, party);
      return await this.process(operation, request, message, party, verified, flags);
    } catch (fault) {
      if (!(fault instanceof Stranger)) throw fault;
      this.log.security('message-refused', {
        requestId: request.requestId,
        path: operation.path,
        party: fault.party,
        code: fault.code,
        reason: fault.reason,
        peer: request.peer,
        bytes: request.body.length,
        digest: createHash('sha256').update(request.body).digest('hex'),
      });
      return this.ack(operation, fault.code);
    }
  }

  private open(
    operation: Operation,
    body: Buffer,
  ): { message: SignedMessage; flags: readonly string[] } {
    try {
      const message = openEnvelope(body, { maxElements: operation.maxElements, maxDepth });
      if (message.name !== operation.shape.name) {
        throw new Stranger(statusCodes['gepg.message-misplaced'], 'gepg.message-misplaced');
      }
      const { unknownElements } = checkShape(message.root, operation.shape);
      return { message, flags: unknownElements.map((path) => `unknown-element:${path}`) };
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      throw new Stranger(statusCodes['gepg.envelope-malformed'], fault.detail);
    }
  }

  /** The header names the party; where it is missing, the body does, and the signature must then hold for that one. */
  private async identify(
    operation: Operation,
    request: WireRequest,
    message: SignedMessage,
  ): Promise<Party> {
    const code = request.codeHeader || partyCodeOf(message.root);
    if (code === '') throw new Stranger('7202', 'no party code in header or body');
    const party = /^[A-Z0-9]{2,12}$/.test(code) ? await this.directory.find(code) : undefined;
    if (party === undefined) {
      throw new Stranger(partyCodes[operation.partyKind].unknown, 'gepg.party-unknown');
    }
    return party;
  }

  /** Only keys of the party, only digests its profile allows, the generation's own digest first (SIG-6). */
  private verify(message: SignedMessage, party: Party): Verified {
    const { signature } = message;
    const own = digestOf[message.generation];
    const digests = [...party.profile.digests].sort(
      (a, b) => Number(b === own) - Number(a === own),
    );
    if (signature !== undefined) {
      for (const candidate of message.candidates) {
        for (const digest of digests) {
          const key = party.keys.find((each) =>
            isSignedBy(candidate.bytes, signature, each.publicKey, digest),
          );
          if (key !== undefined) return { key, digest, candidate: candidate.kind };
        }
      }
    }
    throw new Stranger(
      statusCodes['gepg.signature-wrong'],
      signature === undefined ? 'signature missing' : 'signature wrong',
      party.code,
    );
  }

  private async process(
    operation: Operation,
    request: WireRequest,
    message: SignedMessage,
    party: Party,
    verified: Verified,
    flags: readonly string[],
  ): Promise<Buffer> {
    const startedAt = performance.now();
    const refusal = this.refusalOf(operation, request, message, party);
    const messageId = newId<MessageId>();
    const journal = (tx: Tx, statusCode: string, more: readonly string[] = []) =>
      this.journal.execute(tx, {
        id: messageId,
        partyId: party.id,
        path: operation.path,
        messageName: message.name,
        headers: {
          'gepg-code': request.codeHeader,
          'gepg-com': request.comHeader,
          'gepg-alg': request.algorithmHeader,
        },
        body: request.body,
        signatureDigest: verified.digest,
        signatureCandidate: verified.candidate,
        certificateFingerprint: verified.key.fingerprint,
        statusCode,
        flags: [...flags, ...more],
      });
    const answer =
      refusal === undefined
        ? await this.runner.execute(operation, party, message.root, messageId, journal)
        : await this.refuse(refusal, journal);
    this.metrics.messages.inc({ path: operation.path, code: answer.code });
    this.log.info('message-answered', {
      requestId: request.requestId,
      path: operation.path,
      party: party.code,
      code: answer.code,
      ms: Math.round(performance.now() - startedAt),
    });
    if (answer.isSuspicious) {
      this.log.security('message-refused', {
        requestId: request.requestId,
        path: operation.path,
        party: party.code,
        code: answer.code,
        peer: request.peer,
        bytes: request.body.length,
      });
    }
    return answer.element === undefined
      ? this.ack(operation, answer.code)
      : this.signer.sign(answer.element, operation.generation);
  }

  private async refuse(
    code: string,
    journal: (tx: Tx, code: string) => Promise<void>,
  ): Promise<{ code: string; element?: Buffer; isSuspicious: boolean }> {
    await this.database.transaction((tx) => journal(tx, code));
    return { code, isSuspicious: true };
  }

  private refusalOf(
    operation: Operation,
    request: WireRequest,
    message: SignedMessage,
    party: Party,
  ): string | undefined {
    if (!party.isActive) return partyCodes[party.kind].suspended;
    if (party.kind !== operation.partyKind) return statusCodes['gepg.role-wrong'];
    const bodyCode = operation.generation === 'v4' ? partyCodeOf(message.root) : '';
    if (bodyCode !== '' && request.codeHeader !== '' && bodyCode !== request.codeHeader) {
      return statusCodes['gepg.code-different'];
    }
    return undefined;
  }

  private ack(operation: Operation, code: string): Buffer {
    return this.signer.signConstant(
      encodeAck(operation.ackRoot, operation.ackElement, code),
      operation.generation,
    );
  }
}
