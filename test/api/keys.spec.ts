/** Who may come in: keys that hold, their scopes, and the rate of a party; and what a POST that is repeated gets. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangeApiKeys } from '../../src/parties/change-api-keys';
import { SuspendParty } from '../../src/parties/suspend-party';
import { makeSandboxKeys } from '../../src/sandbox-keys';
import { TestGateway } from '../support/gateway';
import { ask, bill, keyOf, refusal, type Reply, today } from './support';

let gateway: TestGateway;
let key: string;
let keys: ChangeApiKeys;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  key = await keyOf(gateway, 'SP70101');
  keys = gateway.app.get(ChangeApiKeys, { strict: false });
});
afterAll(() => gateway.stop());

const post = (idempotencyKey: string, body: unknown, path = '/v1/bills'): Promise<Reply> =>
  ask(gateway.url, path, {
    method: 'POST',
    key,
    body,
    headers: { 'idempotency-key': idempotencyKey },
  });

describe('a key', () => {
  it('is stored as its digest alone, and its use is written', async () => {
    await ask(gateway.url, '/v1/bills', { key });
    const { rows } = await gateway.db.query<{ text: string }>(
      `select k::text as text from api_key k`,
    );
    expect(rows.map(({ text }) => text).join()).not.toContain(key.slice(7));
    for (
      let i = 0;
      i < 200 && (await gateway.count('api_key', 'last_used_at is not null')) === 0;
      i++
    )
      await new Promise((done) => setTimeout(done, 20));
    expect(await gateway.count('api_key', 'last_used_at is not null')).toBe(1);
  });

  it('is needed, and must be one', async () => {
    expect(refusal(await ask(gateway.url, '/v1/bills'))).toEqual([401, 'api-key.missing']);
    const wrong = await ask(gateway.url, '/v1/bills', { key: `malipo_${'a'.repeat(43)}` });
    expect(refusal(wrong)).toEqual([401, 'api-key.invalid']);
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer realm="malipo"');
  });

  it('opens what its scopes say', async () => {
    const reader = await keyOf(gateway, 'SP70101', ['bills:read']);
    expect((await ask(gateway.url, '/v1/bills', { key: reader })).status).toBe(200);
    const reply = await ask(gateway.url, '/v1/bills', {
      key: reader,
      method: 'POST',
      body: bill('S1'),
    });
    expect(refusal(reply)).toEqual([403, 'api-key.scope-missing']);
  });

  it('is refused where its party has no use for it', async () => {
    await expect(keys.create('PSP701', ['bills:write'], 30, 'test')).rejects.toMatchObject({
      code: 'api-key.scope-unknown',
    });
    await expect(keys.create('SP70101', [], 30, 'test')).rejects.toMatchObject({
      code: 'api-key.scope-unknown',
    });
    await expect(keys.create('SP9', ['bills:read'], 30, 'test')).rejects.toMatchObject({
      code: 'party.unknown',
    });
    await expect(keys.create('SP70101', ['bills:read'], 731, 'test')).rejects.toMatchObject({
      code: 'api-key.expiry-unacceptable',
    });
    await expect(keys.revoke(randomUUID(), 'test')).rejects.toMatchObject({
      code: 'api-key.unknown',
    });
  });

  it('ends when it is revoked or expires, and not before; others stay', async () => {
    const other = await keys.create('SP70101', ['bills:read'], 1, 'test');
    const { id } = await keys.create('SP70101', ['bills:read'], 1, 'test');
    expect([await keys.revoke(id, 'test'), await keys.revoke(id, 'test')]).toEqual([true, false]);
    const revoked = await keys.create('SP70101', ['bills:read'], 1, 'test');
    await keys.revoke(revoked.id, 'test');
    expect(refusal(await ask(gateway.url, '/v1/bills', { key: revoked.key }))).toEqual([
      401,
      'api-key.invalid',
    ]);
    await gateway.setClock('2026-11-25T09:00:00Z');
    expect(refusal(await ask(gateway.url, '/v1/bills', { key: other.key }))).toEqual([
      401,
      'api-key.invalid',
    ]);
    await gateway.setClock(today);
  });
});

it('the keys of a sandbox are those that its database knows, whatever the data folder holds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'malipo-keys-'));
  const path = join(folder, 'api-keys.json');
  const made = async () => {
    await makeSandboxKeys(gateway.app, folder);
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  };
  const opens = async (code: string, one?: string) =>
    (await ask(gateway.url, code.startsWith('SP') ? '/v1/bills' : '/v1/statements', { key: one }))
      .status;
  const first = await made();
  expect(await made()).toEqual(first);

  // As a folder that was used with another database: one key is unknown here, one is another party's.
  const stale = { SP70101: `malipo_${'a'.repeat(43)}`, PSP701: first['SP70101'] };
  writeFileSync(path, JSON.stringify({ ...first, ...stale }));
  const second = await made();
  expect(Object.keys(second)).toEqual(Object.keys(first));
  expect([
    await opens('SP70101', second['SP70101']),
    await opens('PSP701', second['PSP701']),
  ]).toEqual([200, 200]);
  writeFileSync(path, 'not JSON');
  expect(await opens('SP70101', (await made())['SP70101'])).toBe(200);
  rmSync(folder, { recursive: true });
});

it('a suspended party is told so', async () => {
  const suspend = gateway.app.get(SuspendParty, { strict: false });
  await suspend.execute('SP70101', { status: 'suspended', reason: 'test' }, 'test');
  expect(refusal(await ask(gateway.url, '/v1/bills', { key }))).toEqual([403, 'party.suspended']);
  await suspend.execute('SP70101', { status: 'active', reason: 'test' }, 'test');
});

describe('an Idempotency-Key', () => {
  it('is wanted on a POST', async () => {
    expect(refusal(await post('', bill('I0')))).toEqual([400, 'idempotency.key-missing']);
  });

  it('gets the stored answer for the same request, and none for another', async () => {
    const id = randomUUID();
    const first = await post(id, bill('I1'));
    await gateway.db.query(`update bill set version = version + 1 where sp_bill_id = 'I1'`);
    const again = await post(id, bill('I1'));
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(refusal(await post(id, bill('I2')))).toEqual([422, 'idempotency.body-different']);
    expect(await gateway.count('bill', `sp_bill_id = 'I2'`)).toBe(0);
  });

  it('is free again after a refusal', async () => {
    const id = randomUUID();
    expect((await post(id, bill('I3', { amount: '1.00' }))).status).toBe(422);
    expect((await post(id, bill('I3'))).status).toBe(201);
  });

  it('is answered 409 while the first is under way, and never does the work twice', async () => {
    const id = randomUUID();
    // The first waits here, in its transaction, for the row of the institution's numbers.
    await gateway.db.query(`begin`);
    await gateway.db.query(`select from control_number_range for update`);
    const first = post(id, bill('I4'));
    let second: Reply | undefined;
    for (let i = 0; i < 100 && second?.status !== 409; i++) {
      const waiting = await gateway.count('pg_stat_activity', `wait_event_type = 'Lock'`);
      if (waiting > 0) second = await post(id, bill('I4'));
      else await new Promise((done) => setTimeout(done, 20));
    }
    expect(refusal(second)).toEqual([409, 'idempotency.in-flight']);
    expect(second?.headers.get('retry-after')).toBe('1');
    await gateway.db.query(`rollback`);
    expect((await first).status).toBe(201);
    expect((await post(id, bill('I4'))).text).toBe((await first).text);
  });

  it('makes one bill of twenty twins at once', async () => {
    const id = randomUUID();
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(id, bill('I5'))));
    const statuses = new Set(replies.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 201 && status !== 409)).toEqual([]);
    expect(
      new Set(replies.filter(({ status }) => status === 201).map(({ text }) => text)).size,
    ).toBe(1);
    expect(await gateway.count('bill', `sp_bill_id = 'I5'`)).toBe(1);
    expect(await gateway.count('stored_answer', `key = '${id}'`)).toBe(1);
  });
});

describe('too much', () => {
  it('is 429 for the party, with what is left in every answer', async () => {
    await gateway.party('SP70202', { profile: { requestsPerSecond: 5 } });
    const slow = await keyOf(gateway, 'SP70202');
    const replies: Reply[] = [];
    for (let i = 0; i < 60; i++) replies.push(await ask(gateway.url, '/v1/bills', { key: slow }));
    const limited = replies.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(refusal(limited[0])).toEqual([429, 'request.limited']);
    expect(limited[0]?.headers.get('ratelimit')).toMatch(/^"party";r=0;t=\d+$/);
    expect(limited[0]?.headers.get('retry-after')).toBe('1');
  });

  it('of keys that are none is 429 for the address', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 80 }, (_, i) => ask(gateway.url, '/v1/bills', { key: `x${String(i)}` })),
    );
    expect(refusal(guesses.at(-1))).toEqual([429, 'api-key.guessed']);
  });
});
