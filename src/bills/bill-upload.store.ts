/** Statements on uploads of bills: one method each, no decision. Whoever reads for a party gives its id. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import type { BillDraft } from './bill-content.rules';
import type { BillUpload, UploadChoice, UploadFault, UploadRow, UploadState } from './bill-upload';
import type { ListPage } from './bill-view';

export interface LockedUpload {
  readonly id: string;
  readonly state: UploadState;
  readonly lastLine: number;
  readonly rows: number;
  readonly checked: number;
  readonly issued: number;
  readonly refused: number;
}

export interface StagedRow {
  readonly line: number;
  /** Null once the row is decided. */
  readonly draft: BillDraft | null;
}

export interface RowOutcome {
  readonly line: number;
  readonly state: 'issued' | 'refused';
  readonly controlNumber: string | null;
  readonly faults: readonly UploadFault[];
}

/** What a set adds to the progress of its upload. */
export interface UploadStep {
  readonly lastLine: number;
  readonly checked: number;
  readonly issued: number;
  readonly refused: number;
}

const columns = `id, digest, accept, state, row_count as rows, checked_count as checked, issued_count as issued,
  refused_count as refused, created_at as "createdAt", finished_at as "finishedAt"`;

@Injectable()
export class BillUploadStore {
  /** False: the party has uploaded this file for the same purpose before. A twin that is under way is waited for. */
  async add(
    tx: Tx,
    upload: {
      readonly id: string;
      readonly spId: number;
      readonly digest: Buffer;
      readonly accept: UploadChoice;
      readonly state: UploadState;
    },
  ): Promise<boolean> {
    const added = await tx.query(
      `insert into bill_upload (id, sp_id, digest, accept, state) values ($1, $2, $3, $4, $5)
       on conflict on constraint bill_upload_digest_key do nothing returning id`,
      [upload.id, upload.spId, upload.digest, upload.accept, upload.state],
    );
    return added.length === 1;
  }

  /** By way of a table of the transaction's own: PostgreSQL takes no COPY where row-level security is on. */
  async addRows(tx: Tx, lines: AsyncIterable<string>): Promise<void> {
    await tx.query(`create temporary table copied_row (like bill_upload_row) on commit drop`);
    await tx.copyIn(
      `copy copied_row (upload_id, line, bill_id, state, faults, repeats_line, draft) from stdin`,
      lines,
    );
    await tx.query(`insert into bill_upload_row select * from copied_row`);
  }

  async setCounts(tx: Tx, id: string, rows: number, refused: number): Promise<void> {
    await tx.query(`update bill_upload set row_count = $2, refused_count = $3 where id = $1`, [
      id,
      rows,
      refused,
    ]);
  }

  async findFile(
    reader: Reader,
    spId: number,
    digest: Buffer,
    accept: UploadChoice,
  ): Promise<BillUpload | undefined> {
    const [row] = await reader.query<BillUpload>(
      `select ${columns} from bill_upload where sp_id = $1 and digest = $2 and accept = $3`,
      [spId, digest, accept],
    );
    return row;
  }

  async find(reader: Reader, spId: number, id: string): Promise<BillUpload | undefined> {
    const [row] = await reader.query<BillUpload>(
      `select ${columns} from bill_upload where sp_id = $1 and id = $2`,
      [spId, id],
    );
    return row;
  }

  /** Newest first, one more than the page holds. */
  async list(
    reader: Reader,
    spId: number,
    { before, limit }: ListPage,
  ): Promise<readonly BillUpload[]> {
    return reader.query<BillUpload>(
      `select ${columns} from bill_upload where sp_id = $1 and ($2::uuid is null or id < $2)
        order by id desc limit $3`,
      [spId, before ?? null, limit + 1],
    );
  }

  async rowsAfter(
    reader: Reader,
    spId: number,
    id: string,
    line: number,
    limit: number,
  ): Promise<readonly UploadRow[]> {
    return reader.query<UploadRow>(
      `select r.line, r.bill_id as "billId", r.state, r.control_number as "controlNumber", r.faults,
              r.repeats_line as "repeatsLine"
         from bill_upload_row r
        where r.upload_id = $2 and r.line > $3
          and exists (select from bill_upload u where u.id = r.upload_id and u.sp_id = $1)
        order by r.line limit $4`,
      [spId, id, line, limit],
    );
  }

  /** The upload that waited longest for its turn; those of suspended parties wait. */
  async next(reader: Reader): Promise<{ readonly id: string; readonly spId: number } | undefined> {
    const [row] = await reader.query<{ id: string; spId: number }>(
      `select u.id, u.sp_id as "spId" from bill_upload u join party p on p.id = u.sp_id
        where u.finished_at is null and p.status = 'active' order by u.turn_at, u.id limit 1`,
    );
    return row;
  }

  /** Undefined where another process has it, or it is finished. */
  async lock(tx: Tx, id: string): Promise<LockedUpload | undefined> {
    const [row] = await tx.query<LockedUpload>(
      `select id, state, last_line as "lastLine", row_count as rows, checked_count as checked,
              issued_count as issued, refused_count as refused
         from bill_upload where id = $1 and finished_at is null for update skip locked`,
      [id],
    );
    return row;
  }

  async nextRows(
    tx: Tx,
    { id, lastLine }: LockedUpload,
    limit: number,
  ): Promise<readonly StagedRow[]> {
    return tx.query<StagedRow>(
      `select line, draft from bill_upload_row where upload_id = $1 and line > $2 order by line limit $3`,
      [id, lastLine, limit],
    );
  }

  async recordRows(tx: Tx, id: string, outcomes: readonly RowOutcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    await tx.query(
      `update bill_upload_row r
          set state = o.state, control_number = o."controlNumber", faults = o.faults, draft = null
         from jsonb_to_recordset($2::jsonb) as o (line integer, state text, "controlNumber" text, faults text[])
        where r.upload_id = $1 and r.line = o.line`,
      [id, JSON.stringify(outcomes)],
    );
  }

  async advance(tx: Tx, id: string, step: UploadStep): Promise<void> {
    await tx.query(
      `update bill_upload set last_line = $2, checked_count = checked_count + $3, issued_count = issued_count + $4,
              refused_count = refused_count + $5, turn_at = gateway_now() where id = $1`,
      [id, step.lastLine, step.checked, step.issued, step.refused],
    );
  }

  async postpone(tx: Tx, id: string): Promise<void> {
    await tx.query(`update bill_upload set turn_at = gateway_now() where id = $1`, [id]);
  }

  /** How many of the waiting rows ask for a new number and find none. */
  async numbersMissing(tx: Tx, id: string): Promise<number> {
    const [row] = await tx.query<{ missing: number }>(
      `select greatest(0, (select count(*) from bill_upload_row r
                            where r.upload_id = u.id and r.state = 'waiting' and r.draft ->> 'reusedNumber' = '')
                        - (select coalesce(sum(capacity - next_serial), 0) from control_number_range
                            where party_id = u.sp_id))::integer as missing
         from bill_upload u where u.id = $1`,
      [id],
    );
    return row?.missing ?? 0;
  }

  /** Refuses the last `count` of the rows that ask for a new number. */
  async refuseLast(tx: Tx, id: string, count: number, fault: UploadFault): Promise<void> {
    await tx.query(
      `update bill_upload_row set state = 'refused', faults = array[$3]
        where upload_id = $1 and line in (
              select line from bill_upload_row
               where upload_id = $1 and state = 'waiting' and draft ->> 'reusedNumber' = ''
               order by line desc limit $2)`,
      [id, count, fault],
    );
    await tx.query(`update bill_upload set refused_count = refused_count + $2 where id = $1`, [
      id,
      count,
    ]);
  }

  /** From checking to issuing, at the first line again. */
  async startIssuing(tx: Tx, id: string): Promise<void> {
    await tx.query(
      `update bill_upload set state = 'issuing', last_line = 0, turn_at = gateway_now() where id = $1`,
      [id],
    );
  }

  async finish(tx: Tx, id: string, state: 'done' | 'refused'): Promise<void> {
    await tx.query(
      `update bill_upload_row set draft = null where upload_id = $1 and draft is not null`,
      [id],
    );
    await tx.query(`update bill_upload set state = $2, finished_at = gateway_now() where id = $1`, [
      id,
      state,
    ]);
  }
}
