/** Statements on combined bills: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import type { BillForm } from './bill-submission';

export interface NewGroup {
  readonly id: string;
  readonly spId: number;
  readonly code: string;
  readonly billId: string;
  readonly controlNumber: string;
  readonly isReuse: boolean;
  readonly systemId: string;
  readonly form: BillForm;
  readonly contentDigest: Buffer;
}

export interface KnownGroup {
  readonly id: string;
  readonly controlNumber: string;
  readonly contentDigest: Buffer;
  readonly parts: readonly { readonly billId: string; readonly controlNumber: string }[];
}

@Injectable()
export class GroupStore {
  async find(reader: Reader, spId: number, groupBillId: string): Promise<KnownGroup | undefined> {
    const [row] = await reader.query<KnownGroup>(
      `select g.id, g.control_number as "controlNumber", g.content_digest as "contentDigest",
              (select jsonb_agg(jsonb_build_object('billId', b.sp_bill_id, 'controlNumber', b.control_number)
                                order by b.group_position)
                 from bill b where b.group_id = g.id) as parts
         from bill_group g where g.sp_id = $1 and g.sp_group_bill_id = $2`,
      [spId, groupBillId],
    );
    return row;
  }

  /** Codes of the members that a group was enrolled with; none for a group that was not enrolled. */
  async members(reader: Reader, code: string): Promise<ReadonlySet<string>> {
    const rows = await reader.query<{ code: string }>(
      `select p.code from party_group g join party p on p.id = g.member_party_id where g.code = $1`,
      [code],
    );
    return new Set(rows.map((row) => row.code));
  }

  /** Whether bills of these institutions exist already, by place in the lists. */
  async knownBills(
    reader: Reader,
    spIds: readonly number[],
    billIds: readonly string[],
  ): Promise<ReadonlyMap<number, string>> {
    const rows = await reader.query<{ place: number; controlNumber: string }>(
      `select t.place::integer as place, b.control_number as "controlNumber"
         from unnest($1::integer[], $2::text[]) with ordinality as t (sp_id, bill_id, place)
         join bill b on b.sp_id = t.sp_id and b.sp_bill_id = t.bill_id`,
      [spIds, billIds],
    );
    return new Map(rows.map((row) => [row.place - 1, row.controlNumber]));
  }

  /** False when a twin that came at once was first. A reused number is locked by this transaction. */
  async insert(tx: Tx, group: NewGroup): Promise<boolean> {
    const added = await tx.query(
      `insert into bill_group (id, sp_id, code, sp_group_bill_id, control_number, system_id, form, content_digest)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict on constraint bill_group_sp_key do nothing returning id`,
      [
        group.id,
        group.spId,
        group.code,
        group.billId,
        group.controlNumber,
        group.systemId,
        group.form,
        group.contentDigest,
      ],
    );
    if (added.length === 0) return false;
    if (group.isReuse) {
      await tx.query(`update control_number set group_id = $2 where number = $1`, [
        group.controlNumber,
        group.id,
      ]);
    } else {
      await tx.query(`insert into control_number (number, sp_id, group_id) values ($1, $2, $3)`, [
        group.controlNumber,
        group.spId,
        group.id,
      ]);
    }
    return true;
  }
}
