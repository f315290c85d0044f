/**
 * Runs the operation of an authenticated message: decodes it to a command and hands it to the institution's or the
 * PSP's side, which open the one transaction, call the use case and keep the message with the code it is answered with.
 */
import { Injectable } from '@nestjs/common';
import type { MessageId } from '../kernel/ids';
import type { JournalledMessage } from '../messages/journal-message';
import type { Party, PaymentServiceProvider, ServiceProvider } from '../parties/party-directory';
import type { Tx } from '../platform/database/database';
import type { AnswerFacts } from './codec';
import type { InboundMessage, Operation } from './operations';
import { codecs } from './protocol';
import { PspOperations } from './psp-operations';
import { SpOperations } from './sp-operations';
import type { XmlElement } from './xml';

/** Without an element the answer is the operation's acknowledgement with the code. */
export interface OperationAnswer {
  readonly code: string;
  readonly element?: Buffer;
  readonly requestId?: string;
  /** Leaves a security log line: odd fields and reused ids, not ordinary refusals. */
  readonly isSuspicious: boolean;
}

/** Keeps the message in the transaction of what it does. */
export type Journal = (tx: Tx, statusCode: string, flags?: readonly string[]) => Promise<void>;

/** What every operation needs of the message beside its command. */
export interface MessageContext {
  readonly operation: Operation;
  readonly kind: InboundMessage;
  readonly messageId: MessageId;
  readonly facts: AnswerFacts;
  /** The message as it is kept, with the code it is answered with. */
  readonly messageOf: (statusCode: string, flags?: readonly string[]) => JournalledMessage;
  readonly journal: Journal;
}

@Injectable()
export class RunOperation {
  constructor(
    private readonly sp: SpOperations,
    private readonly psp: PspOperations,
  ) {}

  async execute(
    party: Party,
    root: XmlElement,
    comHeader: string,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    const { operation, kind } = context;
    const command = codecs[kind.generation].decode(operation.name, root, comHeader);
    return operation.partyKind === 'service-provider'
      ? this.sp.execute(party as ServiceProvider, command, context)
      : this.psp.execute(party as PaymentServiceProvider, command, context);
  }
}
