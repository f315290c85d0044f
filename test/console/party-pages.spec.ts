/**
 * Parties from the console: enrolled and changed with the checks of the file, before and after in the trail; the check
 * list before going live, computed from what was seen, and the self-test.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnrolParty } from '../../src/parties/enrol-party';
import { PartyDirectory } from '../../src/parties/party-directory';
import { PartySettings } from '../../src/parties/party-settings';
import { makeSelfSigned } from '../../src/platform/crypto/keystore';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { chromiumPath, lookAt, type PageAfter } from './browser';
import { Visitor } from './support';

const certificate = (code: string) =>
  makeSelfSigned(
    { commonName: code, organization: 'Chuo cha Mfano' },
    { notBefore: '2026-11-01T00:00:00Z', notAfter: '2028-11-01T00:00:00Z' },
  ).certificatePem;
const institution = {
  kind: 'service-provider',
  code: 'SP55501',
  name: 'Chuo cha Mfano',
  controlNumberPrefixes: '555',
  systemIds: 'TCHUO001',
  subSpCodes: '1001 1002',
  gfsCodes: '142202\n142203',
  delivery: 'gepg-v4',
  'endpoints-controlNumber': 'http://127.0.0.1:9/control-number',
  'endpoints-payment': 'http://127.0.0.1:9/payment',
  collectionAccounts: '0155500000011 BMFATZTZ TZS',
  profile: '',
};

let gateway: TestGateway;
let admin: Visitor;
let endpoint: Server;
let base: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  const password = await makeOfficer(gateway.app, 'asha', 'administrator');
  admin = await Visitor.signedIn(gateway.url, gateway.app, 'asha', password);
  // Says that it is under test, and acknowledges nothing.
  endpoint = createServer((request, response) => {
    response.setHeader('malipo-under-test', 'SP55501');
    response.end(request.method === 'GET' ? '' : '<nothing/>');
  }).listen(0, '127.0.0.1');
  await new Promise((done) => endpoint.once('listening', done));
  base = `http://127.0.0.1:${String((endpoint.address() as AddressInfo).port)}`;
}, 120_000);

afterAll(async () => {
  endpoint.close();
  await gateway.stop();
});

const speak = (language: string) => admin.post('/console/language', { language, next: '/console' });

describe('a new party', () => {
  it('is checked as its file is, field by field, and nothing of it is kept', async () => {
    await admin.get('/console/parties/new');
    const wrong = { ...institution, code: 'X1', 'endpoints-payment': 'ftp://x', profile: '{"x"' };
    const { status, text } = await admin.sendFile(
      '/console/parties/new',
      wrong,
      'c.pem',
      certificate('SP55501'),
    );
    expect(status).toBe(422);
    for (const field of ['code', 'endpoints-payment', 'profile'])
      expect(text).toContain(`<a href="#${field}">`);
    expect(text).toContain('value="Chuo cha Mfano"');
    await speak('sw');
    const swahili = await admin.sendFile('/console/parties/new', wrong, 'c.pem', 'x');
    expect(swahili.text).toContain('/code: SP na hadi tarakimu nane');
    expect(swahili.text).toContain('/endpoints/payment: anwani ya http au https');
    await speak('en');
    const none = await admin.sendFile('/console/parties/new', institution, '', '');
    expect([none.status, none.text.includes('href="#certificates"')]).toEqual([422, true]);
    expect(await gateway.count('party')).toBe(0);
  });

  it('is enrolled once, and a second time refused', async () => {
    await admin.get('/console/parties/new');
    const send = () =>
      admin.sendFile('/console/parties/new', institution, 'c.pem', certificate('SP55501'));
    const { status, headers } = await send();
    expect([status, headers.get('location')]).toEqual([303, '/console/parties/SP55501/go-live']);
    const party = await gateway.app.get(PartyDirectory, { strict: false }).find('SP55501');
    expect(party).toMatchObject({ name: 'Chuo cha Mfano', kind: 'service-provider' });
    expect(await gateway.count('control_number_range', `prefix = '555'`)).toBe(1);
    await admin.get('/console/parties/new');
    const again = await send();
    expect([again.status, again.text.includes('is enrolled already')]).toEqual([422, true]);
    expect(await gateway.count('party_certificate')).toBe(1);
    const settings = await gateway.app.get(PartySettings, { strict: false }).of('SP55501');
    const enrol = gateway.app.get(EnrolParty, { strict: false });
    await expect(enrol.execute(settings, [], 'asha', 'new')).rejects.toThrow(
      'party.enrolled-already',
    );
    await expect(
      enrol.execute({ ...settings, code: 'SP55502' }, [], 'asha', 'change'),
    ).rejects.toThrow('party.unknown');
    await admin.get('/console/parties/new?kind=payment-service-provider');
    const psp = await admin.sendFile(
      '/console/parties/new',
      {
        kind: 'payment-service-provider',
        code: 'PSP555',
        name: 'Benki ya pili',
        channels: 'IB\nUSSD menu',
        policy: 'refuse',
        queryLayout: 'A',
      },
      'c.pem',
      certificate('PSP555'),
    );
    expect(psp.headers.get('location')).toBe('/console/parties/PSP555/go-live');
  });
});

describe('settings', () => {
  it('are changed with before and after in the trail, and keep what the form does not hold', async () => {
    const page = '/console/parties/SP55501/settings';
    const settings = gateway.app.get(PartySettings, { strict: false });
    const before = await settings.of('SP55501');
    expect((await admin.get(page)).text).toContain('http://127.0.0.1:9/payment');
    const answer = await admin.post(page, {
      ...institution,
      code: 'SP99999',
      name: 'Chuo kipya',
      controlNumberPrefixes: '555, 556',
      'endpoints-payment': `${base}/payment`,
    });
    expect(answer.headers.get('location')).toBe('/console/parties/SP55501');
    const after = await settings.of('SP55501');
    expect(after).toEqual({
      ...before,
      name: 'Chuo kipya',
      controlNumberPrefixes: ['555', '556'],
      endpoints: { ...('endpoints' in before ? before.endpoints : {}), payment: `${base}/payment` },
    });
    const { rows } = await gateway.db.query<{ actor: string; detail: object }>(
      `select actor, detail from audit_event where action = 'party.updated'`,
    );
    expect(rows).toEqual([
      { actor: 'asha', detail: expect.objectContaining({ before, after }) as unknown },
    ]);
    expect(await gateway.count('party', `code = 'SP99999'`)).toBe(0);
    const dropped = await admin.post(page, { ...institution, controlNumberPrefixes: '555' });
    expect([dropped.status, dropped.text.includes('allotted for ever')]).toEqual([422, true]);
    const unknown = await admin.get('/console/parties/SP0/settings');
    expect([unknown.status, unknown.text.includes('party.unknown')]).toEqual([404, true]);
  });
});

describe('going live', () => {
  const page = '/console/parties/SP55501/go-live';
  const stateOf = (text: string, check: string) =>
    new RegExp(`>${check}</th>\\s*<td[^>]*><strong[^>]*>([^<]+)<`).exec(text)?.[1];

  it('lists what is there and what is missing, with what to do', async () => {
    const { text } = await admin.get(page);
    expect(stateOf(text, 'Takes part')).toBe('Done');
    expect(stateOf(text, 'Addresses set')).toBe('Done');
    expect(stateOf(text, 'First bill')).toBe('To do');
    expect(stateOf(text, 'Self-test passed')).toBe('Advised');
    expect(text).toContain('Ask the institution to submit a test bill.');
    const psp = await admin.get('/console/parties/PSP555/go-live');
    expect(stateOf(psp.text, 'Channels')).toBe('Done');
    expect(stateOf(psp.text, 'Settlement and fee terms')).toBe('To do');
  });

  it('tests an endpoint that says it is under test, and no other', async () => {
    await admin.get(page);
    const other = await admin.post('/console/parties/PSP555/self-test', { url: base });
    expect([other.status, other.text.includes('does not say that it is under test')]).toEqual([
      422,
      true,
    ]);
    const { status, text } = await admin.post('/console/parties/SP55501/self-test', { url: base });
    expect(status).toBe(200);
    expect(text).toContain('control number delivered');
    expect(stateOf(text, 'Self-test passed')).toBe('To do');
    expect(
      await gateway.count(
        'audit_event',
        `action = 'party.self-tested' and subject = 'SP55501' and (detail->>'failed')::int > 0`,
      ),
    ).toBe(1);
    expect(await gateway.count('audit_event', `action = 'party.self-tested'`)).toBe(1);
    await speak('sw');
    const swahili = await admin.post('/console/parties/SP55501/self-test', { url: base });
    expect(swahili.text).toContain('Namba ya kumbukumbu inapelekwa');
    expect(swahili.text).toContain('hakuna uthibitisho wa kupokea');
    await speak('en');
  }, 120_000);
});

(chromiumPath === undefined ? it.skip : it)(
  'the pages pass axe, in both languages, on a narrow and a wide screen',
  async () => {
    const pages = [
      'new',
      'new?kind=payment-service-provider',
      'SP55501',
      'SP55501/settings',
      'SP55501/go-live',
    ];
    const paths = ['/console/parties', ...pages.map((each) => `/console/parties/${each}`)];
    const tested: PageAfter = {
      path: '/console/parties/SP55501/go-live',
      async act(page) {
        await page.fill('#url', base);
        await page.click('form[action$="/self-test"] button');
        await page.waitForURL('**/self-test', { timeout: 60_000 });
      },
    };
    expect(await lookAt(gateway.url, admin, [...paths, tested])).toEqual([]);
  },
  240_000,
);
