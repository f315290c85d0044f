/** Officers: signing in, and what two of them must do together. One gateway; the clock is set to see sessions end. */
import { generateSync } from 'otplib/functional';
import { Approvals } from '../../src/officers/approvals';
import { ManageOfficers } from '../../src/officers/manage-officers';
import { type Session, Sessions } from '../../src/officers/sessions';
import { SignIn } from '../../src/officers/sign-in';
import { Database, type Tx } from '../../src/platform/database/database';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

let gateway: TestGateway;
let officers: ManageOfficers;
let signIn: SignIn;
let sessions: Sessions;
let approvals: Approvals;

beforeAll(async () => {
  gateway = await TestGateway.start();
  officers = gateway.app.get(ManageOfficers, { strict: false });
  signIn = gateway.app.get(SignIn, { strict: false });
  sessions = gateway.app.get(Sessions, { strict: false });
  approvals = gateway.app.get(Approvals, { strict: false });
});

afterAll(() => gateway.stop());

let address = 0;
/** Another address each time, so that the limit of one does not meet the next test. */
const from = () => `192.0.2.${String(++address % 250)}`;

async function sessionOf(token: string): Promise<Session> {
  const session = await sessions.find(token);
  if (session === undefined) throw new Error('the session does not hold');
  return session;
}

/** Ten minutes from the real clock are twenty steps of a code. */
const codeOf = (secret: string, ahead = 0) =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + ahead * 30 });

const change = async (work: (tx: Tx) => Promise<unknown>) =>
  gateway.app.get(Database, { strict: false }).transaction(work);

describe('the first sign-in of an administrator', () => {
  let first: string;

  beforeAll(async () => {
    const wanted = { name: 'admin.one', fullName: 'First administrator', role: 'administrator' };
    first = (await officers.create(wanted, 'test')).password;
  });

  it('asks for an authenticator, then for another password, and only then opens', async () => {
    const waiting = await sessionOf(await signIn.withPassword('admin.one', first, from()));
    expect(waiting.step).toBe('set-up-code');
    const { secret, address: uri } = await signIn.offerCode(waiting);
    expect(uri).toContain(`secret=${secret}`);
    expect((await signIn.offerCode(waiting)).secret).toBe(secret);

    const token = await signIn.withCode(waiting, codeOf(secret), from());
    const withCode = await sessionOf(token);
    expect(withCode.step).toBe('change-password');
    await expect(signIn.offerCode(withCode)).rejects.toThrow('sign-in.code-known');
    const next = 'a long sentence of mine';
    await expect(
      signIn.changePassword(withCode, { old: first, next: 'short' }, from()),
    ).rejects.toThrow('password.unacceptable');
    await expect(signIn.changePassword(withCode, { old: 'wrong', next }, from())).rejects.toThrow(
      'sign-in.refused',
    );
    const opened = await signIn.changePassword(withCode, { old: first, next }, from());
    expect((await sessionOf(opened)).step).toBe('open');
    expect(await sessions.find(token)).toBeUndefined();

    const again = await sessionOf(await signIn.withPassword('admin.one', next, from()));
    expect(again.step).toBe('give-code');
    await expect(signIn.withCode(again, codeOf(secret), from())).rejects.toThrow('sign-in.refused');
    const inside = await signIn.withCode(again, codeOf(secret, 1), from());
    expect((await sessionOf(inside)).step).toBe('open');
    await signIn.signOut(await sessionOf(inside));
    expect(await sessions.find(inside)).toBeUndefined();
  });

  it('is recovered by another administrator, never by himself', async () => {
    await expect(officers.reset('admin.one', 'admin.one')).rejects.toThrow('officer.own-account');
    const { password } = await officers.reset('admin.one', 'cli');
    expect((await sessionOf(await signIn.withPassword('admin.one', password, from()))).step).toBe(
      'set-up-code',
    );
  });
});

describe('guessing', () => {
  it('is answered alike for a wrong password, a name that nobody has and a disabled officer', async () => {
    const password = await makeOfficer(gateway.app, 'gone', 'support');
    await officers.setStatus('gone', 'disabled', 'test');
    for (const [name, word] of [
      ['gone', password],
      ['nobody', password],
      ['Not A Name', password],
    ] as const) {
      await expect(signIn.withPassword(name, word, from())).rejects.toThrow('sign-in.refused');
    }
  });

  it('makes the account pause from the fifth failure on, also for the right password', async () => {
    const password = await makeOfficer(gateway.app, 'guessed', 'support');
    const wrong = () =>
      signIn.withPassword('guessed', 'wrong', from()).then(
        () => 'in',
        (fault: unknown) => (fault as Error).message,
      );
    const answers = await Promise.all([1, 2, 3, 4, 5].map(wrong));
    expect(new Set(answers).size).toBe(1);
    await expect(signIn.withPassword('guessed', password, from())).rejects.toThrow(
      'sign-in.refused',
    );
    await gateway.db.query(
      `update officer set locked_until = gateway_now() where name = 'guessed'`,
    );
    expect(await signIn.withPassword('guessed', password, from())).toHaveLength(43);
    expect(await gateway.count('officer', `name = 'guessed' and failed_count = 0`)).toBe(1);
  });

  it('from one address has so many attempts', async () => {
    const tries = Array.from({ length: 61 }, () => signIn.withPassword('X', 'x', '198.51.100.1'));
    const answers = await Promise.allSettled(tries);
    const limited = answers.filter(
      (each) =>
        each.status === 'rejected' && (each.reason as Error).message.includes('sign-in.limited'),
    );
    expect(limited.length).toBeGreaterThan(0);
  });

  it('leaves no typed name behind', async () => {
    await expect(signIn.withPassword('my-secret-word', 'x', from())).rejects.toThrow();
    expect(await gateway.count('audit_event', `subject = 'my-secret-word'`)).toBe(0);
    expect(
      await gateway.count('audit_event', `action = 'officer.sign-in-refused'`),
    ).toBeGreaterThan(0);
  });
});

it('a session ends by being idle, and with what its officer may', async () => {
  const password = await makeOfficer(gateway.app, 'idle', 'support');
  const token = await signIn.withPassword('idle', password, from());
  const { id } = await sessionOf(token);
  await gateway.db.query(
    `update officer_session set last_seen_at = gateway_now() - interval '14 minutes 59 seconds' where id = $1`,
    [id],
  );
  expect(await sessions.find(token)).toBeDefined();
  await gateway.db.query(
    `update officer_session set last_seen_at = gateway_now() - interval '15 minutes' where id = $1`,
    [id],
  );
  expect(await sessions.find(token)).toBeUndefined();

  const other = await signIn.withPassword('idle', password, from());
  const { officer } = await sessionOf(other);
  expect(await sessions.openOf(officer.id)).toHaveLength(1);
  await gateway.app
    .get(Database, { strict: false })
    .transaction((tx) => officers.changeRole(tx, 'idle', { role: 'auditor' }, 'test'));
  expect(await sessions.find(other)).toBeUndefined();
  expect(await officers.endSessions('idle', 'idle')).toBe(0);
  expect(await sessions.find('no token at all')).toBeUndefined();
});

it.each([
  [{ name: 'X', role: 'support' }, 'officer.name-malformed'],
  [{ name: 'taken', role: 'support' }, 'officer.name-taken'],
  [{ name: 'newcomer', role: 'king' }, 'officer.role-unknown'],
  [{ name: 'newcomer', role: 'institution-officer' }, 'officer.party-wrong'],
  [{ name: 'newcomer', role: 'support', partyCode: 'SP1' }, 'officer.party-wrong'],
  [{ name: 'newcomer', role: 'institution-officer', partyCode: 'SP0' }, 'party.unknown'],
  [{ name: 'newcomer', role: 'support', fullName: ' ' }, 'officer.full-name-missing'],
])('%j is no new officer: %s', async (wanted, code) => {
  if (code === 'officer.name-taken') await makeOfficer(gateway.app, 'taken', 'support');
  await expect(officers.create({ fullName: 'Somebody', ...wanted }, 'test')).rejects.toThrow(code);
});

it('an officer’s language is remembered', async () => {
  await makeOfficer(gateway.app, 'speaker', 'support');
  await officers.setLanguage('speaker', 'sw');
  expect((await officers.find('speaker')).language).toBe('sw');
  await expect(officers.setLanguage('speaker', 'fr')).rejects.toThrow('officer.language-unknown');
  await expect(officers.find('nobody')).rejects.toThrow('officer.unknown');
});

describe('what takes two officers', () => {
  const done: unknown[] = [];
  let isBroken = false;

  const request = (by: string): Promise<string> =>
    gateway.app.get(Database, { strict: false }).transaction((tx) =>
      approvals.request(tx, {
        action: 'payments.reverse',
        subject: 'test:1',
        content: { b: '2', a: 1 },
        requestedBy: by,
      }),
    );

  beforeAll(async () => {
    // The gateway has an executor of its own; this one tells what it was given.
    (Reflect.get(approvals, 'executors') as Map<string, object>).delete('payments.reverse');
    approvals.register('payments.reverse', {
      execute: async (tx, content, by) => {
        await tx.query(`select set_config('malipo.test', 'x', true)`);
        if (isBroken) throw new Error('broken');
        done.push({ content, by });
      },
    });
    await makeOfficer(gateway.app, 'maker', 'treasury-officer');
    await makeOfficer(gateway.app, 'checker', 'treasury-approver');
    await makeOfficer(gateway.app, 'other', 'treasury-approver');
    await makeOfficer(gateway.app, 'reader', 'auditor');
  });

  it('is carried out once, as it was asked, by another officer who may', async () => {
    const id = await request('maker');
    await expect(request('reader')).rejects.toThrow('approval.officer-unfit');
    await expect(approvals.approve(id, 'maker')).rejects.toThrow('approval.own-request');
    await expect(approvals.approve(id, 'reader')).rejects.toThrow('approval.officer-unfit');
    expect(done).toEqual([]);

    const both = await Promise.allSettled([
      approvals.approve(id, 'checker'),
      approvals.approve(id, 'other'),
    ]);
    expect(both.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    await expect(approvals.approve(id, 'checker')).rejects.toThrow('approval.decided');
    const { decidedBy, digest } = await approvals.find(id);
    expect(done).toEqual([
      { content: { a: 1, b: '2' }, by: { requestedBy: 'maker', approvedBy: decidedBy } },
    ]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(
      await gateway.count('audit_event', `action like 'approval.%' and subject = 'test:1'`),
    ).toBe(2);
  });

  it('waits when carrying it out fails, and can be declined with a reason', async () => {
    const id = await request('maker');
    isBroken = true;
    await expect(approvals.approve(id, 'checker')).rejects.toThrow('broken');
    isBroken = false;
    expect((await approvals.waiting()).map((each) => each.id)).toEqual([id]);
    await expect(approvals.decline(id, 'checker', ' ')).rejects.toThrow('approval.reason-missing');
    await approvals.decline(id, 'checker', 'no');
    expect((await approvals.ofSubject('test:1')).map((each) => each.state)).toEqual([
      'approved',
      'declined',
    ]);
    expect((await approvals.latest(1))[0]?.reason).toBe('no');
    await expect(approvals.find('x')).rejects.toThrow('approval.unknown');
  });

  it('is not carried out for a maker who was disabled meanwhile', async () => {
    const id = await request('maker');
    await officers.setStatus('maker', 'disabled', 'test');
    await expect(approvals.approve(id, 'checker')).rejects.toThrow('approval.officer-unfit');
    await officers.setStatus('maker', 'active', 'test');
    await approvals.approve(id, 'checker');
  });

  it.each([
    [`update approval_request set content = '{}'`, 'decided once'],
    [`delete from approval_request`, 'is kept'],
  ])('is kept by the database: %s', async (statement, reason) => {
    await expect(change((tx) => tx.query(statement))).rejects.toThrow();
    await expect(gateway.db.query(statement)).rejects.toThrow(reason);
  });

  it('is decided by nobody who asked for it, whoever writes to the table', async () => {
    const id = await request('maker');
    const decide = (set: string) =>
      gateway.db.query(`update approval_request set ${set} where id = $1`, [id]);
    await expect(
      decide(`state = 'approved', decided_by = 'maker', decided_at = gateway_now()`),
    ).rejects.toThrow('approval_request_two_officers_check');
    await expect(decide(`content = '{}'`)).rejects.toThrow('what was asked for');
  });
});
