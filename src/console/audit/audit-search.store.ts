/** Statements on the audit trail, for reading: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../../platform/database/database';

export interface FoundEvent {
  readonly id: bigint;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: object;
}

@Injectable()
export class AuditSearchStore {
  /** The newest first, one more than `limit`. */
  async search(
    reader: Reader,
    filter: Readonly<Record<string, string>>,
    limit: number,
  ): Promise<readonly FoundEvent[]> {
    return reader.query<FoundEvent>(
      `select id, occurred_at as at, actor, action, subject, detail from audit_event
        where ($1::bigint is null or id < $1) and ($2::text is null or actor = $2)
          and ($3::text is null or action = $3) and ($4::text is null or subject = $4)
          and ($5::date is null or occurred_at >= $5::date - interval '3 hours')
          and ($6::date is null or occurred_at < $6::date + interval '21 hours')
        order by occurred_at desc, id desc limit $7`,
      [
        filter['before'] ?? null,
        filter['actor'] ?? null,
        filter['action'] ?? null,
        filter['subject'] ?? null,
        filter['from'] ?? null,
        filter['to'] ?? null,
        limit + 1,
      ],
    );
  }
}
