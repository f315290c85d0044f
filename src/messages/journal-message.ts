/**
 * Keeps a verified message, byte for byte, with the key that verified it and the code it was answered with, in the
 * transaction of what it did. Bytes of strangers are never stored (rulings.md §2, SIG-13).
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { type JournalledMessage, MessageStore } from './message.store';

export type { JournalledMessage };

@Injectable()
export class JournalMessage {
  constructor(private readonly store: MessageStore) {}

  async execute(tx: Tx, ...messages: readonly JournalledMessage[]): Promise<void> {
    if (messages.length > 0) await this.store.insert(tx, messages);
  }
}
