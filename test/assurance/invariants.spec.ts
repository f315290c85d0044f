/**
 * The checker is checked: each invariant has a corruption, made as superuser past every guard, that is reported as
 * exactly the invariants named and nothing else; the untouched books report none. Each corruption is rolled back.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { invariants, signatureInvariant } from '../../src/assurance/invariants';
import { VerifyBooks } from '../../src/assurance/verify-books';
import { projectRoot } from '../../src/installation';
import { addDays } from '../../src/kernel/business-day';
import { brokenInvariants } from '../support/books';
import { TestGateway } from '../support/gateway';
import { corruptedBooks } from './corruptions/books';
import { corruptedMessages } from './corruptions/messages';
import { corruptedWork } from './corruptions/officers-work';
import { makeSmallBooks, today } from './small-books';

let gateway: TestGateway;

const corruptions = [...corruptedBooks, ...corruptedMessages, ...corruptedWork].sort(
  ([one], [other]) => one.localeCompare(other),
);

/** Verifies what `statements` did within one transaction of the superuser, and undoes it. */
async function brokenBy(
  db: Client,
  statements: readonly string[],
  isFull = true,
): Promise<readonly string[]> {
  await db.query('begin');
  try {
    await db.query(`set local session_replication_role = replica`);
    for (const statement of statements) {
      const { rowCount, command } = await db.query(statement);
      if (command !== 'ALTER' && (rowCount ?? 0) === 0)
        throw new Error(`changed nothing: ${statement}`);
    }
    return (await brokenInvariants(gateway.app, db, isFull)).map(({ invariant }) => invariant);
  } finally {
    await db.query('rollback');
  }
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await makeSmallBooks(gateway);
});

afterAll(async () => {
  await gateway.stop();
});

describe('the invariants', () => {
  it('hold in the books as the gateway keeps them', async () => {
    expect(await brokenBy(gateway.db, [])).toEqual([]);
    const outcome = await gateway.app
      .get(VerifyBooks, { strict: false })
      .execute({ isFull: false });
    expect(outcome).toMatchObject({
      since: '2026-11-22',
      isSound: true,
      hasSeparateGrants: true,
      verifiedSignatures: await gateway.count('inbound_message'),
    });
  });

  it('each have a corruption, and a number of their own', () => {
    const ids = invariants.map(({ id }) => id);
    expect([...new Set(corruptions.map(([id]) => id))]).toEqual(ids);
    expect([...new Set(ids)].sort()).toEqual(ids);
  });

  it.each(corruptions)('%s is broken when %s', async (id, _deed, statements, expected) => {
    expect(expected).toContain(id);
    expect(await brokenBy(gateway.db, statements)).toEqual(expected);
  });

  // All signatures are verified with the bytes beside them; of a sample the bytes are asked for by a statement.
  it.each(corruptedMessages.filter(([id]) => id === signatureInvariant))(
    '%s is broken in the quick form too when %s',
    async (_id, _deed, statements, expected) => {
      expect(await brokenBy(gateway.db, statements, false)).toEqual(expected);
    },
  );

  it('27 knows every table that only grows', async () => {
    const { rows } = await gateway.db.query<{ guarded: string; guard: string }>(
      `select t.tgrelid::regclass::text as guarded, t.tgname as guard
         from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where t.tgfoid = 'refuse_change'::regproc and not c.relispartition order by 1, 2`,
    );
    expect(rows.length).toBeGreaterThan(40);
    const statement = readFileSync(
      join(projectRoot, 'src', 'assurance', 'sql', '27-guard-missing.sql'),
      'utf8',
    );
    const unseen: string[] = [];
    for (const { guarded, guard } of rows) {
      await gateway.db.query('begin');
      await gateway.db.query(`alter table ${guarded} disable trigger ${guard}`);
      const found = (await gateway.db.query<{ key: string }>(statement, [today])).rows;
      await gateway.db.query('rollback');
      if (!found.some(({ key }) => key === guard)) unseen.push(`${guarded}.${guard}`);
    }
    expect(unseen).toEqual([]);
  });

  it('are not looked for before the first day asked for', async () => {
    await gateway.db.query(`update bill set paid_minor = 0 where sp_bill_id = 'A-2'`);
    const verify = gateway.app.get(VerifyBooks, { strict: false });
    const from = async (since: typeof today) =>
      (await verify.execute({ isFull: false, since })).findings.filter(({ count }) => count > 0);
    const { rows } = await gateway.db.query<{ id: string }>(
      `select id from bill where sp_bill_id = 'A-2'`,
    );
    expect(await from(today)).toMatchObject([{ invariant: '07', count: 1, keys: [rows[0]?.id] }]);
    expect(await from(addDays(today, 1))).toEqual([]);
    await gateway.db.query(`update bill set paid_minor = 20000 where sp_bill_id = 'A-2'`);
  });

  it('hold in books that were multiplied for measuring', async () => {
    const script = readFileSync(
      join(projectRoot, 'tools', 'measure', 'multiply-books.sql'),
      'utf8',
    );
    const payments = await gateway.count('payment');
    await gateway.db.query(`set malipo.copies = 50`);
    await gateway.db.query(script);
    expect(await gateway.count('payment')).toBe(payments + 50);
    expect(await gateway.count('delivery_attempt', `id > 0`)).toBeGreaterThanOrEqual(100);
    expect(await brokenInvariants(gateway.app, gateway.db)).toEqual([]);
  });
});
