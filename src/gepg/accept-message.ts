/**
 * The one path in. Bytes in, bytes verified, the same bytes read; then the operation and the journal in one
 * transaction, and the signed answer after its commit. Order of checks: rulings.md §2. What is not attributed to a
 * party whose signature holds leaves one security log line and nothing else.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type MessageId, newId } from '../kernel/ids';
import { type JournalledMessage, JournalMessage } from '../messages/journal-message';
import type { GatewaySignature } from '../parties/profile.rules';
import type { Tx } from '../platform/database/database';
import { Database } from '../platform/database/database';
import { Metrics } from '../platform/http/metrics';
import { Log } from '../platform/logging/logger';
import {
  AuthenticateMessage,
  type Opened,
  repairedFlag,
  Stranger,
  type WireRequest,
} from './authenticate-message';
import type { AnswerFacts } from './codec';
import { IdentifySender, type Sender } from './identify-sender';
import type { InboundMessage, Operation } from './operations';
import { repairedCandidate } from './envelope-parts';
import type { OperationAnswer } from './message-context';
import { PartyLimits } from './party-limits';
import { RunOperation } from './run-operation';
import { codecs } from './protocol';
import { Signer } from './signer';
import { partyCodes, statusCodes } from './status-codes';

/** `default.sp.in`, `reusebill.sp.in`, `name.psp.in`: the words of the field (gepg-protocol.md §2.2). */
const protocolWord = /^[a-z0-9-]+\.(?:sp|psp)\.in$/i;

@Injectable()
export class AcceptMessage {
  constructor(
    private readonly database: Database,
    private readonly authenticate: AuthenticateMessage,
    private readonly identify: IdentifySender,
    private readonly limits: PartyLimits,
    private readonly journal: JournalMessage,
    private readonly run: RunOperation,
    private readonly signer: Signer,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** The signed answer to any bytes; of what the sender did only LimitReached is thrown. */
  async execute(operation: Operation, request: WireRequest): Promise<Buffer> {
    try {
      const { opened, sender } = await this.authenticate.execute(operation, request);
      this.limits.charge(sender.party);
      return await this.process(operation, request, opened, sender);
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
      // Whose message it is, is not known, and so not what was agreed on.
      return this.acknowledge(operation.messages[0], answerTo(fault.code), 'rsa');
    }
  }

  private async process(
    operation: Operation,
    request: WireRequest,
    opened: Opened,
    sender: Sender,
  ): Promise<Buffer> {
    const startedAt = performance.now();
    const { party } = sender;
    const { refusal, flags } = await this.admit(operation, request, opened, sender);
    const messageId = newId<MessageId>();
    const messageOf = (statusCode: string, more: readonly string[] = []): JournalledMessage => ({
      id: messageId,
      partyId: party.id,
      path: operation.path,
      messageName: opened.signed.name,
      headers: {
        'gepg-code': request.codeHeader,
        'gepg-com': request.comHeader,
        'gepg-alg': request.algorithmHeader,
      },
      body: request.body,
      signatureDigest: sender.digest,
      signatureCandidate: flags.includes(repairedFlag)
        ? repairedCandidate(sender.candidate)
        : sender.candidate,
      certificateFingerprint: sender.key.fingerprint,
      statusCode,
      flags: [...flags, ...more],
    });
    const journal = (tx: Tx, statusCode: string, more?: readonly string[]) =>
      this.journal.execute(tx, messageOf(statusCode, more));
    const facts: AnswerFacts = { ...answerTo(''), requestDigest: digestOfRequest(opened) };
    const answer: OperationAnswer =
      refusal === undefined
        ? await this.run.execute(party, opened.signed.root, request.comHeader, {
            operation,
            kind: opened.kind,
            messageId,
            facts,
            messageOf,
            journal,
          })
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
      this.log.security('message-suspicious', {
        requestId: request.requestId,
        path: operation.path,
        party: party.code,
        code: answer.code,
        peer: request.peer,
        bytes: request.body.length,
      });
    }
    return answer.element === undefined
      ? this.acknowledge(
          opened.kind,
          { ...facts, code: answer.code, requestId: answer.requestId ?? '' },
          party.profile.gatewaySignature,
        )
      : this.signer.sign(answer.element, opened.kind.generation, party.profile.gatewaySignature);
  }

  private async refuse(
    code: string,
    journal: (tx: Tx, code: string) => Promise<void>,
  ): Promise<OperationAnswer> {
    await this.database.transaction((tx) => journal(tx, code));
    return { code, isSuspicious: true };
  }

  /** State, role, headers, in this order; a known party's message is journalled whatever comes of it. */
  private async admit(
    operation: Operation,
    request: WireRequest,
    { kind, signed, flags }: Opened,
    { party }: Sender,
  ): Promise<{ refusal: string | undefined; flags: readonly string[] }> {
    const refused = (refusal: string) => ({ refusal, flags });
    if (!party.isActive) return refused(partyCodes[party.kind].suspended);
    if (party.kind !== operation.partyKind) return refused(statusCodes['gepg.role-wrong']);
    if (party.profile.strictHeaders && request.codeHeader === '')
      return refused(statusCodes['gepg.header-missing']);
    const isWordKnown = protocolWord.test(request.comHeader);
    if (party.profile.strictHeaders && !isWordKnown) {
      return refused(
        statusCodes[
          request.comHeader === '' ? 'gepg.header-missing' : 'gepg.protocol-word-unknown'
        ],
      );
    }
    const claims = codecs[kind.generation].claims(signed.root);
    const agreed = await this.identify.isCodeAgreed(party, claims, request.codeHeader);
    if (agreed === 'different') return refused(statusCodes['gepg.code-different']);
    return {
      refusal: undefined,
      flags: [
        ...flags,
        ...(agreed === 'group-unknown' ? ['group-unknown'] : []),
        ...(isWordKnown ? [] : ['protocol-word-odd']),
      ],
    };
  }

  private async acknowledge(
    message: InboundMessage,
    facts: AnswerFacts,
    by: GatewaySignature,
  ): Promise<Buffer> {
    const { generation } = message;
    const element = codecs[generation].acknowledge(message, facts);
    return generation === 'v4' && facts.requestId === ''
      ? this.signer.signConstant(element, generation, by)
      : this.signer.sign(element, generation, by);
  }
}

function answerTo(code: string): AnswerFacts {
  return { code, requestId: '', requestDigest: '', answerId: newId() };
}

/** Generation 4 has no place for it. */
function digestOfRequest({ kind, signed }: Opened): string {
  if (kind.generation === 'v4') return '';
  const [element] = signed.candidates;
  return createHash('sha256').update(element.bytes).digest('hex');
}
