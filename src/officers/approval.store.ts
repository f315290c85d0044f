/** Statements on approval requests: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import type { ApprovedAction } from './permission.rules';

export interface StoredApproval {
  readonly id: string;
  readonly action: ApprovedAction;
  readonly subject: string;
  /** Canonical JSON. */
  readonly content: string;
  readonly digest: Buffer;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly state: 'waiting' | 'approved' | 'declined';
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
}

const columns = `id, action, subject, content, content_digest as digest, requested_by as "requestedBy",
  requested_at as "requestedAt", state, decided_by as "decidedBy", decided_at as "decidedAt", reason`;

@Injectable()
export class ApprovalStore {
  async add(
    tx: Tx,
    request: Pick<
      StoredApproval,
      'id' | 'action' | 'subject' | 'content' | 'digest' | 'requestedBy'
    >,
  ): Promise<void> {
    await tx.query(
      `insert into approval_request (id, action, subject, content, content_digest, requested_by)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        request.id,
        request.action,
        request.subject,
        request.content,
        request.digest,
        request.requestedBy,
      ],
    );
  }

  async find(reader: Reader, id: string): Promise<StoredApproval | undefined> {
    const [row] = await reader.query<StoredApproval>(
      `select ${columns} from approval_request where id = $1`,
      [id],
    );
    return row;
  }

  /** Until the transaction ends nobody else decides it. */
  async hold(tx: Tx, id: string): Promise<StoredApproval | undefined> {
    const [row] = await tx.query<StoredApproval>(
      `select ${columns} from approval_request where id = $1 for update`,
      [id],
    );
    return row;
  }

  async waiting(reader: Reader): Promise<readonly StoredApproval[]> {
    return reader.query<StoredApproval>(
      `select ${columns} from approval_request where state = 'waiting' order by requested_at, id limit 500`,
    );
  }

  /** The latest first. */
  async latest(reader: Reader, count: number): Promise<readonly StoredApproval[]> {
    return reader.query<StoredApproval>(
      `select ${columns} from approval_request order by requested_at desc, id desc limit $1`,
      [count],
    );
  }

  async ofSubject(reader: Reader, subject: string): Promise<readonly StoredApproval[]> {
    return reader.query<StoredApproval>(
      `select ${columns} from approval_request where subject = $1 order by requested_at, id`,
      [subject],
    );
  }

  async decide(
    tx: Tx,
    id: string,
    decision: {
      readonly state: 'approved' | 'declined';
      readonly by: string;
      readonly reason: string | null;
    },
  ): Promise<void> {
    await tx.query(
      `update approval_request set state = $2, decided_by = $3, decided_at = gateway_now(), reason = $4 where id = $1`,
      [id, decision.state, decision.by, decision.reason],
    );
  }
}
