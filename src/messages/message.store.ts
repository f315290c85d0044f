/** Statements on the message journal: insert only. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { MessageId } from '../kernel/ids';
import type { Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';

export interface JournalledMessage {
  readonly id: MessageId;
  readonly partyId: number;
  readonly path: string;
  readonly messageName: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signatureDigest: string;
  readonly signatureCandidate: string;
  readonly certificateFingerprint: string;
  readonly statusCode: string;
  readonly flags: readonly string[];
}

const insertMessages = sqlFile<(readonly unknown[])[], never>(__dirname, 'sql/insert-messages.sql');

@Injectable()
export class MessageStore {
  async insert(tx: Tx, messages: readonly JournalledMessage[]): Promise<void> {
    await insertMessages.run(
      tx,
      messages.map((message) => message.id),
      messages.map((message) => message.partyId),
      messages.map((message) => message.path),
      messages.map((message) => message.messageName),
      messages.map((message) => JSON.stringify(message.headers)),
      messages.map((message) => message.body),
      messages.map((message) => createHash('sha256').update(message.body).digest()),
      messages.map((message) => message.signatureDigest),
      messages.map((message) => message.signatureCandidate),
      messages.map((message) => message.certificateFingerprint),
      messages.map((message) => message.statusCode),
      messages.map((message) => JSON.stringify(message.flags)),
    );
  }
}
