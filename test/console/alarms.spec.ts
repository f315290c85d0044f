/** Alarms: seen by who keeps the gateway, acknowledged once with a note, and told anew when the same happens again. */
import { Alarms } from '../../src/assurance/alarms';
import { registerAlarmCommands } from '../../src/cli/alarms.commands';
import { AuditTrail } from '../../src/platform/audit/audit-trail';
import { Database } from '../../src/platform/database/database';
import { runCommand } from '../support/command';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { Visitor } from './support';

jest.mock('../../src/installation', () =>
  jest.requireActual<object>('../support/careless-installation'),
);

let gateway: TestGateway;
let support: Visitor;
let treasury: Visitor;

const raise = (subject: string) =>
  gateway.app.get(Database).transaction((tx) =>
    gateway.app.get(AuditTrail, { strict: false }).raiseAlarm(tx, {
      kind: 'delivery-parked',
      subject,
      detail: 'not acknowledged within seven days',
    }),
  );
const visitorOf = async (name: string, role: 'support' | 'treasury-officer') =>
  Visitor.signedIn(
    gateway.url,
    gateway.app,
    name,
    await makeOfficer(gateway.app, name, role, undefined),
  );
const idOf = async (subject: string): Promise<string> => {
  const { rows } = await gateway.db.query<{ id: string }>(
    `select id from alarm where subject = $1 and acknowledged_at is null`,
    [subject],
  );
  return rows[0]?.id ?? '';
};

beforeAll(async () => {
  gateway = await TestGateway.start(undefined, { isIdle: true });
  support = await visitorOf('support.1', 'support');
  treasury = await visitorOf('treasury.1', 'treasury-officer');
}, 120_000);

afterAll(() => gateway.stop());

it('with none open the page says so', async () => {
  expect((await support.get('/console/alarms')).text).toContain('No alarm is open.');
});

it('the overview names what each is about and leads to all of them, fifty to a page', async () => {
  for (let i = 1; i <= 51; i++) await raise(`D-${String(i)}`);
  const overview = await treasury.get('/console');
  expect(overview.text).toContain('<span class="app-panel__figure">51</span>');
  expect(overview.text).toContain('>D-51<');
  expect(overview.text).not.toContain('>D-41<');
  expect(overview.text).toContain('href="/console/alarms"');
  const { text } = await support.get('/console/alarms');
  expect(text).toContain('href="/console/deliveries/D-2">D-2<');
  expect(text).not.toContain('>D-1<');
  const next = /href="(\/console\/alarms\?before=\d+)"/.exec(text)?.[1] ?? '';
  expect((await support.get(next)).text).toContain('>D-1<');
});

it('one is acknowledged with a note, once, and the audit trail has both', async () => {
  const id = await idOf('D-7');
  const path = `/console/alarms/${id}/acknowledge`;
  const bare = await support.post(path, { note: ' ' });
  expect([bare.status, bare.text]).toEqual([
    422,
    expect.stringContaining('what was found or done'),
  ]);
  const after = await support.follow(support.post(path, { note: 'The endpoint has moved.' }));
  expect(after.text).toContain('Acknowledged last');
  expect(await idOf('D-7')).toBe('');
  const again = await support.post(path, { note: 'And again.' });
  expect([again.status, again.text]).toEqual([
    422,
    expect.stringContaining('was acknowledged by support.1'),
  ]);
  const { rows } = await gateway.db.query(
    `select actor, subject, detail->>'note' as note from audit_event where action = 'alarm.acknowledged'`,
  );
  expect(rows).toEqual([
    { actor: 'support.1', subject: 'delivery-parked/D-7', note: 'The endpoint has moved.' },
  ]);
});

it('the same fault is told again after that, and not before', async () => {
  await raise('D-8');
  await raise('D-7');
  expect(await gateway.count('alarm', `subject = 'D-8'`)).toBe(1);
  expect(await gateway.count('alarm', `subject = 'D-7'`)).toBe(2);
});

it('who only reads has no form, and is refused', async () => {
  const { text } = await treasury.get('/console/alarms');
  expect(text).toContain('>D-8<');
  expect(text).not.toContain('/acknowledge');
  const id = await idOf('D-8');
  expect((await treasury.post(`/console/alarms/${id}/acknowledge`, { note: 'No.' })).status).toBe(
    403,
  );
  expect(await idOf('D-8')).toBe(id);
});

it('what cannot be acknowledged is refused, and stays as it is', async () => {
  const alarms = gateway.app.get(Alarms, { strict: false });
  const open = await alarms.countOpen();
  const known = BigInt(await idOf('D-8'));
  const done = (await alarms.acknowledged())[0]?.id ?? 0n;
  for (const [id, note, code] of [
    [known, 'x'.repeat(501), 'alarm.note-missing'],
    [999_999n, 'Nothing.', 'alarm.unknown'],
    [done, 'Again.', 'alarm.already-acknowledged'],
  ] as const)
    await expect(alarms.acknowledge(id, note, 'support.1')).rejects.toMatchObject({ code });
  expect(await alarms.countOpen()).toBe(open);
});

describe('as commands', () => {
  const given = process.env;
  const alarms = (...words: string[]) => runCommand(registerAlarmCommands, 'alarms', ...words);
  beforeAll(() => {
    process.env = { ...given, DATABASE_URL: gateway.databaseUrl, SANDBOX: 'true' };
  });
  afterAll(() => {
    process.env = given;
  });

  it('they are listed and acknowledged, the note and the command in the trail', async () => {
    const id = await idOf('D-8');
    expect(await alarms('list')).toMatch(new RegExp(`^${id} .*delivery-parked +D-8 `, 'm'));
    expect(await alarms('acknowledge', id, '--note', 'Put back.')).toBe(
      `alarm ${id}: acknowledged\n`,
    );
    expect(await alarms('list')).not.toMatch(/ D-8 /);
    expect(
      await gateway.count('audit_event', `actor = 'cli' and subject = 'delivery-parked/D-8'`),
    ).toBe(1);
    await expect(alarms('acknowledge', id, '--note', 'Again.')).rejects.toThrow(
      'was acknowledged by cli',
    );
  });
});
