/**
 * Workers that compete, pause and start anew, and endpoints that are down: each message once, nothing from a worker whose
 * lease has ended, and one probe where nothing else may go. Rules: rulings.md §5, security-reliability §3.3.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { acknowledge, fail, names, Outbox, until } from '../support/outbox';

let box: Outbox;

beforeAll(async () => {
  box = await Outbox.open();
});
beforeEach(() => box.begin());
afterEach(() => box.end());
afterAll(() => box.close());

it('sends each once with two workers', async () => {
  const worker = await box.gateway.startWorker();
  try {
    await box.owe('SP70101', box.good.url, names('W', 300));
    await until('all arrive', async () => {
      const open = await box.gateway.count('delivery', `settled_at is null`);
      return open === 0;
    });
    const received = box.good.received
      .map(({ billId }) => billId)
      .filter((id) => id.startsWith('W-'));
    expect(received.sort()).toEqual(names('W', 300).sort());
  } finally {
    await worker.close();
  }
});

it('lets a worker that was paused past its lease change nothing', async () => {
  const open: ServerResponse[] = [];
  box.bad.answer = (_request, response) => open.push(response);
  await box.owe('SP70202', box.bad.url, ['P-1']);
  await until('the first holder has sent', () => open.length === 1);
  await box.gateway.db.query(
    `update delivery set lease_until = gateway_now() - interval '1 second' where state = 'leased'`,
  );
  await until('a newer holder has sent', () => open.length === 2);
  const [older, newer] = open;
  newer?.end('<a><TrxStsCode>7101</TrxStsCode></a>');
  await until('it is delivered', box.isIn('P-1', 'delivered'));
  older?.writeHead(500).end();
  await until('both are logged', async () => (await box.rowOf('P-1')).attempts?.length === 2);
  const { state, last_outcome, attempts } = await box.rowOf('P-1');
  expect([state, last_outcome]).toEqual(['delivered', 'acknowledged']);
  expect(attempts?.map(([attempt, outcome]) => [attempt, outcome])).toEqual([
    [2, 'acknowledged'],
    [1, 'http-500'],
  ]);
  expect(box.bad.received[0]?.body).toEqual(box.bad.received[1]?.body);
});

it('leaves an endpoint that is down alone, also after a restart, and begins again with one probe', async () => {
  box.bad.answer = fail;
  await box.owe('SP70202', box.bad.url, names('B', 60));
  await until('the breaker opens', box.isDown());
  await box.gateway.db.query(
    `update delivery_breaker set open_until = gateway_now() + interval '1 hour'`,
  );
  await until(
    'nothing is under way',
    async () => (await box.gateway.count('delivery', `state = 'leased'`)) === 0,
  );
  const tried = box.bad.received.length;
  expect(tried).toBeLessThan(20);

  const worker = await box.gateway.startWorker();
  try {
    await box.owe('SP70101', box.good.url, ['B-passes']);
    await until('others pass', box.isIn('B-passes', 'delivered'));
    await pause(500);
    expect(box.bad.received).toHaveLength(tried);

    const open: ServerResponse[] = [];
    box.bad.answer = (_request, response) => open.push(response);
    await box.gateway.db.query(`update delivery_breaker set open_until = gateway_now()`);
    await until('a probe comes', () => open.length > 0);
    await box.owe('SP70101', box.good.url, ['B-passes-too']);
    await until('others pass', box.isIn('B-passes-too', 'delivered'));
    expect(open).toHaveLength(1);

    box.bad.answer = acknowledge;
    open[0]?.end('<a><TrxStsCode>7101</TrxStsCode></a>');
    await until(
      'the breaker closes',
      async () => (await box.gateway.count('delivery_breaker')) === 0,
    );
    await box.gateway.db.query(
      `update delivery set next_attempt_at = gateway_now() where state = 'ready'`,
    );
    for (const billId of names('B', 60))
      await until(`${billId} arrives`, box.isIn(billId, 'delivered'));
  } finally {
    await worker.close();
  }
});

it('doubles the pause after a probe that fails', async () => {
  box.bad.answer = fail;
  await box.owe('SP70202', box.bad.url, names('D', 20));
  await until('the breaker opens', box.isDown());
  const pauses = async () => {
    const { rows } = await box.gateway.db.query<{ pause_ms: number }>(
      `select pause_ms from delivery_breaker`,
    );
    return rows.map((row) => row.pause_ms);
  };
  expect(await pauses()).toEqual([5_000]);
  await box.gateway.db.query(
    `update delivery_breaker set open_until = gateway_now(), opened_at = gateway_now() - interval '2 hours'`,
  );
  await until('the probe fails', async () => (await pauses())[0] === 10_000);
  expect(await box.gateway.count('alarm', `kind = 'recipient-down' and subject = 'SP70202'`)).toBe(
    1,
  );
});
