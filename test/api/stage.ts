/** A gateway with two institutions and two PSPs, of which the first of each has one of everything that has an id. */
import { Books, draft } from '../support/bills';
import type { TestGateway } from '../support/gateway';
import { nobodys, type PathValues } from './operations';
import { ask, bill, csvOf, keyOf, type Reply, rowOf, today } from './support';

export interface Stage {
  /** With every scope of its kind of party. */
  readonly keys: {
    readonly sp: string;
    readonly otherSp: string;
    readonly psp: string;
    readonly otherPsp: string;
  };
  /** Ids that belong to SP70101 and PSP701, and the number that a PSP may ask about. */
  readonly own: PathValues;
}

const unlimited = { profile: { requestsPerSecond: 100_000 } };

export async function playStage(gateway: TestGateway): Promise<Stage> {
  await gateway.setClock(today);
  const codes = ['SP70101', 'SP70202', 'PSP701', 'PSP702'] as const;
  for (const code of codes) await gateway.party(code, unlimited);
  const [sp = '', otherSp = '', psp = '', otherPsp = ''] = await Promise.all(
    codes.map((code) => keyOf(gateway, code)),
  );
  const post = (path: string, body: unknown, key = sp): Promise<Reply> =>
    ask(gateway.url, path, { method: 'POST', key, body });
  const texts = async (path: string, body: unknown, key = sp): Promise<Record<string, string>> =>
    (await post(path, body, key)).json as Record<string, string>;
  const first = async (path: string): Promise<Record<string, string>> => {
    const { json } = await ask(gateway.url, path, { key: sp });
    return (json as { data: Record<string, string>[] }).data[0] ?? {};
  };

  const books = new Books(gateway);
  const paid = await texts('/v1/bills', bill('PAID'));
  expect(await books.pay('PSP701', 'TX-1', paid['controlNumber'] ?? '', '150000.00')).toBe('taken');
  // A bill in XML, whose confirmation is a delivery.
  const wire = await books.numberOf('SP70101', draft('WIRE', { systemId: 'THOSP001' }));
  expect(await books.pay('PSP701', 'TX-2', wire, '1000.00')).toBe('taken');
  const open = await texts('/v1/bills', bill('OPEN'));
  const hook = await texts('/v1/webhook-endpoints', { url: 'https://fees.example.go.tz/in' });
  const statement = await texts('/v1/statements', { day: '2026-11-24' }, psp);
  const wish = { transactionId: 'TX-1', reason: 'wrong-amount', note: 'The payer paid too much' };
  const reversal = await texts('/v1/reversal-requests', wish, psp);
  const payment = await first('/v1/payments');
  const delivery = await first('/v1/deliveries');
  const upload = await ask(gateway.url, '/v1/bill-uploads?accept=good', {
    method: 'POST',
    key: sp,
    body: csvOf([rowOf('UPLOADED')]),
    headers: { 'content-type': 'text/csv' },
  });
  const own = {
    ...nobodys,
    endpointId: hook['id'] ?? '',
    billId: 'OPEN',
    transactionId: 'TX-1',
    statementId: statement['statementId'] ?? '',
    requestId: reversal['requestId'] ?? '',
    controlNumber: open['controlNumber'] ?? '',
    paymentId: payment['paymentId'] ?? '',
    receiptNumber: payment['receiptNumber'] ?? '',
    deliveryId: delivery['deliveryId'] ?? '',
    uploadId: (upload.json as { uploadId: string }).uploadId,
  };
  expect(Object.values(own)).not.toContain('');
  return { keys: { sp, otherSp, psp, otherPsp }, own };
}
