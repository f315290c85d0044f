/**
 * Who gets in, from the console: API keys and webhook secrets of a party, shown once; and the roles of officers, changed
 * by two administrators, of whom neither is the one concerned.
 */
import { Approvals } from '../../src/officers/approvals';
import { ManageOfficers } from '../../src/officers/manage-officers';
import { ProposeRole } from '../../src/officers/propose-role';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { chromiumPath, lookAt } from './browser';
import { Visitor } from './support';

let gateway: TestGateway;
const admins = new Map<string, Visitor>();

const admin = (name: string): Visitor => {
  const found = admins.get(name);
  if (found === undefined) throw new Error('nobody');
  return found;
};

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.party('SP70101');
  await gateway.party('SP70202');
  for (const name of ['asha', 'baraka', 'chausiku']) {
    const password = await makeOfficer(gateway.app, name, 'administrator');
    admins.set(name, await Visitor.signedIn(gateway.url, gateway.app, name, password));
  }
  await makeOfficer(gateway.app, 'dalali', 'support');
}, 120_000);

afterAll(() => gateway.stop());

describe('API keys', () => {
  const home = '/console/parties/SP70101/api-keys';
  const use = (key: string) =>
    fetch(`${gateway.url}/v1/bills`, { headers: { authorization: `Bearer ${key}` } });

  it('are issued with scopes and an end, shown once, and revoked', async () => {
    const asha = admin('asha');
    await asha.get(home);
    for (const wrong of [{ days: '30' }, { 'scope-bills:read': 'yes', days: 'x' }])
      expect((await asha.post(home, wrong)).status).toBe(422);
    const foreign = { 'scope-payments:notify': 'yes', days: '30' };
    expect((await asha.post(home, foreign)).text).toContain('a service-provider may have');
    const made = await asha.post(home, { 'scope-bills:read': 'yes', days: '30' });
    const key = /malipo_[A-Za-z0-9_-]{43}/.exec(made.text)?.[0] ?? '';
    expect((await use(key)).status).toBe(200);
    const list = await asha.get(home);
    expect(list.text).not.toContain(key);
    const id = /api-keys\/([0-9a-f-]{36})\/revoke/.exec(list.text)?.[1] ?? '';
    const other = await asha.post(`/console/parties/SP70202/api-keys/${id}/revoke`);
    expect([other.status, other.text.includes('api-key.unknown')]).toEqual([404, true]);
    expect((await asha.post(`${home}/${id}/revoke`)).status).toBe(303);
    expect((await asha.get(home)).text).toContain('Revoked');
    expect(await gateway.count('audit_event', `action like 'api-key.%' and actor = 'asha'`)).toBe(
      2,
    );
  });
});

describe('webhook endpoints', () => {
  const home = '/console/parties/SP70101/webhooks';

  it('are added, changed, paused, given a new secret and removed, by whom and with what changed', async () => {
    const asha = admin('asha');
    await asha.get(home);
    const unsafe = await asha.post(home, { url: 'ftp://x' });
    expect([unsafe.status, unsafe.text.includes('wanted an https address')]).toEqual([422, true]);
    const url = 'http://127.0.0.1:9/hook';
    const made = await asha.post(home, { url, 'event-payment.confirmed': 'yes' });
    const secret = /whsec_[A-Za-z0-9+/=]+/.exec(made.text)?.[0];
    expect(secret).toBeDefined();
    const list = await asha.get(home);
    expect(list.text).not.toContain(secret);
    expect(list.text).toContain('/console/deliveries?recipient=SP70101');
    const id = /webhooks\/([0-9a-f-]{36})\/rotate/.exec(list.text)?.[1] ?? '';
    const rotated = await asha.post(`${home}/${id}/rotate`);
    expect(/whsec_[A-Za-z0-9+/=]+/.exec(rotated.text)?.[0]).not.toBe(secret);
    await asha.post(`${home}/${id}/state`, { state: 'off' });
    expect(await gateway.count('webhook_endpoint', 'switched_off_at is not null')).toBe(1);
    await asha.post(`${home}/${id}/state`, { state: 'on' });
    await asha.post(`${home}/${id}/change`, { url: `${url}/2` });
    const bad = await asha.post(`${home}/${id}/change`, { url: 'x' });
    expect([bad.status, bad.text.includes('wanted an https address')]).toEqual([422, true]);
    for (const path of [`/console/parties/SP70202/webhooks/${id}/rotate`, `${home}/x/rotate`]) {
      const { status, text } = await asha.post(path);
      expect([status, text.includes('webhook.unknown')]).toEqual([404, true]);
    }
    expect((await asha.post(`${home}/${id}/remove`)).status).toBe(303);
    const { rows } = await gateway.db.query<{ action: string; actor: string; detail: object }>(
      `select action, actor, detail from audit_event where subject = $1 order by id`,
      [id],
    );
    const settings = { url, eventTypes: ['payment.confirmed'], isOn: true };
    expect(rows.map(({ actor, action }) => [actor, action])).toEqual(
      ['added', 'secret-rotated', 'changed', 'changed', 'changed', 'removed'].map((each) => [
        'asha',
        `webhook.${each}`,
      ]),
    );
    expect(rows[4]?.detail).toEqual({
      party: 'SP70101',
      before: settings,
      after: { ...settings, url: `${url}/2`, eventTypes: [] },
    });
  });
});

describe('the role of an officer', () => {
  const page = '/console/officers/dalali';
  const roleOf = async (name: string) =>
    (await gateway.app.get(ManageOfficers, { strict: false }).find(name)).role;
  const ask = async (by: string, name: string, role: string): Promise<string> => {
    const { status, headers, text } = await admin(by).post(`/console/officers/${name}/role`, {
      role,
    });
    if (status !== 303) throw new Error(text);
    return headers.get('location') ?? '';
  };

  it('changes when another administrator says so, with before and after', async () => {
    const request = await ask('asha', 'dalali', 'auditor');
    expect(await roleOf('dalali')).toBe('support');
    expect((await admin('asha').get(page)).text).toContain(request);
    expect((await admin('asha').post(`${request}/approve`)).text).toContain(
      'who asks does not decide',
    );
    await admin('baraka').get(request);
    expect((await admin('baraka').post(`${request}/approve`)).status).toBe(303);
    expect(await roleOf('dalali')).toBe('auditor');
    const { rows } = await gateway.db.query<{ actor: string; detail: object }>(
      `select actor, detail from audit_event where action = 'officer.role-changed'`,
    );
    expect(rows).toEqual([
      {
        actor: 'baraka',
        detail: {
          before: { role: 'support', party: null },
          after: { role: 'auditor', party: null },
        },
      },
    ]);
  });

  it('is not decided by the one concerned, nor when he has another one meanwhile', async () => {
    const own = await ask('asha', 'chausiku', 'auditor');
    await admin('chausiku').get(own);
    const refused = await admin('chausiku').post(`${own}/approve`);
    expect([refused.status, refused.text.includes('nobody changes his own account')]).toEqual([
      422,
      true,
    ]);
    expect(await roleOf('chausiku')).toBe('administrator');
    const first = await ask('asha', 'dalali', 'support');
    const second = await ask('asha', 'dalali', 'treasury-officer');
    await admin('baraka').get(first);
    expect((await admin('baraka').post(`${first}/approve`)).status).toBe(303);
    await expect(
      gateway.app
        .get(Approvals, { strict: false })
        .approve(second.split('/').at(-1) ?? '', 'baraka'),
    ).rejects.toThrow('officer.changed-meanwhile');
    await expect(
      gateway.app
        .get(ProposeRole, { strict: false })
        .request('dalali', { role: 'support' }, 'asha'),
    ).rejects.toThrow('officer.role-unchanged');
    const wrong = await admin('asha').post(`${page}/role`, { role: 'institution-officer' });
    expect([wrong.status, wrong.text.includes('has an institution')]).toEqual([422, true]);
    expect((await admin('asha').get(page)).text).toContain(second);
  });
});

(chromiumPath === undefined ? it.skip : it)(
  'the pages pass axe, in both languages, on a narrow and a wide screen',
  async () => {
    const asha = admin('asha');
    const parties = '/console/parties/SP70101';
    await asha.get(`${parties}/webhooks`);
    await asha.post(`${parties}/webhooks`, { url: 'http://127.0.0.1:9/hook' });
    const paths = [`${parties}/webhooks`, `${parties}/api-keys`, '/console/officers/dalali'];
    expect(await lookAt(gateway.url, asha, paths)).toEqual([]);
  },
  240_000,
);
