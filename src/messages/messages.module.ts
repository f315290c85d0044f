/** Wires the message journal. */
import { Module } from '@nestjs/common';
import { JournalMessage } from './journal-message';
import { MessageStore } from './message.store';

@Module({ providers: [MessageStore, JournalMessage], exports: [JournalMessage] })
export class MessagesModule {}
