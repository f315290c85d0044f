/**
 * Recipients that misbehave in every way: what is owed arrives once and in order, and nobody waits for somebody else.
 * Rules: rulings.md §5, security-reliability §3.3.
 */
import type { ServerResponse } from 'node:http';
import { acknowledge, type Answer, fail, names, Outbox, until } from '../support/outbox';

let box: Outbox;

beforeAll(async () => {
  box = await Outbox.open();
});
beforeEach(() => box.begin());
afterEach(() => box.end());
afterAll(() => box.close());

const megabyte = Buffer.alloc(1_048_576, 'x');
const faults: Readonly<
  Record<string, [Answer, outcome: string, status: number | null, bytes: number | null]>
> = {
  redirects: [
    (_request, response) => response.writeHead(307, { location: box.good.url }).end(),
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
    box.bad.answer = answer;
    const [first = '', ...rest] = names(`F-${fault}`, 40);
    const others = names(`G-${fault}`, 20);
    await box.owe('SP70202', box.bad.url, [first, ...rest]);
    await box.owe('SP70101', box.good.url, others);
    for (const billId of others) await until(`${billId} arrives`, box.isIn(billId, 'delivered'));
    await until(`${first} is tried`, box.isAttempted(first));
    const row = await box.rowOf(first);
    expect(row.attempts?.[0]).toEqual([1, outcome, status, bytes]);
    expect(row.state).not.toBe('delivered');
    expect(box.good.of(first)).toHaveLength(0);
  },
);

it('delivers to others while one holds every request open', async () => {
  const open: ServerResponse[] = [];
  box.bad.answer = (_request, response) => open.push(response);
  await box.owe('PSP701', box.bad.url, names('S', 100));
  await until('requests hang', () => open.length >= 8);
  await box.owe('SP70101', box.good.url, names('SG', 20));
  for (const billId of names('SG', 20))
    await until(`${billId} arrives`, box.isIn(billId, 'delivered'));
  // As many as a recipient that nothing is known of may have under way, and no more.
  expect(open).toHaveLength(8);
  for (const response of open) response.end();
  await until(
    'the leases end',
    async () => (await box.gateway.count('delivery', `state = 'leased'`)) < 8,
  );
});

it('waits for as long as the recipient asks', async () => {
  box.bad.answer = (_request, response) => response.writeHead(429, { 'retry-after': '900' }).end();
  await box.owe('SP70202', box.bad.url, ['A-1']);
  await until('it is tried', box.isAttempted('A-1'));
  const { last_outcome, waits } = await box.rowOf('A-1');
  expect(last_outcome).toBe('http-429');
  expect(waits).toBeGreaterThan(880);
});

it('delivers what is about one bill in order, and lets other bills pass', async () => {
  let failures = 2;
  box.bad.answer = (request, response, billId) => {
    if (billId === 'O-0' && failures-- > 0) fail(request, response, billId);
    else acknowledge(request, response, billId);
  };
  await box.owe('SP70202', box.bad.url, names('O', 5), 'one bill');
  await box.owe('SP70202', box.bad.url, ['O-other']);
  await until('the other bill passes', box.isIn('O-other', 'delivered'));
  expect(box.bad.received.map(({ billId }) => billId)).not.toContain('O-1');
  await until('the last arrives', async () => {
    await box.gateway.db.query(
      `update delivery set next_attempt_at = gateway_now() where state = 'ready'`,
    );
    return box.isIn('O-4', 'delivered')();
  });
  const order = box.bad.received
    .map(({ billId }) => billId)
    .filter((billId) => billId !== 'O-other');
  expect(order).toEqual(['O-0', 'O-0', 'O-0', 'O-1', 'O-2', 'O-3', 'O-4']);
});

it('delivers to others at the same host while one acknowledges slowly or drips', async () => {
  // A party whose endpoint took all it was sent may have as many under way as any party.
  await box.owe('SP70202', box.bad.url, names('H', 70));
  await until(
    'it is trusted',
    async () =>
      (await box.gateway.count('delivery', `state = 'delivered' and subject like 'H-%'`)) === 70,
  );
  const open: ServerResponse[] = [];
  const drips: NodeJS.Timeout[] = [];
  box.bad.answer = (request, response, billId) => {
    if (!billId.startsWith('HS')) acknowledge(request, response, billId);
    else if (open.push(response) % 2 === 0) {
      response.write('<');
      drips.push(setInterval(() => response.write(' '), 50));
    }
  };
  await box.owe('SP70202', box.bad.url, names('HS', 64));
  await until('its requests hang', () => open.length >= 64);
  await box.owe('SP70101', box.bad.url, names('HG', 20));
  for (const billId of names('HG', 20))
    await until(`${billId} arrives`, box.isIn(billId, 'delivered'));
  // None of them has reached its deadline: nobody waited for that.
  expect(open.map(({ destroyed }) => destroyed)).toEqual(open.map(() => false));
  expect(open).toHaveLength(64);
  for (const drip of drips) clearInterval(drip);
  for (const response of open) response.end();
  await until(
    'the leases end',
    async () => (await box.gateway.count('delivery', `state = 'leased'`)) < 64,
  );
});
