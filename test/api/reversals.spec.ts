/** Requests for reversals: a case for an officer, once for each payment and reason, and nothing moves by asking. */
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { ask, keyOf, refusal, type Reply, today } from './support';

let gateway: TestGateway;
let number: string;
const keys = { psp: '', other: '', sp: '' };

const request = (body: object, key = keys.psp): Promise<Reply> =>
  ask(gateway.url, '/v1/reversal-requests', { method: 'POST', key, body });
const wish = (more: object = {}): object => ({
  transactionId: 'T-1',
  reason: 'wrong-number',
  note: 'The payer mistook the last digit',
  ...more,
});

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  for (const code of ['SP70101', 'PSP701', 'PSP702']) await gateway.party(code);
  keys.psp = await keyOf(gateway, 'PSP701');
  keys.other = await keyOf(gateway, 'PSP702');
  keys.sp = await keyOf(gateway, 'SP70101');
  const books = new Books(gateway);
  number = await books.numberOf('SP70101', draft('B-1', { systemId: 'THOSP001' }));
  expect(await books.pay('PSP701', 'T-1', number, '1000.00')).toBe('taken');
  await books.pay('PSP701', 'T-2', number, '1000.00');
});
afterAll(() => gateway.stop({ unsigned: true }));

describe('a request', () => {
  it.each<[what: string, more: object, expected: readonly unknown[]]>([
    ['of no payment', { transactionId: 'NONE' }, [404, 'payment.unknown']],
    ['of a payment that was refused', { transactionId: 'T-2' }, [409, 'reversal.nothing-taken']],
    [
      'with an amount for a wrong number',
      { intendedAmount: '1.00' },
      [422, 'reversal.intention-misplaced', '/intendedAmount'],
    ],
    [
      'with a number for a wrong amount',
      { reason: 'wrong-amount', intendedControlNumber: '997010000008' },
      [422, 'reversal.intention-misplaced', '/intendedControlNumber'],
    ],
    [
      'that means the amount paid',
      { reason: 'wrong-amount', intendedAmount: '1000' },
      [422, 'reversal.nothing-wrong'],
    ],
    ['for another reason', { reason: 'regret' }, [400, 'request.invalid', '/reason']],
    ['without a note', { note: '' }, [400, 'request.invalid', '/note']],
    ['with a long note', { note: 'a'.repeat(501) }, [400, 'request.invalid', '/note']],
    ['of no id', { transactionId: undefined }, [400, 'request.invalid', '/transactionId']],
    ['with a field that is none', { amount: '1' }, [400, 'request.invalid', '/amount']],
    [
      'with an amount as a number',
      { reason: 'wrong-amount', intendedAmount: 1 },
      [400, 'request.invalid', '/intendedAmount'],
    ],
  ])('%s is refused and leaves nothing', async (_what, more, expected) => {
    expect(refusal(await request(wish(more)))).toEqual(expected);
    expect(await gateway.count('reversal_request')).toBe(0);
    expect(await gateway.count('alarm', `kind = 'reversal-requested'`)).toBe(0);
  });

  it('waits for an officer, who is told, and moves nothing', async () => {
    const before = await gateway.count('posting');
    const reply = await request(wish({ intendedControlNumber: '997010000008' }));
    expect([reply.status, reply.json]).toMatchObject([
      201,
      {
        transactionId: 'T-1',
        receiptNumber: expect.stringMatching(/^R\d{16}$/) as string,
        reason: 'wrong-number',
        intendedControlNumber: '997010000008',
        intendedAmount: null,
        state: 'requested',
      },
    ]);
    const { requestId } = reply.json as { requestId: string };
    const path = `/v1/reversal-requests/${requestId}`;
    expect((await ask(gateway.url, path, { key: keys.psp })).json).toEqual(reply.json);
    expect(await gateway.count('alarm', `kind = 'reversal-requested'`)).toBe(1);
    expect(await gateway.count('audit_event', `action = 'reversal.requested'`)).toBe(1);
    expect(await gateway.count('posting')).toBe(before);
  });

  it('is taken once for each reason, whoever asks at the same time', async () => {
    expect(refusal(await request(wish()))).toEqual([409, 'reversal.already-requested']);
    const other = wish({ reason: 'wrong-amount', intendedAmount: '0' });
    const replies = await Promise.all(Array.from({ length: 8 }, () => request(other)));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(7);
    expect(await gateway.count('reversal_request')).toBe(2);
    const { json } = await ask(gateway.url, '/v1/reversal-requests?limit=1', { key: keys.psp });
    expect(json).toMatchObject({ data: [{ reason: 'wrong-amount', intendedAmount: '0.00' }] });
    const { next } = json as { next: string };
    const rest = await ask(gateway.url, `/v1/reversal-requests?cursor=${next}`, { key: keys.psp });
    expect(rest.json).toMatchObject({ data: [{ reason: 'wrong-number' }], next: null });
  });

  it('is nobody else’s', async () => {
    const { rows } = await gateway.db.query<{ id: string }>(`select id from reversal_request`);
    for (const id of [rows[0]?.id ?? '', '00000000-0000-7000-8000-000000000000']) {
      const reply = await ask(gateway.url, `/v1/reversal-requests/${id}`, { key: keys.other });
      expect(refusal(reply)).toEqual([404, 'reversal.unknown']);
    }
    expect(refusal(await request(wish(), keys.other))).toEqual([404, 'payment.unknown']);
    const list = await ask(gateway.url, '/v1/reversal-requests', { key: keys.other });
    expect(list.json).toEqual({ data: [], next: null });
    expect(refusal(await request(wish(), keys.sp))).toEqual([403, 'api-key.scope-missing']);
  });
});
