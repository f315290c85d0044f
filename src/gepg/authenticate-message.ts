/**
 * From bytes to a message and the party that signed exactly these bytes, or a refusal that leaves no row. Nothing is
 * read that was not verified: the element that is parsed is the one whose signature is checked (SIG-4), and a repaired
 * form counts only when the signature holds over it.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { PartyDirectory } from '../parties/party-directory';
import { openEnvelope, type SignedMessage } from './envelope';
import { IdentifySender, type Sender } from './identify-sender';
import type { InboundMessage, Operation } from './operations';
import { codecs } from './protocol';
import { repair } from './repair';
import { checkShape } from './shape';
import { partyCodes, statusCodes } from './status-codes';

export interface WireRequest {
  readonly body: Buffer;
  readonly codeHeader: string;
  readonly comHeader: string;
  readonly algorithmHeader: string;
  readonly peer: string;
  readonly requestId: string;
}

/** A message whose bytes were read; what it is worth is not known yet. */
export interface Opened {
  readonly kind: InboundMessage;
  readonly signed: SignedMessage;
  readonly flags: readonly string[];
}

/** A refusal that stores nothing: the sender is not known to be who it says. */
export class Stranger extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
    readonly party = '',
  ) {
    super(reason);
  }
}

export const repairedFlag = 'repaired';

const maxDepth = 16;
/**
 * The client that needs repair sends one bill in a message, about 2 kB. Repair is done before the sender is known, and
 * four megabytes of `<` took it 1.5 s.
 */
const maxRepairBytes = 65_536;

@Injectable()
export class AuthenticateMessage {
  constructor(
    private readonly directory: PartyDirectory,
    private readonly identify: IdentifySender,
  ) {}

  /** Well-formed bytes are read as they are; only what is not may be repaired, for a party that needs it. */
  async execute(
    operation: Operation,
    request: WireRequest,
  ): Promise<{ opened: Opened; sender: Sender }> {
    let message: Opened;
    try {
      message = opened(operation, request.body);
    } catch (fault) {
      const repaired = await this.repaired(operation, request);
      if (repaired === undefined) throw fault;
      return repaired;
    }
    const sender = await this.senderOf(message, request);
    if ('fault' in sender) {
      const code =
        sender.fault === 'gepg.party-unknown'
          ? partyCodes[operation.partyKind].unknown
          : statusCodes[sender.fault];
      throw new Stranger(code, sender.fault, sender.code);
    }
    return { opened: message, sender };
  }

  /** Counts only when the signature holds over the repaired bytes; otherwise the first refusal stands. */
  private async repaired(
    operation: Operation,
    request: WireRequest,
  ): Promise<{ opened: Opened; sender: Sender } | undefined> {
    if (request.body.length > maxRepairBytes) return undefined;
    if (!/^[A-Z0-9]{2,12}$/.test(request.codeHeader)) return undefined;
    const party = await this.directory.find(request.codeHeader);
    if (party?.profile.repairXml !== true) return undefined;
    for (const kind of operation.messages) {
      try {
        const message = opened(operation, repair(request.body, kind.shape));
        const sender = await this.senderOf(message, request);
        if (!('fault' in sender))
          return { opened: { ...message, flags: [...message.flags, repairedFlag] }, sender };
      } catch (fault) {
        if (!(fault instanceof Stranger)) throw fault;
      }
    }
    return undefined;
  }

  private async senderOf({ kind, signed }: Opened, request: WireRequest) {
    return this.identify.execute(signed, codecs[kind.generation].claims(signed.root), {
      code: request.codeHeader,
      algorithm: request.algorithmHeader,
    });
  }
}

function opened(operation: Operation, body: Buffer): Opened {
  try {
    const signed = openEnvelope(body, { maxElements: operation.maxElements, maxDepth });
    const kind = operation.messages.find(({ shape }) => shape.name === signed.name);
    if (kind === undefined) {
      throw new Stranger(statusCodes['gepg.message-misplaced'], 'gepg.message-misplaced');
    }
    const { unknownElements } = checkShape(signed.root, kind.shape);
    return { kind, signed, flags: unknownElements.map((path) => `unknown-element:${path}`) };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    throw new Stranger(statusCodes['gepg.envelope-malformed'], fault.detail);
  }
}
