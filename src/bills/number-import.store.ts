/** Statements of the import of numbers from another gateway. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import type { NumberSpan } from './number-import.rules';

export interface KnownNumber {
  readonly number: string;
  readonly spId: number;
  readonly isImported: boolean;
  readonly spBillId: string | null;
  readonly contentDigest: Buffer | null;
}

@Injectable()
export class NumberImportStore {
  async knownNumbers(reader: Reader, numbers: readonly string[]): Promise<readonly KnownNumber[]> {
    return reader.query<KnownNumber>(
      `select c.number, c.sp_id as "spId", c.is_imported as "isImported", b.sp_bill_id as "spBillId",
              b.content_digest as "contentDigest"
         from control_number c
         left join lateral (select sp_bill_id, content_digest from bill
                             where control_number = c.number order by created_at, id limit 1) b on true
        where c.number = any ($1)`,
      [numbers],
    );
  }

  async importedSpans(
    reader: Reader,
  ): Promise<readonly (NumberSpan & { readonly spId: number })[]> {
    return reader.query(
      `select sp_id as "spId", first_number as first, last_number as last from imported_number_range`,
    );
  }

  /** One number within the span that this gateway issued itself, if there is one. */
  async issuedWithin(reader: Reader, span: NumberSpan): Promise<string | undefined> {
    const [row] = await reader.query<{ number: string }>(
      `select number from control_number where number between $1 and $2 and not is_imported order by 1 limit 1`,
      [span.first, span.last],
    );
    return row?.number;
  }

  async addSpan(tx: Tx, spId: number, span: NumberSpan): Promise<void> {
    await tx.query(
      `insert into imported_number_range (sp_id, first_number, last_number) values ($1, $2, $3)`,
      [spId, span.first, span.last],
    );
  }

  async addNumbers(tx: Tx, spId: number, numbers: readonly string[]): Promise<void> {
    await tx.query(
      `insert into control_number (number, sp_id, is_imported)
       select number, $1, true from unnest($2::text[]) as n (number) order by number`,
      [spId, numbers],
    );
  }
}
