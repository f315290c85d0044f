/**
 * More payments at once than may be under way, while their bills are held: whatever is above is told to come again (503
 * with Retry-After) before anything of it is read, and so in the end is what waited for its bill. Of none of it anything
 * is kept. When the bills are free, every payment is taken when it comes again, once, and the gateway takes on as before.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { writeElement } from '../../src/gepg/xml';
import { paymentTree } from '../../tools/sandbox/messages';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';

/** Of which 1,024 may be under way (admission.ts); each comes again at once, so that the gateway stays full. */
const many = 1_200;

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

let gateway: TestGateway;
let bank: SandboxParty;
let pool: Pool;
const numbers: string[] = [];

function message(transactionId: string, bill: number): Buffer {
  const paid = {
    transactionId,
    controlNumber: numbers[bill % numbers.length] ?? '',
    amount: '1.00',
    paidAt: '2026-11-24T10:00:00',
    resultUrl: `${bank.url}/result`,
  };
  return bank.sign(writeElement('gepgPmtPstReq', paymentTree(bank.code, paid)));
}

async function post(body: Buffer): Promise<Reply> {
  const {
    statusCode,
    headers,
    body: answer,
  } = await pool.request({
    method: 'POST',
    path: '/api/payment/sigqrequest',
    headers: {
      'content-type': 'application/xml',
      'gepg-com': 'default.psp.in',
      'gepg-code': bank.code,
    },
    body,
  });
  const retryAfter = headers['retry-after'];
  return {
    status: statusCode,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    text: await answer.text(),
  };
}

/** Rows of all that a payment writes. */
const kept = () =>
  Promise.all(
    ['inbound_message', 'payment_notification', 'payment', 'ledger_entry', 'delivery'].map(
      (table) => gateway.count(table),
    ),
  );

beforeAll(async () => {
  // Without timed work: what is owed stays a row.
  gateway = await TestGateway.start(undefined, { isIdle: true });
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101', { systemIds: [] });
  bank = await gateway.party('PSP701', { profile: { requestsPerSecond: 100_000 } });
  const books = new Books(gateway);
  for (let i = 0; i < 8; i++) {
    const bill = draft(`B-${String(i)}`, { paymentOption: '2' });
    numbers.push(await books.numberOf('SP70101', bill));
  }
  pool = new Pool(gateway.url, { connections: many });
});

afterAll(async () => {
  await pool.close();
  await gateway.stop();
});

it('turns away what is too much, keeps nothing of it, and takes everything in the end, once', async () => {
  const bodies = Array.from({ length: many }, (_, i) => message(`Q-${String(i)}`, i));
  const turnedAway: Reply[] = [];
  const postponed: Reply[] = [];
  let isHeld = true;
  /** As a PSP does: the same bytes, until there is an answer. */
  const untilAnswered = async (body: Buffer): Promise<Reply> => {
    for (;;) {
      const reply = await post(body);
      if (reply.status !== 503) return reply;
      // What was let in is told why; what was turned away at the door gets no body.
      (reply.text === '' ? turnedAway : postponed).push(reply);
      await pause(isHeld ? 20 : 200);
    }
  };

  await gateway.db.query('begin');
  await gateway.db.query('select from bill for update');
  const underWay = Promise.all(bodies.map(untilAnswered));
  for (let tries = 0; tries < 3_000; tries++) {
    if (turnedAway.length > 0 && postponed.length > 0) break;
    await pause(20);
  }
  const before = await kept();
  await gateway.db.query('rollback');
  isHeld = false;
  const answers = await underWay;

  expect(before).toEqual([0, 0, 0, 0, 0]);
  expect(turnedAway.length).toBeGreaterThan(0);
  expect(postponed.length).toBeGreaterThan(0);
  for (const { retryAfter } of [...turnedAway, ...postponed]) expect(retryAfter).toMatch(/^[2-5]$/);
  for (const { status, text } of answers)
    expect([status, text]).toEqual([200, expect.stringContaining('<TrxStsCode>7101<')]);
  // Each once: its message, its place at the gate, its entry, its result and its confirmation.
  expect(await kept()).toEqual([many, many, many, many, 2 * many]);
  const { rows } = await gateway.db.query(`select distinct paid_minor from bill`);
  expect(rows).toEqual([{ paid_minor: String((many / numbers.length) * 100) }]);
}, 120_000);

it('takes payments again', async () => {
  const answer = await post(message('Q-LAST', 0));
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('<TrxStsCode>7101<')]);
  expect(await gateway.count('payment')).toBe(many + 1);
});
