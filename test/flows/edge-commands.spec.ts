/**
 * What an operator does with deliveries and API keys at the command line: what is printed, what it leaves in the
 * database, and the sentence that each mistake gets.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { md, pki } from 'node-forge';
import { registerApiKeyCommands } from '../../src/cli/api-keys.commands';
import { registerDeliveryCommands } from '../../src/cli/deliveries.commands';
import type * as RunCommand from '../../src/cli/run-command';
import { ask } from '../api/support';
import { runCommand } from '../support/command';
import { acknowledge, fail, Outbox, until } from '../support/outbox';

let box: Outbox;
const folder = mkdtempSync(join(tmpdir(), 'malipo-commands-'));

/** The gateway of this spec in place of one that each command opens for itself, which takes a second. */
jest.mock('../../src/cli/run-command', () => ({
  ...jest.requireActual<typeof RunCommand>('../../src/cli/run-command'),
  withApp: (work: (app: INestApplicationContext) => Promise<void>) => work(box.gateway.app),
}));

const deliveries = (...words: string[]) =>
  runCommand(registerDeliveryCommands, 'deliveries', ...words);
const keys = (...words: string[]) => runCommand(registerApiKeyCommands, 'api-key', ...words);

interface Listed {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly state: string;
}

async function list(...words: string[]): Promise<readonly Listed[]> {
  return JSON.parse(await deliveries('list', '--json', ...words)) as readonly Listed[];
}

function authority(): string {
  const keys = pki.rsa.generateKeyPair(2_048);
  const certificate = pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  const subject = [{ name: 'commonName', value: 'Authority of a test' }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([{ name: 'basicConstraints', cA: true }]);
  certificate.sign(keys.privateKey, md.sha256.create());
  return pki.certificateToPem(certificate);
}

const actions = async (subject: string): Promise<string[]> => {
  const { rows } = await box.gateway.db.query<{ action: string }>(
    `select action from audit_event where subject = $1 and actor = 'cli' order by id`,
    [subject],
  );
  return rows.map(({ action }) => action);
};

beforeAll(async () => {
  box = await Outbox.open();
});
beforeEach(() => box.begin());
afterEach(() => box.end());
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await box.close();
});

describe('deliveries', () => {
  it('are listed, each try is shown, and what a stranger answered cannot command the terminal', async () => {
    expect(await deliveries('list')).toMatch(/^id +to +kind +subject +state +tries +last outcome/);
    box.bad.answer = (_request, response) => response.writeHead(500).end('\u001b[2Jgone\nnow');
    await box.owe('SP70202', box.bad.url, ['C-1']);
    await until('it is tried', box.isAttempted('C-1'));
    const { id } = await box.rowOf('C-1');
    expect(await list('--recipient', 'SP70202', '--state', 'ready')).toMatchObject([
      { id, recipient: 'SP70202', subject: 'C-1', state: 'ready' },
    ]);
    expect(await list('--recipient', 'SP70101', '--limit', '1')).toEqual([]);
    expect(await deliveries('list')).toMatch(new RegExp(`${id} +SP70202 +bills-answered +C-1 `));
    const printed = await deliveries('attempts', '--id', id);
    expect(printed).toContain('bills-answered to SP70202 about C-1: ready, next at 2026-11-24T');
    expect(printed).toMatch(/ 500 +http-500 +.*gone now/);
    expect(printed).not.toContain('\u001b');
    expect(JSON.parse(await deliveries('attempts', '--json', '--id', id))).toMatchObject({
      delivery: { id },
      attempts: [{ attempt: 1, httpStatus: 500, answer: '\u001b[2Jgone\nnow' }],
    });
  });

  it('are parked with a reason, put back, and sent again with the same bytes', async () => {
    box.bad.answer = fail;
    await box.owe('SP70202', box.bad.url, ['C-2']);
    await until('it is tried', box.isAttempted('C-2'));
    const { id } = await box.rowOf('C-2');
    await until('it waits', async () => (await box.rowOf('C-2')).state === 'ready');
    expect(await deliveries('park', '--id', id, '--reason', 'kosa la anwani')).toBe(
      `delivery ${id} is parked.\n`,
    );
    await expect(deliveries('park', '--id', id, '--reason', 'x')).rejects.toMatchObject({
      code: 'delivery.not-waiting',
    });
    box.bad.answer = acknowledge;
    expect(await deliveries('unpark', '--id', id)).toBe('1 delivery is due again.\n');
    await until('it arrives', box.isIn('C-2', 'delivered'));
    expect(await deliveries('unpark', '--recipient', 'SP70202')).toMatch(
      /^\d+ deliver(y is|ies are) due again\.\n$/,
    );
    const before = box.bad.of('C-2').length;
    expect(await deliveries('resend', '--subject', 'C-2')).toBe('1 delivery is due again.\n');
    await until('it comes again', () => box.bad.of('C-2').length > before);
    const bodies = box.bad.of('C-2').map(({ body }) => body.toString('hex'));
    expect(new Set(bodies).size).toBe(1);
    expect(await actions(id)).toEqual(['delivery.parked', 'delivery.unparked']);
    expect(await actions('C-2')).toEqual(['delivery.resent']);
  });

  it('of a recipient that is down show until when it is left alone', async () => {
    await box.gateway.db.query(
      `insert into delivery_breaker (recipient_id, endpoint, opened_at, open_until, pause_ms, last_outcome)
       values ($1, '', gateway_now(), gateway_now() + interval '1 hour', 3600000, 'timed-out')`,
      [box.ids['SP70202']],
    );
    expect(await deliveries('down')).toMatch(/SP70202 .*2026-11-24T.* timed-out +\d+/);
    expect(JSON.parse(await deliveries('down', '--json'))).toMatchObject([{ code: 'SP70202' }]);
  });

  it('can be made to show an authority of their own, and the public ones again', async () => {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, authority());
    expect(await deliveries('pin', '--party', 'SP70202', '--ca', file)).toBe(
      'SP70202 must show a certificate of this authority.\n',
    );
    expect(await deliveries('pin', '--party', 'SP70202')).toBe(
      'SP70202 must show a certificate of a public authority.\n',
    );
    expect(await actions('SP70202')).toEqual(
      expect.arrayContaining(['delivery.authority-pinned', 'delivery.authority-unpinned']),
    );
    writeFileSync(file, 'no certificate');
    await expect(deliveries('pin', '--party', 'SP70202', '--ca', file)).rejects.toMatchObject({
      code: 'delivery.authority-malformed',
    });
  });

  it.each<[string, readonly string[], unknown]>([
    ['an id that is none', ['attempts', '--id', 'x'], { code: 'commander.invalidArgument' }],
    ['an id that nobody has', ['attempts', '--id', '999999'], { code: 'delivery.unknown' }],
    ['a state that is none', ['list', '--state', 'lost'], { code: 'commander.invalidArgument' }],
    ['nothing to send', ['resend'], { code: 'commander.error' }],
    [
      'two things to send',
      ['resend', '--id', '1', '--day', '2026-11-24'],
      { code: 'commander.error' },
    ],
    ['a range of nobody', ['resend', '--from', '1'], { code: 'commander.error' }],
    [
      'a party that is none',
      ['resend', '--day', '2026-11-24', '--recipient', 'SP1'],
      { code: 'party.unknown' },
    ],
    ['a day that is none', ['resend', '--day', '2026-02-30'], { code: 'day.malformed' }],
    ['no reason', ['park', '--id', '1'], { code: 'commander.missingMandatoryOptionValue' }],
    ['both', ['unpark', '--id', '1', '--recipient', 'SP70202'], { code: 'commander.error' }],
    [
      'a file that is none',
      ['pin', '--party', 'SP70202', '--ca', '/nowhere.pem'],
      { code: 'delivery.authority-malformed' },
    ],
    ['nobody', ['pin', '--party', 'SP1'], { code: 'party.unknown' }],
  ])('refuse %s in a sentence', async (_what, words, fault) => {
    await expect(deliveries(...words)).rejects.toMatchObject(fault as object);
  });
});

describe('API keys', () => {
  it('are shown once, open what they say, and end', async () => {
    const printed = await keys(
      'create',
      '--party',
      'SP70101',
      '--scope',
      'bills:read,payments:read',
      '--days',
      '2',
    );
    const [key = '', about = ''] = printed.split('\n');
    const [, id = ''] = /^ {2}id (\S+), for bills:read, payments:read$/.exec(about) ?? [];
    expect(printed).toContain('holds until 2026-11-26T');
    const status = async (path: string) => (await ask(box.gateway.url, path, { key })).status;
    expect(await Promise.all([status('/v1/bills'), status('/v1/events')])).toEqual([200, 403]);
    const shown = await keys('list', '--party', 'SP70101');
    expect(shown).toMatch(new RegExp(`${id} +active +2026-11-26T.* bills:read payments:read`));
    expect(shown).not.toContain(key);
    expect(await keys('revoke', '--id', id)).toBe(`${id} is revoked.\n`);
    expect(JSON.parse(await keys('revoke', '--json', '--id', id))).toEqual({ id, revoked: false });
    expect(await actions('SP70101')).toEqual(['api-key.created', 'api-key.revoked']);
    await until('it opens nothing', async () => (await status('/v1/bills')) === 401);
    expect(await keys('list', '--party', 'SP70202')).toBe('SP70202 has no keys.\n');
    const asJson = JSON.parse(
      await keys('create', '--party', 'PSP701', '--scope', 'enquiries:read', '--json'),
    ) as object;
    expect(Object.keys(asJson).sort()).toEqual(['expiresAt', 'id', 'key', 'scopes']);
  });

  it.each<[string, readonly string[], unknown]>([
    ['nobody', ['create', '--party', 'SP1', '--scope', 'bills:read'], { code: 'party.unknown' }],
    [
      'a scope of others',
      ['create', '--party', 'SP70101', '--scope', 'enquiries:read'],
      { code: 'api-key.scope-unknown' },
    ],
    [
      'for ever',
      ['create', '--party', 'SP70101', '--scope', 'bills:read', '--days', '9999'],
      { code: 'api-key.expiry-unacceptable' },
    ],
    [
      'days that are none',
      ['create', '--party', 'SP70101', '--scope', 'bills:read', '--days', '-1'],
      { code: 'commander.invalidArgument' },
    ],
    ['no party', ['list'], { code: 'commander.missingMandatoryOptionValue' }],
    ['a key that is none', ['revoke', '--id', 'x'], { code: 'api-key.unknown' }],
  ])('refuse %s in a sentence', async (_what, words, fault) => {
    await expect(keys(...words)).rejects.toMatchObject(fault as object);
  });
});
