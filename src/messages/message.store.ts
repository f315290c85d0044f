/** Statements on the message journal: insert only. */
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

const insertMessages = sqlFile<unknown[], never>(__dirname, 'sql/insert-messages.sql');

@Injectable()
export class MessageStore {
  async insert(tx: Tx, messages: readonly JournalledMessage[]): Promise<void> {
    let end = 1;
    const firstBytes = messages.map(({ body }) => (end += body.length) - body.length);
    await insertMessages.run(
      tx,
      messages.map((message) => message.id),
      messages.map((message) => message.partyId),
      messages.map((message) => message.path),
      messages.map((message) => message.messageName),
      JSON.stringify(messages.map((message) => message.headers)),
      // As one value, since that travels as bytes: in an array each body would be twice as long, in hexadecimal.
      Buffer.concat(messages.map((message) => message.body)),
      firstBytes,
      messages.map((message) => message.body.length),
      messages.map((message) => message.signatureDigest),
      messages.map((message) => message.signatureCandidate),
      messages.map((message) => message.certificateFingerprint),
      messages.map((message) => message.statusCode),
      JSON.stringify(messages.map((message) => message.flags)),
    );
  }
}
