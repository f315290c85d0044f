/** Statements on samples of payments: one method each, no decision. Amounts are minor units. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';

export interface SampleScope {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
  readonly psp: string | null;
  readonly sp: string | null;
  readonly seed: string;
}

export interface Sample extends SampleScope {
  readonly id: string;
  readonly drawnAt: Date;
  readonly drawnBy: string;
  /** Payments that there were to draw from. */
  readonly population: number;
  readonly paymentIds: readonly string[];
}

export interface SampledPayment {
  readonly id: string;
  readonly receiptNumber: string;
  readonly businessDay: BusinessDay;
  readonly psp: string;
  readonly institutions: string;
  readonly controlNumber: string;
  readonly transactionId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
}

const columns = `id, drawn_at as "drawnAt", drawn_by as "drawnBy", seed, from_day as "from", to_day as "to",
  psp_code as psp, sp_code as sp, population, payment_ids as "paymentIds"`;

@Injectable()
export class SampleStore {
  /** Whether there is a party of that kind. */
  async isParty(reader: Reader, code: string, kind: string): Promise<boolean> {
    const rows = await reader.query(`select from party where code = $1 and kind = $2`, [
      code,
      kind,
    ]);
    return rows.length > 0;
  }

  /** The payments whose SHA-256 of seed and id come first: the same seed over the same payments draws the same. */
  async draw(
    reader: Reader,
    { from, to, psp, sp, seed }: SampleScope,
    size: number,
  ): Promise<readonly { readonly id: string; readonly population: number }[]> {
    return reader.query(
      `with drawn_from as materialized (
         select p.id from payment p
          where p.business_day between $1 and $2
            and ($3::text is null or p.psp_id = (select y.id from party y where y.code = $3))
            and ($4::text is null
                 or exists (select from payment_allocation a
                             where a.payment_id = p.id and a.sp_id = (select s.id from party s where s.code = $4)))
       )
       select id, (select count(*) from drawn_from)::integer as population
         from drawn_from
        order by sha256(convert_to($5 || id::text, 'UTF8')), id limit $6`,
      [from, to, psp, sp, seed, size],
    );
  }

  async insert(tx: Tx, sample: Omit<Sample, 'drawnAt'>): Promise<void> {
    const { id, drawnBy, seed, from, to, psp, sp, population, paymentIds } = sample;
    await tx.query(
      `insert into audit_sample (id, drawn_by, seed, from_day, to_day, psp_code, sp_code, population, payment_ids)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, drawnBy, seed, from, to, psp, sp, population, paymentIds],
    );
  }

  async find(reader: Reader, id: string): Promise<Sample | undefined> {
    const [row] = await reader.query<Sample>(`select ${columns} from audit_sample where id = $1`, [
      id,
    ]);
    return row;
  }

  /** The newest first. */
  async latest(reader: Reader, limit: number): Promise<readonly Sample[]> {
    return reader.query<Sample>(
      `select ${columns} from audit_sample order by drawn_at desc, id desc limit $1`,
      [limit],
    );
  }

  /** In the order in which they were drawn. */
  async payments(reader: Reader, ids: readonly string[]): Promise<readonly SampledPayment[]> {
    return reader.query<SampledPayment>(
      `select p.id, p.receipt_number as "receiptNumber", p.business_day as "businessDay", y.code as psp,
              coalesce((select string_agg(s.code, ', ' order by s.code)
                 from payment_allocation a join party s on s.id = a.sp_id where a.payment_id = p.id), '') as institutions,
              p.control_number as "controlNumber", p.psp_transaction_id as "transactionId",
              p.amount_minor as "amountMinor", p.currency
         from unnest($1::uuid[]) with ordinality as d (id, place)
         join payment p on p.id = d.id join party y on y.id = p.psp_id order by d.place`,
      [ids],
    );
  }
}
