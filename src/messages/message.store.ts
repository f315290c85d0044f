/** Statements on the message journal: insert only. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { MessageId } from '../kernel/ids';
import type { Tx } from '../platform/database/database';

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

@Injectable()
export class MessageStore {
  async insert(tx: Tx, message: JournalledMessage): Promise<void> {
    await tx.query(
      `insert into inbound_message
         (id, party_id, path, message_name, headers, body, body_digest, signature_digest, signature_candidate,
          certificate_fingerprint, status_code, flags)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        message.id,
        message.partyId,
        message.path,
        message.messageName,
        JSON.stringify(message.headers),
        message.body,
        createHash('sha256').update(message.body).digest(),
        message.signatureDigest,
        message.signatureCandidate,
        message.certificateFingerprint,
        message.statusCode,
        message.flags,
      ],
    );
  }
}
