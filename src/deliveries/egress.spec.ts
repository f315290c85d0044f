/** Connections to recipients: what a name resolves to decides, TLS is verified, and a pinned authority stands alone. */
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import forge from 'node-forge';
import { request } from 'undici';
import { EgressFault, guardedLookup, makeAgent, type ResolvedAddress } from './egress';

const name = 'malipo.hospitali.go.tz';

/** A certificate of an authority of its own, for `name`. */
function issue(): { readonly ca: string; readonly cert: string; readonly key: string } {
  const make = (
    subject: string,
    issuer: string,
    serial: string,
    key: forge.pki.rsa.PublicKey,
    signer: forge.pki.rsa.PrivateKey,
    extensions: object[],
  ): string => {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = key;
    certificate.serialNumber = serial;
    certificate.validity.notBefore = new Date('2020-01-01');
    certificate.validity.notAfter = new Date('2049-01-01');
    certificate.setSubject([{ name: 'commonName', value: subject }]);
    certificate.setIssuer([{ name: 'commonName', value: issuer }]);
    certificate.setExtensions(extensions);
    certificate.sign(signer, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  };
  const authority = forge.pki.rsa.generateKeyPair(2_048);
  const server = forge.pki.rsa.generateKeyPair(2_048);
  return {
    ca: make('Mamlaka', 'Mamlaka', '01', authority.publicKey, authority.privateKey, [
      { name: 'basicConstraints', cA: true },
    ]),
    cert: make(name, 'Mamlaka', '02', server.publicKey, authority.privateKey, [
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ]),
    key: forge.pki.privateKeyToPem(server.privateKey),
  };
}

const issued = issue();
let server: Server;
let port: number;
let count = 0;

beforeAll(async () => {
  server = createServer({ cert: issued.cert, key: issued.key }, (_request, response) => {
    count += 1;
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  count = 0;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const at = (address: string): ResolvedAddress => ({
  address,
  family: address.includes(':') ? 6 : 4,
});

/** Stands for a resolver of the test's own network, which the guard would refuse. */
const toLoopback: Parameters<typeof makeAgent>[0]['lookup'] = (_name, options, done) => {
  if (options.all === true) done(null, [at('127.0.0.1')]);
  else done(null, '127.0.0.1', 4);
};

async function ask(
  settings: Omit<Parameters<typeof makeAgent>[0], 'connectionsPerHost'>,
  target = `https://${name}:${String(port)}/`,
): Promise<string> {
  const agent = makeAgent({ connectionsPerHost: 1, ...settings });
  try {
    const { body } = await request(target, { dispatcher: agent });
    return await body.text();
  } catch (fault) {
    return fault instanceof EgressFault ? fault.outcome : String((fault as { code?: string }).code);
  } finally {
    await agent.destroy();
  }
}

it.each([
  ['loopback', [at('127.0.0.1')], 'address-refused'],
  ['loopback among public addresses', [at('8.8.8.8'), at('127.0.0.1')], 'address-refused'],
  ['the address of a cloud machine itself', [at('169.254.169.254')], 'address-refused'],
  ['a mapped loopback', [at('::ffff:127.0.0.1')], 'address-refused'],
  ['nothing', [], 'name-not-found'],
])('does not connect a name that resolves to %s', async (_what, addresses, outcome) => {
  const lookup = guardedLookup(() => Promise.resolve(addresses));
  expect(await ask({ lookup, caPem: issued.ca })).toBe(outcome);
  expect(count).toBe(0);
});

it('says that the name was not found when the resolver fails', async () => {
  const lookup = guardedLookup(() => Promise.reject(new Error('SERVFAIL')));
  expect(await ask({ lookup })).toBe('name-not-found');
});

it('hands on the addresses that it checked, and resolves once', async () => {
  let asked = 0;
  const lookup = guardedLookup(() => {
    asked += 1;
    return Promise.resolve([at('8.8.8.8'), at('2001:4860:4860::8888')]);
  });
  const all = await new Promise((resolve) => {
    lookup(name, { all: true }, (_fault, addresses) => {
      resolve(addresses);
    });
  });
  expect(all).toEqual([at('8.8.8.8'), at('2001:4860:4860::8888')]);
  expect(asked).toBe(1);
});

it('takes a pinned authority, and without it refuses the same certificate', async () => {
  expect(await ask({ lookup: toLoopback, caPem: issued.ca })).toBe('ok');
  expect(await ask({ lookup: toLoopback })).toMatch(/UNABLE_TO|SELF_SIGNED/);
  expect(count).toBe(1);
});

it('refuses a certificate of another name', async () => {
  const other = `https://wizara.go.tz:${String(port)}/`;
  expect(await ask({ lookup: toLoopback, caPem: issued.ca }, other)).toBe(
    'ERR_TLS_CERT_ALTNAME_INVALID',
  );
});

it('gives up where TLS is never spoken', async () => {
  const silent = createTcpServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const target = `https://${name}:${String((silent.address() as AddressInfo).port)}/`;
  expect(await ask({ lookup: toLoopback }, target)).toBe('tls-timed-out');
  silent.close();
});
