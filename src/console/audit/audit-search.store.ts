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

/** What parties do by messages, all day: of it, so much is found at once. The indexes leave it out. */
export const frequent: readonly string[] = ['payment.received', 'bills.submitted'];

@Injectable()
export class AuditSearchStore {
  async isParty(reader: Reader, code: string): Promise<boolean> {
    const rows = await reader.query(`select from party where code = $1`, [code]);
    return rows.length > 0;
  }

  /**
   * The newest first, one more than `limit`. `isRare`: nothing that is looked for is frequent, so that the indexes of the
   * rest may serve.
   */
  async search(
    reader: Reader,
    filter: Readonly<Record<string, string>>,
    limit: number,
    isRare: boolean,
  ): Promise<readonly FoundEvent[]> {
    return reader.query<FoundEvent>(
      `select id, occurred_at as at, actor, action, subject, detail from audit_event
        where ($1::bigint is null or id < $1) and ($2::text is null or actor = $2)
          and ($3::text is null or action = $3) and ($4::text is null or subject = $4)
          and ($5::date is null or occurred_at >= $5::date - interval '3 hours')
          and ($6::date is null or occurred_at < $6::date + interval '21 hours')
          ${isRare ? `and action not in ('${frequent.join("', '")}')` : ''}
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
