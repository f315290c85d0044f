/** What an operation is given of its message beside the command, and what it hands back to be signed and sent. */
import type { MessageId } from '../kernel/ids';
import type { JournalledMessage } from '../messages/journal-message';
import type { Tx } from '../platform/database/database';
import type { AnswerFacts } from './codec';
import type { InboundMessage, Operation } from './operations';

/** Without an element the answer is the operation's acknowledgement with the code. */
export interface OperationAnswer {
  readonly code: string;
  readonly element?: Buffer;
  readonly requestId?: string;
  /** Leaves a security log line: odd fields and reused ids, not ordinary refusals. */
  readonly isSuspicious: boolean;
}

/** Keeps the message in the transaction of what it does. */
type Journal = (tx: Tx, statusCode: string, flags?: readonly string[]) => Promise<void>;

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
