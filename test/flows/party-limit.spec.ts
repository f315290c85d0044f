/**
 * Who sends more than it may is told to wait, and nobody else notices: security-reliability §3.4, T12. What is turned
 * away leaves no row; a forger cannot use up what another may send; places are held by requests that are here as a whole.
 */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { Admission, type RequestClass } from '../../src/platform/http/admission';
import { writeElement } from '../../src/gepg/xml';
import { enquire, paymentTree, submitBills } from '../../tools/sandbox/messages';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { payment4, paths, unknownNumber } from '../protocol/hostile/attack';
import { openSocket } from '../protocol/hostile/raw-http';

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;
let operator: SandboxParty;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  // One a second, of which twenty may come at once.
  bank = await gateway.party('PSP701', { profile: { requestsPerSecond: 1 } });
  operator = await gateway.party('PSP702');
});

afterAll(async () => {
  await gateway.stop();
});

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

async function post(path: string, code: string, body: Buffer | string): Promise<Reply> {
  const response = await request(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml', 'gepg-com': 'default.psp.in', 'gepg-code': code },
    body,
  });
  const retryAfter = response.headers['retry-after'];
  return {
    status: response.statusCode,
    retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    text: await response.body.text(),
  };
}

let sent = 0;
function payment(party: SandboxParty): Buffer {
  sent += 1;
  return party.sign(
    writeElement(
      'gepgPmtPstReq',
      paymentTree(party.code, {
        transactionId: `L-${String(sent)}`,
        controlNumber: unknownNumber,
        amount: '100.00',
        paidAt: '2026-11-24T10:00:00',
        resultUrl: 'http://127.0.0.1:1/',
      }),
    ),
  );
}
const send = (party: SandboxParty) => post(paths.pay4, party.code, payment(party));
/** Answered as the payment of an unknown number that it is. */
const answered = expect.stringContaining('<TrxStsCode>7335</TrxStsCode>') as string;

it('lets nobody use up what another may send', async () => {
  // Names the bank, and is signed by somebody else or not at all: 60 of them are three times what the bank may send.
  for (let i = 0; i < 30; i++) {
    const forged = await post(paths.pay4, 'PSP701', payment(operator));
    expect(forged.text).toContain('7303');
    expect((await post(paths.pay4, 'PSP701', `<Gepg>${payment4()}</Gepg>`)).status).toBe(200);
  }
  expect(await gateway.count('inbound_message')).toBe(0);
  expect(await send(bank)).toMatchObject({ status: 200, text: answered });
});

it('turns away what is above the limit with 429, keeps nothing of it, and takes it again in time', async () => {
  let taken = await gateway.count('inbound_message');
  let reply = await send(bank);
  for (let tries = 0; tries < 100 && reply.status === 200; tries++) {
    taken += 1;
    reply = await send(bank);
  }
  expect(reply).toEqual({ status: 429, retryAfter: '1', text: '' });
  expect(taken).toBeGreaterThanOrEqual(20);
  expect(await gateway.count('inbound_message')).toBe(taken);
  expect(await gateway.count('payment_notification')).toBe(taken);

  // Others go on meanwhile.
  expect(await send(operator)).toMatchObject({ status: 200, text: answered });

  for (let tries = 0; tries < 100 && reply.status !== 200; tries++) {
    await pause(100);
    reply = await send(bank);
  }
  expect(reply).toMatchObject({ status: 200, text: answered });
});

it('turns away by the header alone, before the body is there, once the limit is used up', async () => {
  for (let tries = 0; tries < 100 && (await send(bank)).status === 200; tries++);
  const socket = await openSocket(gateway.url);
  socket.write(
    `POST ${paths.pay4} HTTP/1.1\r\nHost: x\r\nGepg-Code: PSP701\r\nContent-Length: 1000\r\n\r\n`,
  );
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(bytes.toString('latin1')).toMatch(/^HTTP\/1\.1 429 [\s\S]*retry-after: 1\r\n/i);
});

describe('with too much under way', () => {
  const billAck = () =>
    submitBills(hospital, gateway.url, [
      {
        billId: 'L-1',
        amount: '100.00',
        generatedAt: '2026-11-24T10:00:00',
        subSpCode: '1001',
        systemId: 'THOSP001',
        items: [{ gfsCode: '142202', amount: '100.00' }],
      },
    ]);
  const asks: Readonly<Record<RequestClass, () => Promise<Reply>>> = {
    payment: () => send(operator),
    enquiry: () => post(paths.ask4, 'PSP702', '<x/>'),
    bill: () => post(paths.bill4, 'SP70101', '<x/>'),
  };
  /** The loop of this process is late as often as it likes; here it is on time, and stays so. */
  beforeAll(() => {
    const admission = gateway.app.get(Admission);
    admission.onApplicationShutdown();
    for (let look = 0; look < 200; look++) admission.look(0);
  });

  it('turns payments away earlier when the loop stays late', async () => {
    const admission = gateway.app.get(Admission);
    for (let look = 0; look < 20; look++) admission.look(500);
    for (let i = 0; i < 128; i++) expect(admission.enter('payment')).toBe(true);
    try {
      expect((await send(operator)).status).toBe(503);
    } finally {
      for (let i = 0; i < 128; i++) admission.leave();
      for (let look = 0; look < 200; look++) admission.look(0);
    }
  });

  /** Payments last, bills first: by how many requests are under way. */
  it.each([
    [255, []],
    [256, ['bill']],
    [511, ['bill']],
    [512, ['bill', 'enquiry']],
    [1_023, ['bill', 'enquiry']],
    [1_024, ['bill', 'enquiry', 'payment']],
  ] as const)('%i turn away %j', async (underWay, turnedAway) => {
    const admission = gateway.app.get(Admission);
    const stored = await gateway.count('inbound_message');
    for (let i = 0; i < underWay; i++) expect(admission.enter('payment')).toBe(true);
    try {
      for (const kind of ['bill', 'enquiry', 'payment'] as const) {
        const { status, retryAfter, text } = await asks[kind]();
        if ((turnedAway as readonly string[]).includes(kind)) {
          expect({ kind, status, text }).toEqual({ kind, status: 503, text: '' });
          expect(retryAfter).toMatch(/^[2-5]$/);
        } else expect({ kind, status }).toEqual({ kind, status: 200 });
      }
    } finally {
      for (let i = 0; i < underWay; i++) admission.leave();
    }
    const isPaymentTaken = !(turnedAway as readonly string[]).includes('payment');
    expect(await gateway.count('inbound_message')).toBe(stored + Number(isPaymentTaken));
  });

  it('serves all classes again afterwards', async () => {
    expect((await billAck()).code).toBe('7101');
    expect((await enquire(operator, gateway.url, unknownNumber)).code).not.toBe('');
    expect(await send(operator)).toMatchObject({ status: 200, text: answered });
  });
});

it('is not closed by clients that send their bodies slowly', async () => {
  const sockets = await Promise.all(
    Array.from({ length: 1_100 }, async () => {
      const socket = await openSocket(gateway.url);
      socket.write(
        `POST ${paths.pay4} HTTP/1.1\r\nHost: x\r\nGepg-Code: PSP702\r\nContent-Length: 1000\r\n\r\n<`,
      );
      return socket;
    }),
  );
  try {
    expect(await send(operator)).toMatchObject({ status: 200, text: answered });
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});
