/**
 * A PSP over JSON: what is taken and refused is what the XML path takes and refuses, whoever did not sign these bytes is
 * turned away without a trace, and what is kept can be verified for ever. Rules: rulings.md §1, §2; SIG-11.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { ChangeCertificates } from '../../src/parties/change-certificates';
import { dammDigit } from '../../src/bills/control-number.rules';
import { payV5 } from '../../tools/sandbox/messages-v5';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { brokenInvariants } from '../support/books';
import { enrolWithEcKey, makeEcKey } from '../support/ec-party';
import { TestGateway } from '../support/gateway';
import { detachedJws, plainHeader } from '../support/jws';
import { ask, bill, keyOf, refusal, type Reply, today } from './support';

let gateway: TestGateway;
let bank: SandboxParty;
const keys = { sp: '', psp: '', irrevocable: '' };
const { privateKey } = sampleKeystore('PSP701');

interface Sending {
  readonly key?: string;
  readonly idempotencyKey?: string;
  /** The header; null for none. */
  readonly jws?: string | null;
}

/** Sends exactly this text. */
function send(body: string, { key = keys.psp, idempotencyKey, jws }: Sending = {}): Promise<Reply> {
  const id = idempotencyKey ?? /"transactionId":"([^"]*)"/.exec(body)?.[1] ?? 'none';
  const signature = jws === undefined ? detachedJws(body, privateKey) : jws;
  return ask(gateway.url, '/v1/payments', {
    method: 'POST',
    key,
    body,
    headers: {
      'idempotency-key': id,
      ...(signature === null ? {} : { 'x-jws-signature': signature }),
    },
  });
}

function payment(transactionId: string, controlNumber: string, more: object = {}): string {
  return JSON.stringify({
    transactionId,
    controlNumber,
    amount: '150000.00',
    currency: 'TZS',
    paidAt: '2026-11-24T10:30:00+03:00',
    channel: 'MOBILE',
    payer: { name: 'Asha Juma', phone: '0712345678' },
    ...more,
  });
}

async function numberOf(billId: string, more: object = {}): Promise<string> {
  const body = bill(billId, more);
  const { json } = await ask(gateway.url, '/v1/bills', { method: 'POST', key: keys.sp, body });
  return (json as { controlNumber: string }).controlNumber;
}

const status = (transactionId: string, key = keys.psp): Promise<Reply> =>
  ask(gateway.url, `/v1/payments/by-transaction/${encodeURIComponent(transactionId)}`, { key });

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
  await gateway.party('PSP702', { policy: 'irrevocable' });
  keys.sp = await keyOf(gateway, 'SP70101');
  keys.psp = await keyOf(gateway, 'PSP701');
  keys.irrevocable = await keyOf(gateway, 'PSP702');
});
afterAll(() => gateway.stop());

describe('a payment', () => {
  it('is taken once, with its receipt and the digest of what was asked', async () => {
    const body = payment('J-1', await numberOf('B-1'));
    const first = await send(body);
    expect([first.status, first.json]).toEqual([
      201,
      {
        transactionId: 'J-1',
        statusCode: '7101',
        receiptNumber: expect.stringMatching(/^R261124\d{10}$/) as string,
        requestDigest: createHash('sha256').update(body).digest('hex'),
      },
    ]);
    const again = await send(body);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await gateway.count('payment', `psp_transaction_id = 'J-1'`)).toBe(1);
    const { rows } = await gateway.db.query<{ body: Buffer; status_code: string }>(
      `select body, status_code from inbound_message where path = '/v1/payments' order by received_at`,
    );
    expect(rows.map(({ body: kept, status_code: code }) => [kept.toString(), code])).toEqual([
      [body, '7101'],
      [body, '7101'],
    ]);
  });

  it('owes its final result in the feed of the PSP, once', async () => {
    await gateway.sealed();
    const { json } = await ask(gateway.url, '/v1/events', { key: keys.psp });
    const { data } = json as { data: { event: { type: string; data: object } }[] };
    expect(data.map(({ event }) => event)).toMatchObject([
      { type: 'payment.result', data: { pspTransactionId: 'J-1' } },
    ]);
  });

  it('may be signed as PS256 too, and name the key that is meant', async () => {
    const { fingerprint } = sampleKeystore('PSP701').certificate;
    const body = payment('J-2', await numberOf('B-2'));
    const jws = detachedJws(body, privateKey, { ...plainHeader, alg: 'PS256', kid: fingerprint });
    expect((await send(body, { jws })).status).toBe(201);
  });

  it('may be signed as ES256 by a PSP that enrolled with a key on P-256, and by nobody else', async () => {
    const own = await enrolWithEcKey(gateway, 'PSP703');
    const key = await keyOf(gateway, 'PSP703');
    const es256 = { ...plainHeader, alg: 'ES256' };
    const body = payment('E-1', await numberOf('B-ES256'));
    const signed = (by: KeyObject, header: object = es256, text = body) =>
      send(body, { key, jws: detachedJws(text, by, header) });
    const stranger = makeEcKey('PSP703');
    expect(refusal(await signed(stranger.privateKey))).toEqual([401, 'signature.wrong']);
    expect(refusal(await signed(own.privateKey, es256, `${body} `))).toEqual([
      401,
      'signature.wrong',
    ]);
    expect(refusal(await signed(privateKey, plainHeader))).toEqual([401, 'signature.wrong']);
    expect((await signed(own.privateKey)).status).toBe(201);
    const named = { ...es256, kid: own.certificate.fingerprint };
    expect((await signed(own.privateKey, named)).headers.get('idempotency-replayed')).toBe('true');

    const certificates = gateway.app.get(ChangeCertificates, { strict: false });
    const how = { isForced: false, actor: 'test' };
    await expect(certificates.add('SP70101', own.certificate, how)).rejects.toMatchObject({
      code: 'certificate.key-misplaced',
    });
  });

  it('is the same payment in XML and in JSON', async () => {
    const controlNumber = await numberOf('B-3');
    const first = await send(payment('J-3', controlNumber));
    const { receiptNumber } = first.json as { receiptNumber: string };
    const { root } = await payV5(bank, gateway.url, {
      requestId: 'J-3',
      resultUrl: 'http://127.0.0.1:1/',
      transactionId: 'J-3',
      controlNumber,
      amount: '150000.00',
      paidAt: '2026-11-24T10:30:00',
    });
    expect(textOf(root, 'RcptNum')).toBe(receiptNumber);
    expect(await gateway.count('payment', `psp_transaction_id = 'J-3'`)).toBe(1);
  });

  it('of a hundred twins at once is taken once', async () => {
    const body = payment('J-4', await numberOf('B-4'));
    const replies = await Promise.all(Array.from({ length: 100 }, () => send(body)));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(await gateway.count('payment', `psp_transaction_id = 'J-4'`)).toBe(1);
  });

  it('that cannot be taken is kept in suspense where the PSP cannot return it', async () => {
    const { privateKey: other } = sampleKeystore('PSP702');
    const body = payment('J-5', '12345');
    const reply = await send(body, { key: keys.irrevocable, jws: detachedJws(body, other) });
    expect([reply.status, (reply.json as { statusCode: string }).statusCode]).toEqual([
      201,
      '7101',
    ]);
    expect(await gateway.count('payment', `destination = 'suspense'`)).toBe(1);
  });
});

describe('what is refused for good', () => {
  const strange = `99701999999${dammDigit('99701999999')}`;

  it.each<[id: string, code: string, statusCode: string, more: object]>([
    ['R-1', 'bill.amount-inexact', '7302', { amount: '149999.99' }],
    ['R-2', 'bill.currency-different', '7212', { currency: 'USD' }],
    ['R-3', 'control-number.unknown', '7335', { controlNumber: strange }],
    ['R-4', 'control-number.malformed', '7333', { controlNumber: 'X' }],
    ['R-5', 'payment.date-malformed', '7281', { paidAt: '2026-11-26T10:00:00Z' }],
    ['R-6', 'payment.amount-malformed', '7242', { amount: '0.00' }],
    ['R-7', 'payment.transaction-id-malformed', '7242', { transactionId: 'R-7<b' }],
  ])('%s: %s (%s)', async (id, code, statusCode, more) => {
    const body = payment(id, await numberOf(id), more);
    const reply = await send(body);
    expect(refusal(reply)).toEqual([422, code]);
    expect(reply.json).toMatchObject({
      statusCode,
      requestDigest: createHash('sha256').update(body).digest('hex'),
    });
    expect((await send(body)).status).toBe(422);
    expect(await gateway.count('payment', `psp_transaction_id like 'R-%'`)).toBe(0);
    expect(
      await gateway.count('inbound_message', `status_code = '${statusCode}'`),
    ).toBeGreaterThanOrEqual(2);
  });

  it('is a transaction id that was used for another amount, with an alarm', async () => {
    const number = await numberOf('B-6');
    expect((await send(payment('J-6', number))).status).toBe(201);
    const reply = await send(payment('J-6', number, { amount: '150000.01' }));
    expect(refusal(reply)).toEqual([422, 'payment.id-reused']);
    expect(reply.json).toMatchObject({ statusCode: '7207' });
    expect(await gateway.count('alarm', `subject = 'PSP701/J-6'`)).toBe(1);
  });
});

describe('who did not sign these bytes', () => {
  const body = payment('S-1', '997010000008');
  const { privateKey: other } = sampleKeystore('PSP702');

  it.each<[what: string, sending: () => Sending, code: string]>([
    ['sent no signature', () => ({ jws: null }), 'signature.missing'],
    ['is another PSP', () => ({ jws: detachedJws(body, other) }), 'signature.wrong'],
    [
      'signs with our key but another sign-in',
      () => ({ key: keys.irrevocable }),
      'signature.wrong',
    ],
    ['signed other bytes', () => ({ jws: detachedJws(`${body} `, privateKey) }), 'signature.wrong'],
    [
      'says none',
      () => ({ jws: detachedJws(body, privateKey, { ...plainHeader, alg: 'none' }) }),
      'signature.wrong',
    ],
    [
      'means another key',
      () => ({ jws: detachedJws(body, privateKey, { ...plainHeader, kid: '0'.repeat(64) }) }),
      'signature.wrong',
    ],
    ['writes rubbish', () => ({ jws: 'rubbish' }), 'signature.wrong'],
  ])('is turned away: %s', async (_what, sending, code) => {
    const before = await gateway.count('inbound_message');
    expect(refusal(await send(body, sending()))).toEqual([401, code]);
    expect(await gateway.count('inbound_message')).toBe(before);
    expect(await gateway.count('payment_notification', `psp_transaction_id = 'S-1'`)).toBe(0);
  });

  it('and an institution has no such operation', async () => {
    expect(refusal(await send(body, { key: keys.sp }))).toEqual([403, 'api-key.scope-missing']);
  });
});

it.each<[what: string, body: string, expected: readonly unknown[]]>([
  ['a body that is none', '', [400, 'body.missing']],
  [
    'a name twice',
    '{"transactionId":"Q","transactionId":"P"}',
    [400, 'json.refused', '/transactionId'],
  ],
  ['a number for an amount', payment('Q', '1', { amount: 1 }), [400, 'request.invalid', '/amount']],
  ['three decimals', payment('Q', '1', { amount: '1.234' }), [400, 'request.invalid', '/amount']],
  ['a negative amount', payment('Q', '1', { amount: '-1' }), [400, 'request.invalid', '/amount']],
  [
    'a currency that is none',
    payment('Q', '1', { currency: 'tzs' }),
    [400, 'request.invalid', '/currency'],
  ],
  [
    'a time without zone',
    payment('Q', '1', { paidAt: '2026-11-24T10:00:00' }),
    [400, 'request.invalid', '/paidAt'],
  ],
  ['a blank in the id', payment('Q 1', '1'), [400, 'request.invalid', '/transactionId']],
  [
    'an id of 101 letters',
    payment('Q'.repeat(101), '1'),
    [400, 'request.invalid', '/transactionId'],
  ],
  [
    'a field that is none',
    payment('Q', '1', { PaidAmt: '1' }),
    [400, 'request.invalid', '/PaidAmt'],
  ],
  [
    'a payer that is a text',
    payment('Q', '1', { payer: 'Asha' }),
    [400, 'request.invalid', '/payer'],
  ],
  [
    'a control sign in a name',
    payment('Q', '1', { payer: { name: 'a\u0007' } }),
    [400, 'request.invalid', '/payer/name'],
  ],
])('keeps %s, and refuses it with its place', async (_what, body, expected) => {
  const before = await gateway.count('inbound_message', `status_code = '7242'`);
  expect(refusal(await send(body, { idempotencyKey: 'Q' }))).toEqual(expected);
  expect(await gateway.count('inbound_message', `status_code = '7242'`)).toBe(before + 1);
  expect(await gateway.count('payment_notification', `psp_transaction_id like 'Q%'`)).toBe(0);
});

it('another Idempotency-Key than the transaction id is refused', async () => {
  const reply = await send(payment('K-1', '1'), { idempotencyKey: 'K-2' });
  expect(refusal(reply)).toEqual([400, 'idempotency.key-different']);
});

describe('the status of a transaction', () => {
  it('is the receipt, or the refusal', async () => {
    expect((await status('J-2')).json).toMatchObject({
      outcome: 'accepted',
      statusCode: '7101',
      amount: '150000.00',
      refusal: null,
    });
    const id = 'C-1/a?b#c%d';
    expect((await send(payment(id, await numberOf('B-7'), { amount: '1.00' }))).status).toBe(422);
    expect((await status(id)).json).toMatchObject({
      outcome: 'refused',
      statusCode: '7302',
      receiptNumber: null,
      refusal: 'bill.amount-inexact',
    });
  });

  it('is told once in ten seconds', async () => {
    expect((await status('J-3')).status).toBe(200);
    const reply = await status('J-3');
    expect(refusal(reply)).toEqual([429, 'payment.asked-too-often']);
    expect(reply.headers.get('retry-after')).toBe('10');
  });

  it('is for others as for ids that nobody has', async () => {
    expect(refusal(await status('J-1', keys.irrevocable))).toEqual([404, 'payment.unknown']);
    expect(refusal(await status('NOBODYS'))).toEqual([404, 'payment.unknown']);
    expect(refusal(await status('J-1', keys.sp))).toEqual([403, 'api-key.scope-missing']);
  });
});

it('is found by the audit when body or signature were changed afterwards', async () => {
  const copy = (body: string, headers: string) =>
    `insert into inbound_message
     select gen_random_uuid(), received_at, party_id, path, message_name, ${headers}, ${body}, body_digest,
            signature_digest, signature_candidate, certificate_fingerprint, status_code, flags
       from inbound_message where signature_candidate = 'jws' limit 1`;
  await gateway.db.query('begin');
  await gateway.db.query(copy(`body || ' '::bytea`, 'headers'));
  await gateway.db.query(copy('body', `'{}'::jsonb`));
  await gateway.db.query(copy('body', 'headers'));
  const broken = await brokenInvariants(gateway.app, gateway.db);
  await gateway.db.query('rollback');
  const counts = broken.filter(({ invariant }) => invariant === '16').map(({ count }) => count);
  expect(counts).toContain(2);
});

it('a key that is retired signs nothing more, and what it signed stays verified', async () => {
  const certificates = gateway.app.get(ChangeCertificates, { strict: false });
  const how = { isForced: false, actor: 'test' };
  const [own, next] = [sampleKeystore('PSP701'), sampleKeystore('PSP703')];
  await certificates.add('PSP701', next.certificate, how);
  await certificates.retire('PSP701', own.certificate.fingerprint, how);
  const body = payment('L-1', await numberOf('L-1'));
  expect(refusal(await send(body))).toEqual([401, 'signature.wrong']);
  expect((await send(body, { jws: detachedJws(body, next.privateKey) })).status).toBe(201);
});
