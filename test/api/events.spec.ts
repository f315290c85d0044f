/**
 * Feed and webhooks over HTTP: what the pages say can be checked by anybody, what is pushed is accepted by an independent
 * receiver of Standard Webhooks, and an attempt differs from the last in time and signature alone. Rules: product.md §6.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EnqueueDelivery } from '../../src/deliveries/enqueue-delivery';
import { canonicalJson, type CanonicalValue } from '../../src/kernel/canonical-json';
import { Books, draft, notification } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { type Push, verified, WebhookReceiver } from '../support/webhook-receiver';
import { ask, keyOf, refusal, type Reply, today } from './support';

interface FeedJson {
  readonly data: readonly {
    readonly event: {
      readonly id: string;
      readonly sequence: number;
      readonly data: { readonly amount: string };
    };
    readonly digest: string;
  }[];
  readonly lastSequence: number;
  readonly acknowledgedSequence: number;
}

let gateway: TestGateway;
let books: Books;
let key: string;
let otherKey: string;
let receiver: WebhookReceiver;

function post(path: string, body?: unknown, as = key): Promise<Reply> {
  return ask(gateway.url, `/v1/${path}`, {
    method: 'POST',
    key: as,
    ...(body === undefined ? {} : { body }),
  });
}

const pushesTo = (path: string, count: number): Promise<readonly Push[]> =>
  receiver.waitFor(path, count);

async function payBill(id: string): Promise<void> {
  const number = await books.numberOf('SP70101', draft(id, { systemId: 'THOSP001' }), 'json');
  const psp = await books.psp('PSP701');
  const [outcome] = await books.receive([
    { psp, notification: notification(id, number, '1000.00') },
  ]);
  expect(outcome?.isAccepted).toBe(true);
  await gateway.sealed();
}

async function endpoint(path: string, more: object = {}): Promise<{ id: string; secret: string }> {
  const reply = await post('webhook-endpoints', { url: `${receiver.base}${path}`, ...more });
  expect(reply.status).toBe(201);
  return reply.json as { id: string; secret: string };
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  books = new Books(gateway);
  for (const code of ['SP70101', 'SP70202', 'PSP701']) await gateway.party(code);
  key = await keyOf(gateway, 'SP70101');
  otherKey = await keyOf(gateway, 'SP70202');
  receiver = await new WebhookReceiver().listen();
});

afterAll(async () => {
  receiver.close();
  await gateway.stop({ unsigned: true });
});

it('numbers events from 1, with digests that the page itself proves', async () => {
  for (const id of ['E-1', 'E-2', 'E-3']) await payBill(id);
  const { json } = await ask(gateway.url, '/v1/events?after=0&limit=200', { key });
  const { data, lastSequence } = json as FeedJson;
  expect(data.map(({ event }) => event.sequence)).toEqual([1, 2, 3]);
  expect(data[0]?.event).toMatchObject({ type: 'payment.confirmed', data: { amount: '1000.00' } });
  expect(lastSequence).toBe(3);
  let digest = Buffer.alloc(32);
  for (const entry of data) {
    const text = canonicalJson(entry.event);
    digest = createHash('sha256').update(digest).update(text).digest();
    expect(entry.digest).toBe(digest.toString('hex'));
  }

  const rest = await ask(gateway.url, '/v1/events?after=2', { key });
  expect((rest.json as FeedJson).data.map(({ event }) => event.sequence)).toEqual([3]);
  const others = await ask(gateway.url, '/v1/events', { key: otherKey });
  expect(others.json).toEqual({ data: [], lastSequence: 0, acknowledgedSequence: 0 });
  const acknowledged = await post('events/ack', { sequence: 3, digest: digest.toString('hex') });
  expect(acknowledged.json).toMatchObject({ acknowledgedSequence: 3, lastSequence: 3 });
});

it.each<[what: string, path: string, body: unknown, expected: readonly unknown[]]>([
  ['a negative number', '/v1/events?after=-1', undefined, [400, 'request.invalid', '?after']],
  ['a page of none', '/v1/events?limit=0', undefined, [400, 'request.invalid', '?limit']],
  ['a field that is none', '/v1/events?from=1', undefined, [400, 'request.invalid', '?from']],
  ['no sequence', 'events/ack', {}, [400, 'request.invalid', '/sequence']],
  ['half an event', 'events/ack', { sequence: 1.5 }, [400, 'json.refused', '/sequence']],
  ['a text for a number', 'events/ack', { sequence: '1' }, [400, 'request.invalid', '/sequence']],
  [
    'a short digest',
    'events/ack',
    { sequence: 1, digest: 'ab' },
    [400, 'request.invalid', '/digest'],
  ],
  [
    'another digest',
    'events/ack',
    { sequence: 1, digest: '0'.repeat(64) },
    [409, 'feed.digest-differs'],
  ],
  ['beyond the end', 'events/ack', { sequence: 99 }, [422, 'feed.position-unknown']],
  ['no address', 'webhook-endpoints', {}, [400, 'request.invalid', '/url']],
  ['a file', 'webhook-endpoints', { url: 'file:///etc/passwd' }, [400, 'request.invalid', '/url']],
  ['no address at all', 'webhook-endpoints', { url: 'http://[' }, [422, 'webhook.url-unsafe']],
  [
    'an unknown event',
    'webhook-endpoints',
    { url: 'https://a.example', eventTypes: ['payment.lost'] },
    [400, 'request.invalid', '/eventTypes'],
  ],
  [
    'a strange field',
    'webhook-endpoints',
    { url: 'https://a.example', secret: 'mine' },
    [400, 'request.invalid', '/secret'],
  ],
])('refuses %s', async (_what, path, body, expected) => {
  const reply = path.startsWith('/')
    ? await ask(gateway.url, path, { key })
    : await post(path, body);
  expect(refusal(reply)).toEqual(expected);
});

describe('webhooks', () => {
  it('are accepted by an independent receiver, and say what the feed says', async () => {
    const { secret } = await endpoint('/all');
    await endpoint('/refunds', { eventTypes: ['payment.refunded'] });
    await payBill('W-1');
    const [push] = await pushesTo('/all', 1);
    if (push === undefined) throw new Error('no message');
    const told = verified(secret, push);
    const { json } = await ask(gateway.url, '/v1/events?after=3', { key });
    const [entry] = (json as FeedJson).data;
    expect(told).toEqual(entry?.event);
    expect(push.headers['webhook-id']).toBe(entry?.event.id);
    expect(push.body).toBe(canonicalJson(entry?.event as unknown as CanonicalValue));
    expect(receiver.pushes.map(({ path }) => path)).not.toContain('/refunds');
    expect(() => verified(secret, { ...push, body: push.body.replace('1000', '2000') })).toThrow();
  });

  it('keep id and bytes at the next attempt, with another time and signature', async () => {
    const { secret, id } = await endpoint('/failing');
    receiver.answers.set('/failing', 500);
    await payBill('W-2');
    await pushesTo('/failing', 1);
    receiver.answers.set('/failing', 200);
    await pause(1_100); // The time of a message is told in seconds.
    await gateway.db.query(
      `update delivery set next_attempt_at = gateway_now() where message ->> 'endpointId' = $1 and settled_at is null`,
      [id],
    );
    const [first, second] = await pushesTo('/failing', 2);
    if (first === undefined || second === undefined) throw new Error('no message');
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.headers['webhook-timestamp']).not.toBe(first.headers['webhook-timestamp']);
    expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
    verified(secret, second);
  });

  it('are signed with the old and the new secret after a rotation, and a day later with the new alone', async () => {
    const { id, secret } = await endpoint('/rotating');
    const rotated = await post(`webhook-endpoints/${id}/rotate`);
    const { secret: newer } = rotated.json as { secret: string };
    expect(newer).not.toBe(secret);
    await payBill('W-3');
    const [both] = await pushesTo('/rotating', 1);
    if (both === undefined) throw new Error('no message');
    verified(secret, both);
    verified(newer, both);

    await gateway.setClock('2026-11-25T09:00:00Z');
    await payBill('W-4');
    const [, last] = await pushesTo('/rotating', 2);
    if (last === undefined) throw new Error('no message');
    verified(newer, last);
    expect(() => verified(secret, last)).toThrow();
  });

  it('have secrets that are told once, to a repeated request too, and stand nowhere in clear', async () => {
    const request = {
      method: 'POST',
      key,
      body: { url: `${receiver.base}/secret` },
      headers: { 'idempotency-key': 'told-once' },
    } as const;
    const first = await ask(gateway.url, '/v1/webhook-endpoints', request);
    const { id, secret } = first.json as { id: string; secret: string };
    const again = await ask(gateway.url, '/v1/webhook-endpoints', request);
    expect([again.status, again.json]).toEqual([201, first.json]);
    const raw = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const { rows } = await gateway.db.query<{ answers: string; secrets: string; audit: string }>(
      `select (select string_agg(to_jsonb(a)::text, ' ') from stored_answer a) as answers,
              (select string_agg(to_jsonb(s)::text, ' ') from webhook_secret s) as secrets,
              (select string_agg(to_jsonb(e)::text, ' ') from audit_event e) as audit`,
    );
    const kept = JSON.stringify(rows);
    for (const form of [secret, raw.toString('base64'), raw.toString('hex')])
      expect(kept).not.toContain(form);
    expect(kept).toContain('told-once');
    expect(
      (await ask(gateway.url, `/v1/webhook-endpoints/${id}`, { key })).json,
    ).not.toHaveProperty('secret');
  });

  it('stop when the endpoint is removed, and nobody else can touch it', async () => {
    const { id } = await endpoint('/removed');
    const path = `/v1/webhook-endpoints/${id}`;
    for (const method of ['GET', 'DELETE'] as const)
      expect(refusal(await ask(gateway.url, path, { method, key: otherKey }))).toEqual([
        404,
        'webhook.unknown',
      ]);
    const body = { eventTypes: ['payment.reversed'] };
    const foreign = await ask(gateway.url, path, { method: 'PATCH', key: otherKey, body });
    expect(refusal(foreign)).toEqual([404, 'webhook.unknown']);
    const changed = await ask(gateway.url, path, { method: 'PATCH', key, body });
    expect(changed.json).toMatchObject({ id, ...body });
    expect((await ask(gateway.url, path, { method: 'DELETE', key })).status).toBe(204);
    expect(refusal(await ask(gateway.url, path, { key }))).toEqual([404, 'webhook.unknown']);
  });

  it('go to ten endpoints of a party at most', async () => {
    const { json } = await ask(gateway.url, '/v1/webhook-endpoints', { key });
    const existing = (json as { data: object[] }).data.length;
    for (let i = existing; i < 10; i++) await endpoint(`/more-${String(i)}`);
    expect(
      refusal(await post('webhook-endpoints', { url: `${receiver.base}/one-too-many` })),
    ).toEqual([409, 'webhook.too-many']);
  });
});

it('tells of reversals, refunds and corrections in feed and webhooks, once each', async () => {
  const wish = {
    url: `${receiver.base}/amended`,
    eventTypes: [
      'payment.reversed',
      'payment.refunded',
      'payment.refund-returned',
      'payment.corrected',
    ],
  };
  const made = await post('webhook-endpoints', wish, otherKey);
  const { secret } = made.json as { secret: string };
  const { id: recipientId } = await books.sp('SP70202');
  const { json: before } = await ask(gateway.url, '/v1/events?limit=1', { key: otherKey });
  const { lastSequence } = before as FeedJson;
  const kinds = [
    'payment-reversed',
    'payment-refunded',
    'payment-refund-returned',
    'payment-corrected',
  ] as const;
  const told = {
    paymentId: randomUUID(),
    receiptNumber: 'R2611240000000001',
    controlNumber: '997010000008',
    pspCode: 'PSP701',
    pspTransactionId: 'E-1',
    currency: 'TZS',
    amount: '400.00',
    amountBefore: '1000.00',
    bills: [{ billId: 'E-1', state: 'open', paidAmount: '0.00' }],
    reason: 'paid on the wrong number',
  } as const;
  await books.inTransaction((tx) =>
    books.use(EnqueueDelivery).execute(
      tx,
      kinds.map((kind) => ({
        recipientId,
        subject: told.controlNumber,
        url: null,
        message: { kind, form: 'webhook', amendmentId: randomUUID(), ...told },
      })),
    ),
  );
  await gateway.sealed();
  const { json } = await ask(gateway.url, `/v1/events?after=${String(lastSequence)}`, {
    key: otherKey,
  });
  const events = (json as FeedJson).data.map(({ event }) => event);
  expect(events).toMatchObject(
    kinds.map((kind) => ({ type: kind.replace('-', '.'), data: { ...told } })),
  );
  const pushes = await pushesTo('/amended', 4);
  expect(pushes.map((push) => verified(secret, push))).toEqual(events);
});
