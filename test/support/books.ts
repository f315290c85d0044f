/** Whether the books of a test database are sound, asked on the owner's connection: it outlives the gateway under test. */
import type { INestApplicationContext } from '@nestjs/common';
import type { Client } from 'pg';
import { copiedRows } from '../../src/platform/database/copy-binary';
import { exactTypes } from '../../src/platform/database/data-source';
import { type Finding, VerifyBooks } from '../../src/assurance/verify-books';

/** What does not hold, of all days or in the quick form; within the transaction that is open on `db`, if one is. */
export async function brokenInvariants(
  app: INestApplicationContext,
  db: Client,
  isFull = true,
): Promise<readonly Finding[]> {
  const query = async <Row>(sql: string, parameters: readonly unknown[] = []) =>
    (await db.query({ text: sql, values: [...parameters], types: exactTypes })).rows as Row[];
  const { findings } = await app.get(VerifyBooks, { strict: false }).verify(
    {
      query,
      prepared: async (_name, sql, parameters) => query(sql, parameters),
      copyOut: (select) => copiedRows(db, select),
    },
    { isFull },
  );
  return findings.filter(({ count }) => count > 0);
}
