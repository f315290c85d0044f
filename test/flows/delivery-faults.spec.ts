/**
 * Recipients that misbehave in every way, workers that compete, pause and start anew: what is owed arrives once and in
 * order, and nobody waits for somebody else. Rules: rulings.md §5, security-reliability §3.3.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { EnqueueDelivery } from '../../src/deliveries/enqueue-delivery';
import { ParkDeliveries } from '../../src/deliveries/park-deliveries';
import { PinAuthority } from '../../src/deliveries/pin-authority';
import { ResendDeliveries, type Selection } from '../../src/deliveries/resend-deliveries';
import { ReviewDeliveries } from '../../src/deliveries/review-deliveries';
import { businessDayOf } from '../../src/kernel/business-day';
import { Database } from '../../src/platform/database/database';
import { openEnvelope } from '../../src/gepg/envelope';
import { textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

type Answer = (request: IncomingMessage, response: ServerResponse, billId: string) => void;

const acknowledge: Answer = (_request, response) => {
  response.end('<gepgBillSubRespAck><TrxStsCode>7101</TrxStsCode></gepgBillSubRespAck>');
};
const fail: Answer = (_request, response) => response.writeHead(503).end();

/** An endpoint that answers as told, and remembers what it was sent, in order. */
class Endpoint {
  readonly received: { readonly billId: string; readonly body: Buffer }[] = [];
  answer: Answer = acknowledge;
  url = '';
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const { root } = openEnvelope(body, { maxElements: 100, maxDepth: 8 });
        const billId = textOf(root, 'BillId');
        this.received.push({ billId, body });
        this.answer(request, response, billId);
      });
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/in`;
    return this;
  }

  of(billId: string) {
    return this.received.filter((each) => each.billId === billId);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let gateway: TestGateway;
let good: Endpoint;
let bad: Endpoint;
const ids: Record<string, number> = {};

/** Owes one message for each bill, at once; `subject` is the bill unless given. */
async function owe(
  code: string,
  url: string,
  billIds: readonly string[],
  subject?: string,
): Promise<void> {
  await gateway.app.get(Database, { strict: false }).transaction((tx) =>
    gateway.app.get(EnqueueDelivery, { strict: false }).execute(
      tx,
      billIds.map((billId) => ({
        recipientId: ids[code] ?? 0,
        subject: subject ?? billId,
        url,
        message: {
          kind: 'bills-answered',
          form: 'gepg-v4',
          answerId: billId,
          requestId: '',
          isChange: false,
          bills: [{ billId, controlNumber: '997010000000', faults: [] }],
        },
      })),
    ),
  );
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly attempt_count: number;
  readonly last_outcome: string | null;
  readonly waits: number;
  readonly attempts: readonly (readonly [number, string, number | null, number | null])[] | null;
}

async function rowOf(billId: string): Promise<Row> {
  const { rows } = await gateway.db.query<Row>(
    `select id, state, attempt_count, last_outcome,
            extract(epoch from next_attempt_at - gateway_now())::integer as waits,
            (select json_agg(json_build_array(attempt, outcome, http_status, length(answer)) order by a.id)
               from delivery_attempt a where a.delivery_id = d.id) as attempts
       from delivery d where message ->> 'answerId' = $1`,
    [billId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`nothing is owed about ${billId}`);
  return row;
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 20) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error(`it did not come to this: ${what}`);
}

const isIn = (billId: string, state: string) => async () => (await rowOf(billId)).state === state;
const isAttempted = (billId: string) => async () => (await rowOf(billId)).attempts !== null;
const isDown = () => gateway.count('delivery_breaker').then((count) => count === 1);
const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}-${String(i)}`);

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  for (const code of ['SP70101', 'SP70202', 'PSP701']) await gateway.party(code);
  const { rows } = await gateway.db.query<{ id: number; code: string }>(
    `select id, code from party`,
  );
  for (const { id, code } of rows) ids[code] = id;
  good = await new Endpoint().listen();
});

beforeEach(async () => {
  bad = await new Endpoint().listen();
});

/** Ends what the case left waiting, so that the next meets an endpoint that nothing is known of. */
afterEach(async () => {
  await gateway.db.query(
    `update delivery set state = 'parked', settled_at = gateway_now() where state = 'ready'`,
  );
  await gateway.db.query(`delete from delivery_breaker`);
  bad.close();
});

afterAll(async () => {
  good.close();
  await gateway.stop();
});

const megabyte = Buffer.alloc(1_048_576, 'x');
const faults: Readonly<
  Record<string, [Answer, outcome: string, status: number | null, bytes: number | null]>
> = {
  redirects: [
    (_request, response) => response.writeHead(307, { location: good.url }).end(),
    'http-307',
    307,
    0,
  ],
  'answers rubbish': [
    (_request, response) => response.end('<html>ingia</html>'),
    'no-acknowledgement',
    200,
    18,
  ],
  'answers 10 MB': [
    (_request, response) => {
      for (let i = 0; i < 10; i++) response.write(megabyte);
      response.end();
    },
    'answer-too-long',
    200,
    65_536,
  ],
  'drops the connection': [(request) => request.socket.destroy(), 'connection-failed', null, null],
  'drops it within the answer': [
    (request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('<gepgBillSubRespAck>', () => {
        request.socket.destroy();
      });
    },
    'connection-failed',
    null,
    null,
  ],
  'acknowledges under another status': [
    (_request, response) => response.writeHead(500).end('<a><TrxStsCode>7101</TrxStsCode></a>'),
    'http-500',
    500,
    36,
  ],
};

it.each(Object.entries(faults))(
  'keeps what one that %s answered, tries again, and delays nobody',
  async (fault, [answer, outcome, status, bytes]) => {
    bad.answer = answer;
    const [first = '', ...rest] = names(`F-${fault}`, 40);
    const others = names(`G-${fault}`, 20);
    await owe('SP70202', bad.url, [first, ...rest]);
    await owe('SP70101', good.url, others);
    for (const billId of others) await until(`${billId} arrives`, isIn(billId, 'delivered'));
    await until(`${first} is tried`, isAttempted(first));
    const row = await rowOf(first);
    expect(row.attempts?.[0]).toEqual([1, outcome, status, bytes]);
    expect(row.state).not.toBe('delivered');
    expect(good.of(first)).toHaveLength(0);
  },
);

it('delivers to others while one holds every request open', async () => {
  const open: ServerResponse[] = [];
  bad.answer = (_request, response) => open.push(response);
  await owe('PSP701', bad.url, names('S', 100));
  await until('requests hang', () => open.length >= 8);
  await owe('SP70101', good.url, names('SG', 20));
  for (const billId of names('SG', 20)) await until(`${billId} arrives`, isIn(billId, 'delivered'));
  // As many as a recipient that nothing is known of may have under way, and no more.
  expect(open).toHaveLength(8);
  for (const response of open) response.end();
  await until(
    'the leases end',
    async () => (await gateway.count('delivery', `state = 'leased'`)) < 8,
  );
});

it('waits for as long as the recipient asks', async () => {
  bad.answer = (_request, response) => response.writeHead(429, { 'retry-after': '900' }).end();
  await owe('SP70202', bad.url, ['A-1']);
  await until('it is tried', isAttempted('A-1'));
  const { last_outcome, waits } = await rowOf('A-1');
  expect(last_outcome).toBe('http-429');
  expect(waits).toBeGreaterThan(880);
});

it('delivers what is about one bill in order, and lets other bills pass', async () => {
  let failures = 2;
  bad.answer = (request, response, billId) => {
    if (billId === 'O-0' && failures-- > 0) fail(request, response, billId);
    else acknowledge(request, response, billId);
  };
  await owe('SP70202', bad.url, names('O', 5), 'one bill');
  await owe('SP70202', bad.url, ['O-other']);
  await until('the other bill passes', isIn('O-other', 'delivered'));
  expect(bad.received.map(({ billId }) => billId)).not.toContain('O-1');
  await until('the last arrives', async () => {
    await gateway.db.query(
      `update delivery set next_attempt_at = gateway_now() where state = 'ready'`,
    );
    return isIn('O-4', 'delivered')();
  });
  const order = bad.received.map(({ billId }) => billId).filter((billId) => billId !== 'O-other');
  expect(order).toEqual(['O-0', 'O-0', 'O-0', 'O-1', 'O-2', 'O-3', 'O-4']);
});

it('sends each once with two workers', async () => {
  const worker = await gateway.startWorker();
  try {
    await owe('SP70101', good.url, names('W', 300));
    await until('all arrive', async () => {
      const open = await gateway.count('delivery', `settled_at is null`);
      return open === 0;
    });
    const received = good.received.map(({ billId }) => billId).filter((id) => id.startsWith('W-'));
    expect(received.sort()).toEqual(names('W', 300).sort());
  } finally {
    await worker.close();
  }
});

it('lets a worker that was paused past its lease change nothing', async () => {
  const open: ServerResponse[] = [];
  bad.answer = (_request, response) => open.push(response);
  await owe('SP70202', bad.url, ['P-1']);
  await until('the first holder has sent', () => open.length === 1);
  await gateway.db.query(
    `update delivery set lease_until = gateway_now() - interval '1 second' where state = 'leased'`,
  );
  await until('a newer holder has sent', () => open.length === 2);
  const [older, newer] = open;
  newer?.end('<a><TrxStsCode>7101</TrxStsCode></a>');
  await until('it is delivered', isIn('P-1', 'delivered'));
  older?.writeHead(500).end();
  await until('both are logged', async () => (await rowOf('P-1')).attempts?.length === 2);
  const { state, last_outcome, attempts } = await rowOf('P-1');
  expect([state, last_outcome]).toEqual(['delivered', 'acknowledged']);
  expect(attempts?.map(([attempt, outcome]) => [attempt, outcome])).toEqual([
    [2, 'acknowledged'],
    [1, 'http-500'],
  ]);
  expect(bad.received[0]?.body).toEqual(bad.received[1]?.body);
});

it('leaves an endpoint that is down alone, also after a restart, and begins again with one probe', async () => {
  bad.answer = fail;
  await owe('SP70202', bad.url, names('B', 60));
  await until('the breaker opens', isDown);
  await gateway.db.query(
    `update delivery_breaker set open_until = gateway_now() + interval '1 hour'`,
  );
  await until(
    'nothing is under way',
    async () => (await gateway.count('delivery', `state = 'leased'`)) === 0,
  );
  const tried = bad.received.length;
  expect(tried).toBeLessThan(20);

  const worker = await gateway.startWorker();
  try {
    await owe('SP70101', good.url, ['B-passes']);
    await until('others pass', isIn('B-passes', 'delivered'));
    await pause(500);
    expect(bad.received).toHaveLength(tried);

    const open: ServerResponse[] = [];
    bad.answer = (_request, response) => open.push(response);
    await gateway.db.query(`update delivery_breaker set open_until = gateway_now()`);
    await until('a probe comes', () => open.length > 0);
    await owe('SP70101', good.url, ['B-passes-too']);
    await until('others pass', isIn('B-passes-too', 'delivered'));
    expect(open).toHaveLength(1);

    bad.answer = acknowledge;
    open[0]?.end('<a><TrxStsCode>7101</TrxStsCode></a>');
    await until('the breaker closes', async () => (await gateway.count('delivery_breaker')) === 0);
    await gateway.db.query(
      `update delivery set next_attempt_at = gateway_now() where state = 'ready'`,
    );
    for (const billId of names('B', 60))
      await until(`${billId} arrives`, isIn(billId, 'delivered'));
  } finally {
    await worker.close();
  }
});

it('doubles the pause after a probe that fails', async () => {
  bad.answer = fail;
  await owe('SP70202', bad.url, names('D', 20));
  await until('the breaker opens', isDown);
  const pauses = async () => {
    const { rows } = await gateway.db.query<{ pause_ms: number }>(
      `select pause_ms from delivery_breaker`,
    );
    return rows.map((row) => row.pause_ms);
  };
  expect(await pauses()).toEqual([5_000]);
  await gateway.db.query(
    `update delivery_breaker set open_until = gateway_now(), opened_at = gateway_now() - interval '2 hours'`,
  );
  await until('the probe fails', async () => (await pauses())[0] === 10_000);
  expect(await gateway.count('alarm', `kind = 'recipient-down' and subject = 'SP70202'`)).toBe(1);
});

it('parks after the last try with an alarm, and begins anew when it is put back', async () => {
  bad.answer = fail;
  await owe('SP70202', bad.url, ['K-1']);
  await until('it is tried', isAttempted('K-1'));
  await gateway.db.query(
    `update delivery set failure_count = 52, next_attempt_at = gateway_now() where state = 'ready'`,
  );
  await until('it is parked', isIn('K-1', 'parked'));
  const { id } = await rowOf('K-1');
  expect(await gateway.count('alarm', `kind = 'delivery-parked' and subject = '${id}'`)).toBe(1);

  bad.answer = acknowledge;
  const parking = gateway.app.get(ParkDeliveries, { strict: false });
  expect(await parking.unpark({ id: BigInt(id) }, 'test')).toBe(1);
  await until('it arrives', isIn('K-1', 'delivered'));
  await expect(parking.park(BigInt(id), 'kosa', 'test')).rejects.toMatchObject({
    code: 'delivery.not-waiting',
  });
});

it('shows every try, and says so where there is no such delivery', async () => {
  bad.answer = fail;
  await owe('SP70202', bad.url, ['V-1']);
  await until('it is tried', isAttempted('V-1'));
  const review = gateway.app.get(ReviewDeliveries, { strict: false });
  const { id } = await rowOf('V-1');
  const { delivery, attempts } = await review.attempts(BigInt(id));
  expect(delivery).toMatchObject({ recipient: 'SP70202', subject: 'V-1', state: 'ready' });
  expect(attempts).toMatchObject([{ attempt: 1, httpStatus: 503, outcome: 'http-503' }]);
  const parked = { state: 'parked', recipient: 'SP70202', limit: 5 } as const;
  await gateway.app.get(ParkDeliveries, { strict: false }).park(BigInt(id), 'kosa', 'test');
  expect((await review.list(parked))[0]).toMatchObject({ subject: 'V-1', state: 'parked' });
  await expect(review.attempts(999_999_999n)).rejects.toMatchObject({ code: 'delivery.unknown' });
});

it('pins only what is the certificate of an authority', async () => {
  const pin = gateway.app.get(PinAuthority, { strict: false });
  const malformed = { code: 'delivery.authority-malformed' };
  await expect(pin.execute('SP70202', 'si cheti', 'test')).rejects.toMatchObject(malformed);
  await expect(pin.execute('SP99999', null, 'test')).rejects.toMatchObject({
    code: 'party.unknown',
  });
  expect(await gateway.count('delivery_trust')).toBe(0);
});

it('sends again by id, bill and day: the same bytes, audited, and not twice within a minute', async () => {
  const resend = (selection: Selection): Promise<number> =>
    gateway.app
      .get(Database, { strict: false })
      .transaction((tx) =>
        gateway.app.get(ResendDeliveries, { strict: false }).execute(tx, selection, 'test'),
      );
  await owe('SP70202', bad.url, ['R-1', 'R-2'], 'R-bill');
  for (const billId of ['R-1', 'R-2']) await until(`${billId} arrives`, isIn(billId, 'delivered'));
  const { id } = await rowOf('R-1');
  expect(await resend({ ids: [BigInt(id)] })).toBe(1);
  await until('it arrives again', () => bad.of('R-1').length === 2);
  await until('it is delivered', isIn('R-1', 'delivered'));
  expect(bad.of('R-1')[1]?.body).toEqual(bad.of('R-1')[0]?.body);
  expect(await resend({ ids: [BigInt(id)] })).toBe(0);

  // R-1 was sent again less than a minute ago.
  expect(await resend({ subject: 'R-bill' })).toBe(1);
  await until('it is delivered', isIn('R-2', 'delivered'));
  await gateway.db.query(`update delivery set resent_at = resent_at - interval '2 minutes'`);
  const { recipientId, day } = {
    recipientId: ids['SP70202'] ?? 0,
    day: businessDayOf(new Date('2026-11-24T08:00:00Z')),
  };
  expect(await resend({ subject: 'R-bill', day, recipientId })).toBe(2);
  expect(await resend({ subject: 'R-bill', recipientId: ids['SP70101'] ?? 0 })).toBe(0);
  expect(await gateway.count('audit_event', `action = 'delivery.resent'`)).toBe(5);
  await expect(resend({})).rejects.toMatchObject({
    code: 'delivery.nothing-selected',
  });
  await gateway.settled();

  await gateway.db.query(
    `insert into delivery (recipient_id, kind, subject, message, state, settled_at, resent_at)
     select $1, 'bills-answered', 'many', '{}', 'parked', gateway_now(), gateway_now() - interval '30 minutes'
       from generate_series(1, 10000)`,
    [recipientId],
  );
  await gateway.db.query(`update delivery set resent_at = null where subject = 'R-bill'`);
  await expect(resend({ subject: 'R-bill' })).rejects.toMatchObject({
    code: 'delivery.resend-limited',
  });
});
