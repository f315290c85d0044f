/**
 * Below and around the messages: paths, methods, headers, encodings of the transport, smuggled and slow requests, and
 * keys that do not hold. Security design §2.1 P7 and P15, §2.3 I11 and I12, §2.9. The edge refuses with a 4xx or closes
 * the connection, and nothing leaves a row.
 */
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { instantFromMs } from '../../src/kernel/clock';
import { EnrolParty } from '../../src/parties/enrol-party';
import { readPartyFile } from '../../src/parties/party-file.rules';
import { PartyDirectory } from '../../src/parties/party-directory';
import { readCertificate } from '../../src/platform/crypto/certificate';
import { makeSelfSigned } from '../../src/platform/crypto/keystore';
import { signBytes } from '../../src/platform/crypto/signature';
import { cancelBills } from '../../tools/sandbox/messages';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { newId, payment4, paths, signed, under, unknownNumber } from './hostile/attack';
import { exchange, openSocket, rawPost } from './hostile/raw-http';

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;

const start = '2026-11-24T08:00:00Z';

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(start);
  hospital = await gateway.party('SP70101');
  bank = await gateway.party('PSP701');
});

afterAll(async () => {
  await gateway.stop();
});

async function messageCount(): Promise<number> {
  return gateway.count('inbound_message');
}

async function expectHonestService(): Promise<void> {
  expect((await cancelBills(hospital, gateway.url, 'THOSP001', ['none'])).code).toBe('7204');
}

const message = (): Buffer => signed(payment4());
const headersOf = (body: Buffer, ...more: readonly string[]): readonly string[] => [
  'Gepg-Com: default.psp.in',
  'Gepg-Code: PSP701',
  `Content-Length: ${String(body.length)}`,
  ...more,
];

describe('a path that is not quite one of ours is none', () => {
  it.each([
    '/api/payment/sigqrequest/../../bill/sigqrequest',
    '/api/payment/%2e%2e/payment/sigqrequest',
    '/api/payment/sigqrequest;x=1',
    '/api/payment/sigqrequest%00',
    '/api/payment/sigqrequest%0a%0d',
    '/api/payment/sigqrequest%ff',
    '/api/payment/sigqrequest%2f',
    '/api/payment/%zz',
    '/api\\payment\\sigqrequest',
    '/api/payment/sigqrequest.xml',
    '/%61pi%2fpayment%2fsigqrequest',
    '/console/../api/payment/none',
    `/api/payment/${'x'.repeat(5_000)}`,
    '*',
  ])('%s', async (path) => {
    const before = await messageCount();
    const body = message();
    const { status, text } = await exchange(gateway.url, rawPost(path, headersOf(body), body));
    // One spelling may be read as ours; then it is answered as ours, and never as something else.
    if (status === 200) expect(text).toContain('<TrxStsCode>7335</TrxStsCode>');
    else {
      expect(String(status)).toMatch(/^4/);
      expect(await messageCount()).toBe(before);
    }
    expect(text).not.toMatch(/node_modules|\bat \S+ \(|\/src\//);
    await expectHonestService();
  });
});

it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'BREW', 'post'])(
  'the method %s is not taken',
  async (method) => {
    const before = await messageCount();
    const body = message();
    const request = rawPost(paths.pay4, headersOf(body), body).toString('latin1');
    const { status } = await exchange(
      gateway.url,
      Buffer.from(request.replace(/^POST/, method), 'latin1'),
    );
    expect(String(status)).toMatch(/^4|^0$/);
    expect(await messageCount()).toBe(before);
    await expectHonestService();
  },
);

describe('requests that two servers would read as two', () => {
  const smuggled = 'POST /api/payment/sigqrequest HTTP/1.1\r\nHost: x\r\n\r\n';
  const raw = (...lines: readonly string[]): string => lines.join('\r\n');
  const first = `POST ${paths.pay4} HTTP/1.1`;
  it.each([
    ['two lengths', raw(first, 'Host: x', 'Content-Length: 5', 'Content-Length: 6', '', 'hello')],
    [
      'a length and chunks',
      raw(
        first,
        'Host: x',
        'Content-Length: 5',
        'Transfer-Encoding: chunked',
        '',
        '0',
        '',
        smuggled,
      ),
    ],
    [
      'chunks and a length',
      raw(
        first,
        'Host: x',
        'Transfer-Encoding: chunked',
        'Content-Length: 5',
        '',
        '0',
        '',
        smuggled,
      ),
    ],
    [
      'an odd transfer encoding',
      raw(first, 'Host: x', 'Transfer-Encoding: xchunked', '', '0', '', ''),
    ],
    [
      'chunked twice',
      raw(first, 'Host: x', 'Transfer-Encoding: chunked, chunked', '', '0', '', ''),
    ],
    ['a negative length', raw(first, 'Host: x', 'Content-Length: -1', '', '')],
    ['a length with a plus', raw(first, 'Host: x', 'Content-Length: +5', '', 'hello')],
    [
      'a length of 20 digits',
      raw(first, 'Host: x', `Content-Length: ${'9'.repeat(20)}`, '', 'hello'),
    ],
    ['a length in hexadecimal', raw(first, 'Host: x', 'Content-Length: 0x5', '', 'hello')],
    [
      'a chunk of no size',
      raw(first, 'Host: x', 'Transfer-Encoding: chunked', '', 'zz', 'hello', ''),
    ],
    ['line feeds alone', `${first}\nHost: x\nContent-Length: 5\n\nhello`],
    [
      'a folded header',
      raw(first, 'Host: x', 'Gepg-Code: PSP701', ' PSP702', 'Content-Length: 5', '', 'hello'),
    ],
    ['a blank before the colon', raw(first, 'Host: x', 'Content-Length : 5', '', 'hello')],
    [
      'a NUL in a header',
      raw(first, 'Host: x', 'Gepg-Code: PSP\x00701', 'Content-Length: 5', '', 'hello'),
    ],
    [
      'a line break in a header',
      raw(first, 'Host: x', 'Gepg-Code: PSP701\rX: y', 'Content-Length: 5', '', 'hello'),
    ],
    ['no host', raw(first, 'Content-Length: 5', '', 'hello')],
    [
      'headers of 9 kB',
      raw(first, 'Host: x', `X: ${'x'.repeat(9_000)}`, 'Content-Length: 5', '', 'hello'),
    ],
    [
      '3,000 headers',
      raw(first, 'Host: x', ...Array.from({ length: 3_000 }, (_, i) => `X${String(i)}: 1`), '', ''),
    ],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s', async (_case, request) => {
    const before = await messageCount();
    const { status, text } = await exchange(gateway.url, Buffer.from(request, 'latin1'));
    expect(String(status)).toMatch(/^4|^0$/);
    // One request, at most one answer.
    expect(text.split('HTTP/1.1 ').length).toBeLessThanOrEqual(2);
    expect(await messageCount()).toBe(before);
    await expectHonestService();
  });
});

describe('headers', () => {
  it.each([
    ['a code twice', 'Gepg-Code: PSP701', 'Gepg-Code: PSP701', '7215'],
    ['two codes', 'Gepg-Code: PSP702', 'Gepg-Code: PSP701', '7215'],
    ['a content encoding that is not there', 'Gepg-Code: PSP701', 'Content-Encoding: br', '7335'],
    ['a content type of forms', 'Gepg-Code: PSP701', 'Content-Type: multipart/form-data', '7335'],
    [
      'a charset that is not there',
      'Gepg-Code: PSP701',
      'Content-Type: text/xml; charset=utf-16',
      '7335',
    ],
  ])('%s', async (_case, one, two, code) => {
    const body = message();
    const length = `Content-Length: ${String(body.length)}`;
    const { status, text } = await exchange(
      gateway.url,
      rawPost(paths.pay4, [one, two, length], body),
    );
    expect(status).toBe(200);
    expect(text).toContain(`<TrxStsCode>${code}</TrxStsCode>`);
    await expectHonestService();
  });

  it('a compressed body is bytes like any other, and is not unpacked', async () => {
    for (const body of [gzipSync(message()), gzipSync(Buffer.alloc(20_000_000))]) {
      const answer = await bank.post(gateway.url, paths.pay4, body, { 'content-encoding': 'gzip' });
      expect(answer).toMatchObject({ status: 200, code: '7242', isSigned: true });
    }
  });

  it('a body in chunks may be no longer than one with a length', async () => {
    const chunk = `ffff\r\n${'x'.repeat(0xffff)}\r\n`;
    const request = rawPost(
      paths.pay4,
      ['Gepg-Code: PSP701', 'Transfer-Encoding: chunked'],
      `${chunk}${chunk}0\r\n\r\n`,
    );
    expect((await exchange(gateway.url, request)).status).toBe(413);
  });
});

it('a body that does not come keeps nobody else waiting', async () => {
  const sockets = await Promise.all(Array.from({ length: 50 }, () => openSocket(gateway.url)));
  for (const socket of sockets) {
    socket.write(rawPost(paths.pay4, ['Gepg-Code: PSP701', 'Content-Length: 500'], '<Gepg>'));
  }
  await expectHonestService();
  const body = message();
  expect((await bank.post(gateway.url, paths.pay4, body)).code).toBe('7335');
  for (const socket of sockets) {
    socket.destroy();
    if (!socket.closed) await once(socket, 'close');
  }
  await expectHonestService();
});

describe('a transaction id is compared as it is', () => {
  it.each([
    ['T-case', 't-case'],
    ['T001', 'T01'],
    ['T1.0', 'T1'],
    ['T2', 'T2.'],
    ['T%41', 'TA'],
    ['T+1', 'T 1'],
  ])('%s is not %s', async (first, second) => {
    const pay = async (transactionId: string, amount: string) =>
      (
        await bank.post(
          gateway.url,
          paths.pay4,
          signed(payment4({ TrxId: transactionId, PaidAmt: amount })),
        )
      ).code;
    expect(await pay(first, '1.00')).toBe('7335');
    // Another amount under an id that is taken is 7207; under one that is distinct, an ordinary refusal.
    expect(await pay(second, '2.00')).toBe(second.includes(' ') ? '7242' : '7335');
    expect(await pay(first, '2.00')).toBe('7207');
  });
});

it('our own answer sent back to us is nothing', async () => {
  const answer = await bank.post(gateway.url, paths.pay4, message());
  for (const path of [paths.pay4, paths.ask4, paths.pay5]) {
    expect((await bank.post(gateway.url, path, answer.body)).code).toBe('7242');
  }
});

describe('a key holds from its first to its last instant, and until it is retired', () => {
  const at = (hours: number): string =>
    instantFromMs(Date.parse(start) + hours * 3_600_000).toISOString();

  async function payWith(owner: { privateKey: Parameters<typeof signBytes>[1] }): Promise<string> {
    const element = payment4({ TrxId: newId(), BillCtrNum: unknownNumber }, 'PSP709');
    const body = under(element, signBytes(Buffer.from(element), owner.privateKey, 'sha1'));
    return (await bank.post(gateway.url, paths.pay4, body, { 'gepg-code': 'PSP709' })).code;
  }

  it('refuses a key that is not valid yet, one that has ended, and one that was retired', async () => {
    const early = makeSelfSigned(
      { commonName: 'early', organization: 'x' },
      { notBefore: at(2), notAfter: at(999) },
    );
    const late = makeSelfSigned(
      { commonName: 'late', organization: 'x' },
      { notBefore: at(-9), notAfter: at(1) },
    );
    const own = sampleKeystore('PSP703');
    const file = readPartyFile({
      kind: 'payment-service-provider',
      code: 'PSP709',
      name: 'PSP709',
      certificates: ['given'],
    });
    await gateway.app
      .get(EnrolParty, { strict: false })
      .execute(
        file,
        [
          readCertificate(Buffer.from(early.certificatePem)),
          readCertificate(Buffer.from(late.certificatePem)),
          own.certificate,
        ],
        'test',
      );
    expect(await payWith(early)).toBe('7303');
    expect(await payWith(late)).toBe('7335');
    expect(await payWith(own)).toBe('7335');

    await gateway.setClock(at(3));
    const directory = gateway.app.get(PartyDirectory, { strict: false });
    directory.forget();
    expect(await payWith(early)).toBe('7335');
    expect(await payWith(late)).toBe('7303');

    await gateway.db.query(
      `update party_certificate set status = 'retired' where fingerprint = $1`,
      [own.certificate.fingerprint],
    );
    directory.forget();
    expect(await payWith(own)).toBe('7303');
    await gateway.setClock(start);
    directory.forget();
  });
});
