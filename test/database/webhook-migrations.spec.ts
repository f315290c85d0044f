/**
 * What stood in an installation before endpoints were told apart and secrets were encrypted: deliveries keep what they
 * are about, with the endpoint beside it; secrets in clear are thrown away, also where answers told them.
 */
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

const endpoint = '0192f0c1-7f6e-7c1a-8a52-0f2d3c4b5a69';

let database: TestDatabase;
let source: DataSource;
let client: Client;

beforeAll(async () => {
  database = await createEmptyDatabase();
  source = await createDataSource(database.url).initialize();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await source.destroy();
  await database.drop();
});

async function undoTo(name: string): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ name: string }>(
      `select name from migrations order by id desc limit 1`,
    );
    await source.undoLastMigration({ transaction: 'each' });
    if (rows[0]?.name.startsWith(name) === true) return;
  }
}

const rowsOf = async (sql: string): Promise<object[]> => (await client.query<object>(sql)).rows;

it('keeps deliveries and discards secrets in clear, on the way up and back', async () => {
  await source.runMigrations({ transaction: 'each' });
  await undoTo('DeliverByEndpoint');
  await client.query(`
    insert into party (id, code, kind, name) overriding system value values (1, 'SP1', 'service-provider', 'A');
    insert into webhook_endpoint (id, party_id, url, event_types) values ('${endpoint}', 1, 'https://a.example', '{}');
    insert into webhook_secret (endpoint_id, secret) values ('${endpoint}', decode(repeat('ab', 32), 'hex'));
    insert into stored_answer (party_id, operation, key, request_digest, status, answer) values
      (1, 'WebhooksController.add', 'k', '', 201, '{"id": "${endpoint}", "secret": "whsec_siri"}'),
      (1, 'BillsController.submit', 'k', '', 201, '{"billId": "A"}');
    insert into delivery (recipient_id, kind, subject, message) values
      (1, 'event', '997010000015 ${endpoint}', '{"kind": "event", "endpointId": "${endpoint}"}'),
      (1, 'payment-confirmed', '997010000015', '{"kind": "payment-confirmed"}');
    insert into delivery_breaker (recipient_id, open_until, pause_ms, last_outcome) values (1, gateway_now(), 5000, 'http-503')`);

  await source.runMigrations({ transaction: 'each' });
  expect(await rowsOf(`select subject, endpoint from delivery order by id`)).toEqual([
    { subject: '997010000015', endpoint },
    { subject: '997010000015', endpoint: '' },
  ]);
  expect(await rowsOf(`select recipient_id, endpoint from delivery_breaker`)).toEqual([
    { recipient_id: 1, endpoint: '' },
  ]);
  expect(await rowsOf(`select endpoint_id from webhook_secret`)).toEqual([]);
  expect(
    await rowsOf(`select switched_off_at is not null as "isOff" from webhook_endpoint`),
  ).toEqual([{ isOff: true }]);
  expect(
    await rowsOf(`select answer, sealed_answer from stored_answer order by operation`),
  ).toEqual([
    { answer: { billId: 'A' }, sealed_answer: null },
    { answer: { id: endpoint }, sealed_answer: null },
  ]);
  await expect(client.query(`delete from stored_answer`)).rejects.toThrow();

  await undoTo('DeliverByEndpoint');
  expect(await rowsOf(`select subject from delivery order by id`)).toEqual([
    { subject: `997010000015 ${endpoint}` },
    { subject: '997010000015' },
  ]);
  await source.runMigrations({ transaction: 'each' });
});
