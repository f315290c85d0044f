/**
 * Deliveries once more, by delivery, range of the feed, bill, PSP's transaction and day: the same id and the same bytes,
 * to the endpoints of the party that asks alone. And endpoints of one party, which stand and fall each for itself: a dead
 * one delays no other, and one that answers 410 is switched off. Rules: product.md §6, security-reliability §3.3.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Books, draft, item, notification } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { verified, WebhookReceiver } from '../support/webhook-receiver';
import { ask, bill, keyOf, refusal, type Reply, today } from './support';

let gateway: TestGateway;
let books: Books;
let receiver: WebhookReceiver;
const keys: Record<string, string> = {};

const post = (path: string, body: unknown, key = keys['SP70101']): Promise<Reply> =>
  ask(gateway.url, `/v1/${path}`, { method: 'POST', key, body });

/** How many are sent again. */
async function resend(body: object, code = 'SP70101'): Promise<number> {
  const reply = await post('deliveries/resend', body, keys[code]);
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
  return (reply.json as { count: number }).count;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error(`it did not come to this: ${what}`);
}

/** A minute passes for what was sent again. */
async function passMinute(): Promise<void> {
  await gateway.db.query(`update delivery set resent_at = resent_at - interval '2 minutes'`);
}

async function endpoint(path: string, code = 'SP70101'): Promise<{ id: string; secret: string }> {
  const reply = await post('webhook-endpoints', { url: `${receiver.base}${path}` }, keys[code]);
  expect(reply.status).toBe(201);
  return reply.json as { id: string; secret: string };
}

async function remove(id: string): Promise<void> {
  const path = `/v1/webhook-endpoints/${id}`;
  const { status } = await ask(gateway.url, path, { method: 'DELETE', key: keys['SP70101'] });
  expect(status).toBe(204);
}

/** Over JSON, so that its confirmation is an event and nothing else. */
async function payBill(id: string): Promise<string> {
  const number = await books.numberOf('SP70101', draft(id, { systemId: 'THOSP001' }), 'json');
  const psp = await books.psp('PSP701');
  const [outcome] = await books.receive([
    { psp, notification: notification(id, number, '1000.00') },
  ]);
  expect(outcome?.isAccepted).toBe(true);
  await gateway.sealed();
  return number;
}

const stateOf = async (id: string): Promise<unknown> =>
  (await ask(gateway.url, `/v1/webhook-endpoints/${id}`, { key: keys['SP70101'] })).json;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  books = new Books(gateway);
  receiver = await new WebhookReceiver().listen();
  for (const code of ['SP70101', 'SP70202', 'PSP701']) {
    await gateway.party(code);
    keys[code] = await keyOf(gateway, code);
  }
});

afterAll(async () => {
  receiver.close();
  await gateway.stop({ unsigned: true });
});

describe('sent again', () => {
  let endpointId = '';
  const numbers: string[] = [];

  beforeAll(async () => {
    ({ id: endpointId } = await endpoint('/again'));
    for (const id of ['R-1', 'R-2', 'R-3']) numbers.push(await payBill(id));
    await receiver.waitFor('/again', 3);
    await until(
      'all are delivered',
      async () => (await gateway.count('delivery', `kind = 'event' and state = 'delivered'`)) === 3,
    );
  });

  beforeEach(async () => {
    await until(
      'nothing waits',
      async () => (await gateway.count('delivery', `kind = 'event' and settled_at is null`)) === 0,
    );
    await passMinute();
    receiver.pushes.length = 0;
  });

  afterAll(() => remove(endpointId));

  const sequencesOf = (): readonly number[] =>
    receiver
      .to('/again')
      .map(({ body }) => (JSON.parse(body) as { sequence: number }).sequence)
      .sort();

  it.each<[what: string, body: () => object, sequences: readonly number[]]>([
    ['by range', () => ({ events: { from: 2, to: 2 } }), [2]],
    ['by bill', () => ({ billId: 'R-2' }), [2]],
    ['by control number', () => ({ controlNumber: numbers[0] }), [1]],
    ['by day', () => ({ day: '2026-11-24' }), [1, 2, 3]],
  ])('%s, once within a minute', async (_what, body, sequences) => {
    expect(await resend(body())).toBe(sequences.length);
    await receiver.waitFor('/again', sequences.length);
    expect(sequencesOf()).toEqual(sequences);
    expect(await resend(body())).toBe(0);
  });

  it('by delivery, with the same id and the same bytes', async () => {
    const { json } = await ask(gateway.url, '/v1/deliveries?limit=200', { key: keys['SP70101'] });
    const { data } = json as {
      data: { deliveryId: string; kind: string; subject: string; endpointId: string | null }[];
    };
    const one = data.find(({ kind, subject }) => kind === 'event' && subject === numbers[1]);
    expect(one?.endpointId).toBe(endpointId);
    expect(await resend({ deliveryIds: [one?.deliveryId] })).toBe(1);
    const [first] = await receiver.waitFor('/again', 1);
    await until(
      'it is delivered',
      async () => (await gateway.count('delivery', `kind = 'event' and settled_at is null`)) === 0,
    );
    await passMinute();
    expect(await resend({ billId: 'R-2' })).toBe(1);
    const [, second] = await receiver.waitFor('/again', 2);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(
      await gateway.count('audit_event', `action = 'delivery.resent' and actor = 'SP70101'`),
    ).toBeGreaterThan(5);
  });

  it('by range for an institution that gets XML', async () => {
    const code = 'SP70202';
    const number = await books.numberOf(
      code,
      draft('X-1', { systemId: 'TMAJI001', items: [item('1000.00', '140101')] }),
    );
    expect(await books.pay('PSP701', 'X-1', number, '1000.00')).toBe('taken');
    await gateway.sealed();
    await until('it is delivered', async () =>
      gateway
        .count('delivery', `kind = 'payment-confirmed' and state = 'delivered'`)
        .then((count) => count === 1),
    );
    expect(await resend({ events: { from: 1, to: 1 } }, code)).toBe(1);
  });

  it("never what is another party's", async () => {
    const { rows } = await gateway.db.query<{ id: string }>(
      `select id from delivery where kind = 'event'`,
    );
    const deliveryIds = rows.map(({ id }) => id);
    expect(await resend({ deliveryIds }, 'PSP701')).toBe(0);
    expect(await resend({ controlNumber: numbers[0] }, 'PSP701')).toBe(0);
    expect(await resend({ events: { from: 1, to: 3 } }, 'PSP701')).toBe(0);
    expect(refusal(await post('deliveries/resend', { billId: 'R-1' }, keys['SP70202']))).toEqual([
      404,
      'bill.unknown',
    ]);
  });

  it.each<[what: string, body: object, expected: readonly unknown[]]>([
    ['nothing', {}, [400, 'delivery.nothing-selected']],
    ['two things', { billId: 'R-1', day: '2026-11-24' }, [400, 'delivery.nothing-selected']],
    ['a range that ends first', { events: { from: 3, to: 2 } }, [400, 'delivery.nothing-selected']],
    ['a range without its end', { events: { from: 3 } }, [400, 'request.invalid', '/events/to']],
    ['event nought', { events: { from: 0, to: 2 } }, [400, 'request.invalid', '/events/from']],
    ['no ids', { deliveryIds: [] }, [400, 'request.invalid', '/deliveryIds']],
    ['a word for an id', { deliveryIds: ['all'] }, [400, 'request.invalid', '/deliveryIds']],
    ['an unknown bill', { billId: 'NONE' }, [404, 'bill.unknown']],
    ['a strange field', { everything: true }, [400, 'request.invalid', '/everything']],
  ])('not for %s', async (_what, body, expected) => {
    expect(refusal(await post('deliveries/resend', body))).toEqual(expected);
  });
});

describe('endpoints of one party', () => {
  it('do not wait for one that is dead, whose breaker is its own', async () => {
    receiver.answers.set('/dead', 503);
    const dead = await endpoint('/dead');
    const alive = await endpoint('/alive');
    for (let i = 0; i < 8; i++) await payBill(`B-${String(i)}`);
    await receiver.waitFor('/alive', 8);
    await until(
      'the breaker opens',
      async () => (await gateway.count('delivery_breaker', `endpoint = '${dead.id}'`)) === 1,
    );
    expect(await gateway.count('delivery_breaker')).toBe(1);
    await until(
      'what was under way has ended',
      async () => (await gateway.count('delivery', `state = 'leased'`)) === 0,
    );
    const tried = receiver.to('/dead').length;
    for (let i = 0; i < 4; i++) await payBill(`B-later-${String(i)}`);
    for (const push of await receiver.waitFor('/alive', 12)) verified(alive.secret, push);
    expect(receiver.to('/dead').length).toBeLessThanOrEqual(tried + 1);

    // At its new address everything arrives, at once.
    const path = `/v1/webhook-endpoints/${dead.id}`;
    const body = { url: `${receiver.base}/mended` };
    await ask(gateway.url, path, { method: 'PATCH', key: keys['SP70101'], body });
    await receiver.waitFor('/mended', 12);
    await remove(dead.id);
    await remove(alive.id);
  });

  it('do not wait for one that holds every request open', async () => {
    receiver.answers.set('/silent', 'silence');
    const silent = await endpoint('/silent');
    const quick = await endpoint('/quick');
    for (let i = 0; i < 12; i++) await payBill(`S-${String(i)}`);
    await receiver.waitFor('/quick', 12);
    // As many as an endpoint that nothing is known of may have under way.
    expect(receiver.silent).toHaveLength(8);
    receiver.answers.delete('/silent');
    for (const response of receiver.silent) response.writeHead(204).end();
    await receiver.waitFor('/silent', 12);
    await remove(silent.id);
    await remove(quick.id);
  });

  it('that answer 410 are switched off with an alarm, and get again what they missed when they are on', async () => {
    receiver.answers.set('/gone', 410);
    const gone = await endpoint('/gone');
    await payBill('G-1');
    await receiver.waitFor('/gone', 1);
    await until('it is off', async () => {
      const { state } = (await stateOf(gone.id)) as { state: string };
      return state === 'off';
    });
    const subject = `SP70101/${gone.id}`;
    expect(await gateway.count('alarm', `kind = 'webhook-gone' and subject = '${subject}'`)).toBe(
      1,
    );
    expect(
      await gateway.count(
        'audit_event',
        `action = 'webhook.switched-off' and subject = '${subject}'`,
      ),
    ).toBe(1);
    const owed = `endpoint = '${gone.id}'`;
    expect(await gateway.count('delivery', `${owed} and state = 'parked'`)).toBe(1);
    expect(await gateway.count('alarm', `kind = 'delivery-parked'`)).toBe(0);

    // Off: nothing is owed to it, and nothing is sent again.
    await payBill('G-2');
    expect(await gateway.count('delivery', owed)).toBe(1);
    expect(await resend({ billId: 'G-1' })).toBe(0);

    receiver.answers.delete('/gone');
    const path = `/v1/webhook-endpoints/${gone.id}`;
    const body = { state: 'on' };
    const on = await ask(gateway.url, path, { method: 'PATCH', key: keys['SP70101'], body });
    expect(on.json).toMatchObject({ id: gone.id, state: 'on' });
    expect(await resend({ billId: 'G-1' })).toBe(1);
    const [, again] = await receiver.waitFor('/gone', 2);
    if (again === undefined) throw new Error('no message');
    verified(gone.secret, again);
  });
});

it('an institution that is enrolled for webhooks submits a bill and is told of its payment', async () => {
  const code = 'SP70202';
  await gateway.party(code, {
    delivery: 'webhook',
    endpoints: { controlNumber: null, payment: null, reconciliation: null, cancellation: null },
  });
  const own = await books.sp(code);
  const { secret } = await endpoint('/enrolled', code);
  const reply = await post(
    'bills',
    bill('ENROLLED-1', {
      subSpCode: [...own.subSpCodes][0],
      items: [{ gfsCode: [...own.gfsCodes][0], amount: '150000.00' }],
    }),
    keys[code],
  );
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
  const { controlNumber } = reply.json as { controlNumber: string };
  expect(await books.pay('PSP701', 'EN-1', controlNumber, '150000.00')).toBe('taken');
  const [push] = await receiver.waitFor('/enrolled', 1);
  if (push === undefined) throw new Error('no message');
  expect(verified(secret, push)).toMatchObject({
    type: 'payment.confirmed',
    data: { controlNumber, amount: '150000.00', pspTransactionId: 'EN-1' },
  });
  const owed = `subject = '${controlNumber}'`;
  await until(
    'it is delivered',
    async () => (await gateway.count('delivery', `${owed} and state = 'delivered'`)) === 1,
  );
  // Nothing else is owed about it, in no other form.
  expect(await gateway.count('delivery', owed)).toBe(1);
});
