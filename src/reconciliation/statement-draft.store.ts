/** Statements on drafts of day statements: one method each, no decision. Every method asks for the PSP or its draft. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';

/** A line as the columns of a file would have it. */
export type DraftLine = Readonly<Record<string, string>>;

export interface StatementView {
  readonly id: string;
  readonly day: BusinessDay;
  readonly state: 'draft' | 'published' | 'replaced' | 'discarded';
  readonly openedAt: Date;
  /** Of a draft; null once it is published. */
  readonly pages: readonly number[] | null;
  readonly lineCount: number;
  readonly revision: number | null;
  readonly matchCount: number | null;
  readonly discrepancyCount: number | null;
}

const selectViews = `
  select d.id, d.business_day as day, d.opened_at as "openedAt", s.revision, r.match_count as "matchCount",
         r.discrepancy_count as "discrepancyCount",
         case when d.state = 'published' and not s.is_live then 'replaced' else d.state end as state,
         coalesce(s.line_count, (select sum(line_count)::integer from statement_draft_page where draft_id = d.id), 0)
           as "lineCount",
         case when d.state = 'draft'
              then array(select page from statement_draft_page where draft_id = d.id order by page) end as pages
    from statement_draft d
    left join statement s on s.id = d.statement_id
    left join reconciliation_run r on r.statement_id = s.id and r.is_latest`;

@Injectable()
export class StatementDraftStore {
  /** The draft of this day that is open gives way, with its pages. */
  async open(tx: Tx, pspId: number, id: string, day: BusinessDay): Promise<void> {
    await tx.query(
      `with discarded as (
         update statement_draft set state = 'discarded', closed_at = gateway_now()
          where psp_id = $1 and business_day = $2 and state = 'draft' returning id
       )
       delete from statement_draft_page where draft_id in (select id from discarded)`,
      [pspId, day],
    );
    await tx.query(`insert into statement_draft (id, psp_id, business_day) values ($1, $2, $3)`, [
      id,
      pspId,
      day,
    ]);
  }

  async lock(
    tx: Tx,
    pspId: number,
    id: string,
  ): Promise<{ readonly day: BusinessDay; readonly state: string } | undefined> {
    const [row] = await tx.query<{ day: BusinessDay; state: string }>(
      `select business_day as day, state from statement_draft where psp_id = $1 and id = $2 for update`,
      [pspId, id],
    );
    return row;
  }

  async putPage(tx: Tx, id: string, page: number, lines: readonly DraftLine[]): Promise<void> {
    await tx.query(
      `insert into statement_draft_page (draft_id, page, lines, line_count) values ($1, $2, $3, $4)
       on conflict (draft_id, page) do update set lines = excluded.lines, line_count = excluded.line_count`,
      [id, page, JSON.stringify(lines), lines.length],
    );
  }

  /** In the order of the pages. */
  async lines(tx: Tx, id: string): Promise<readonly DraftLine[]> {
    const rows = await tx.query<{ lines: DraftLine[] }>(
      `select lines from statement_draft_page where draft_id = $1 order by page`,
      [id],
    );
    return rows.flatMap(({ lines }) => lines);
  }

  /** The lines are in the statement by now. */
  async publish(tx: Tx, id: string, statementId: bigint): Promise<void> {
    await tx.query(
      `update statement_draft set state = 'published', statement_id = $2, closed_at = gateway_now() where id = $1`,
      [id, statementId],
    );
    await tx.query(`delete from statement_draft_page where draft_id = $1`, [id]);
  }

  async one(reader: Reader, pspId: number, id: string): Promise<StatementView | undefined> {
    const [row] = await reader.query<StatementView>(
      `${selectViews} where d.psp_id = $1 and d.id = $2`,
      [pspId, id],
    );
    return row;
  }

  /** Newest first, one more than the page holds. */
  async search(
    reader: Reader,
    pspId: number,
    day: BusinessDay | undefined,
    { before, limit }: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly StatementView[]> {
    return reader.query<StatementView>(
      `${selectViews}
        where d.psp_id = $1 and ($2::date is null or d.business_day = $2) and ($3::uuid is null or d.id < $3)
        order by d.id desc limit $4`,
      [pspId, day ?? null, before ?? null, limit + 1],
    );
  }
}
