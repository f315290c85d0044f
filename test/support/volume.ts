/** Volume for tests of plans: rows that the gateway made, copied. They belong to nothing, so no such test ends sound. */
import type { Client } from 'pg';

/** Copies one row of a table; `changes` is a jsonb expression over `i`, 1 to `count`. */
export async function multiply(
  db: Client,
  table: string,
  count: number,
  changes: string,
): Promise<void> {
  await db.query(
    `insert into ${table} overriding system value
     select copy.*
       from (select t as model from ${table} t limit 1) one, generate_series(1, ${String(count)}) as i,
            jsonb_populate_record(model, ${changes}) as copy`,
  );
}

/** An id for each `i`, the same in every table that means the same thing. */
export const uuidOf = (prefix: string): string => `md5('${prefix}' || i)::uuid`;
