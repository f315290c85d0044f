/**
 * Every route of the console, walked: anonymous goes to sign-in, each role is let in where the table says so, and
 * nowhere else; a form of another site or without its token is none; no page is kept, framed or scripted from outside.
 */
import { type Action, actions, mayDo, roles } from '../../src/officers/permission.rules';
import { type ConsoleRoute, consoleRoutes } from '../../tools/console-routes';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { Visitor } from './support';

let gateway: TestGateway;
let routes: readonly ConsoleRoute[];
const visitors = new Map<string, Visitor>();

/** With something in the place of each parameter. */
const routesOf = (): readonly ConsoleRoute[] =>
  consoleRoutes(gateway.app).map((route) => ({
    ...route,
    path: route.path.replace(/:\w+|\*/g, 'x'),
  }));

const isAction = (text: string | undefined): text is Action =>
  (actions as readonly (string | undefined)[]).includes(text);

const ask = async (visitor: Visitor, { method, path }: ConsoleRoute) =>
  method === 'GET' ? visitor.get(path) : visitor.post(path);

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.party('SP70101');
  routes = routesOf();
  for (const role of roles) {
    const party = role === 'institution-officer' ? 'SP70101' : undefined;
    const password = await makeOfficer(gateway.app, role, role, party);
    visitors.set(role, await Visitor.signedIn(gateway.url, gateway.app, role, password));
  }
}, 120_000);

afterAll(() => gateway.stop());

it('every route declares what it needs', () => {
  expect(routes.length).toBeGreaterThan(8);
  expect(routes.filter(({ allowed }) => allowed === undefined)).toEqual([]);
});

it('who has not signed in is sent to do so, from every page', async () => {
  const wrong: unknown[] = [];
  const stranger = new Visitor(gateway.url);
  await stranger.get('/console/sign-in');
  for (const route of routes.filter(({ allowed }) => allowed !== 'anybody')) {
    const { status, headers } = await ask(stranger, route);
    const to = headers.get('location') ?? '';
    if (status !== 303 || !to.startsWith('/console/sign-in')) wrong.push([route, status, to]);
  }
  expect(wrong).toEqual([]);
});

it.each(roles)('%s is let in exactly where the table says so', async (role) => {
  const wrong: unknown[] = [];
  const visitor = visitors.get(role);
  if (visitor === undefined) throw new Error('nobody');
  for (const route of routes) {
    const { allowed } = route;
    if (!isAction(allowed)) continue;
    const { status, text, headers } = await ask(visitor, route);
    const isRefused = status === 403 && text.includes('console.not-allowed');
    const isSentAway = (headers.get('location') ?? '').startsWith('/console/sign-in');
    if (isRefused === mayDo(role, allowed) || isSentAway || status >= 500)
      wrong.push([route, status]);
  }
  expect(wrong).toEqual([]);
});

it('a form is one of ours or none', async () => {
  const visitor = visitors.get('administrator');
  if (visitor === undefined) throw new Error('nobody');
  await visitor.get('/console');
  const wrong: unknown[] = [];
  for (const { path } of routes.filter(({ method }) => method === 'POST')) {
    for (const [fields, headers] of [
      [{ _csrf: '' }, {}],
      [{ _csrf: 'x'.repeat(43) }, {}],
      [{}, { origin: 'https://evil.example' }],
      [{}, { origin: 'null' }],
    ] as const) {
      const { status, text } = await visitor.post(path, fields, headers);
      if (status !== 403 && status !== 303) wrong.push([path, fields, headers, status]);
      if (status === 403 && !/console\.(form-foreign|not-allowed)/.test(text)) wrong.push([path]);
    }
  }
  expect(wrong).toEqual([]);
  expect((await visitor.get('/console')).status).toBe(200);
});

it('nothing is kept, framed or scripted from outside', async () => {
  for (const path of [
    '/console/sign-in',
    '/Console/Sign-In',
    '//console/sign-in',
    '/console/x/y',
  ]) {
    const { headers } = await new Visitor(gateway.url).get(path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
  }
});

it('an address that leads nowhere is a page in the reader’s language', async () => {
  const visitor = visitors.get('support');
  if (visitor === undefined) throw new Error('nobody');
  const { status, text } = await visitor.get('/console/nowhere');
  expect([status, text.includes('console.page-unknown')]).toEqual([404, true]);
  await visitor.post('/console/language', { language: 'sw', next: '/console' });
  const page = await visitor.get('/console/nowhere');
  expect(page.text).toContain('lang="sw"');
  expect(page.text).toContain('Hakuna ukurasa kama huo.');
  expect(page.text).not.toContain('there is no such page');
});

it('what pages load is kept for a year under its hash, and nothing else is there', async () => {
  const stranger = new Visitor(gateway.url);
  const { text } = await stranger.get('/console/sign-in');
  const paths = [...text.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)].map(
    (each) => each[1],
  );
  expect(paths).toHaveLength(2);
  for (const path of paths) {
    const { status, headers, text: body } = await stranger.get(path ?? '');
    expect([status, headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    expect(body).not.toMatch(/GDS Transport|crest/);
  }
  const none = await stranger.get('/console/assets/0000/console.css');
  expect([none.status, none.text.includes('console.asset-unknown')]).toEqual([404, true]);
});
