/**
 * Scheduled reports go out by e-mail over a real SMTP server: once for each day they are due, also while the server was
 * away, with an alarm from the first failure on.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parse } from 'csv-parse/sync';
import { SMTPServer } from 'smtp-server';
import { ManageSchedules, type ScheduleInput } from '../../src/reports/manage-schedules';
import { SendDueReports } from '../../src/reports/send-due-reports';
import { TestGateway } from '../support/gateway';

interface Received {
  readonly to: readonly string[];
  readonly content: string;
}

class PostBox {
  readonly received: Received[] = [];
  private server: SMTPServer | undefined;
  port = 0;

  async open(): Promise<void> {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          this.received.push({
            to: session.envelope.rcptTo.map(({ address }) => address),
            content: Buffer.concat(parts).toString('utf8'),
          });
          done();
        });
      },
      onRcptTo: ({ address }, _session, done) => {
        done(address.startsWith('nobody@') ? new Error('no such box') : null);
      },
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server.server, 'listening');
    this.port = (this.server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.server === undefined) resolve();
      else this.server.close(resolve);
    });
    this.server = undefined;
  }
}

const box = new PostBox();
let gateway: TestGateway;

const input: ScheduleInput = {
  name: 'daily-collections',
  report: 'collections',
  parameters: { by: 'gfs' },
  format: 'csv',
  recipients: ['hazina@example.go.tz', 'mkaguzi@example.go.tz'],
  frequency: 'daily',
  at: '07:00',
  language: 'sw',
};

const schedules = () => gateway.app.get(ManageSchedules, { strict: false });
const sendDue = () => gateway.app.get(SendDueReports, { strict: false }).execute();
const sendings = async () =>
  (
    await gateway.db.query<{ name: string; day: string; state: string; attempts: number }>(
      `select s.name, n.due_day::text as day, n.state, n.attempt_count as attempts
         from report_sending n join report_schedule s on s.id = n.schedule_id order by n.due_day, s.name`,
    )
  ).rows;

beforeAll(async () => {
  await box.open();
  gateway = await TestGateway.start(undefined, {
    mail: {
      url: `smtp://127.0.0.1:${String(box.port)}`,
      from: 'malipo@example.go.tz',
      mayBePlain: true,
    },
    isIdle: true,
  });
  await gateway.setClock('2026-11-24T03:00:00Z');
  await gateway.party('SP70101');
}, 60_000);

afterAll(async () => {
  await gateway.stop();
  await box.close();
});

describe('a schedule', () => {
  it('is refused with a bad time, a bad address, days of its own, or a taken name', async () => {
    const refused = async (more: Partial<ScheduleInput>, code: string) => {
      await expect(
        schedules().add({ ...input, ...more }, 'everybody', 'amina'),
      ).rejects.toMatchObject({ code });
    };
    await refused({ at: '25:00' }, 'schedule.time-malformed');
    await refused({ recipients: ['x'] }, 'schedule.recipients-malformed');
    await refused({ name: 'A b' }, 'schedule.name-malformed');
    await refused({ parameters: { from: '2026-11-01' } }, 'report.parameter-refused');
    await refused({ parameters: { bank: 'x' } }, 'report.parameter-refused');
    await refused({ report: 'statement', parameters: {} }, 'report.party-missing');
    await schedules().add(input, 'everybody', 'amina');
    await refused({}, 'schedule.name-taken');
  });

  it('of an institution is about that institution, and only it sees and removes it', async () => {
    const { rows } = await gateway.db.query<{ id: number }>(
      `select id from party where code = 'SP70101'`,
    );
    const scope = { partyId: rows[0]?.id ?? 0 };
    const others = { partyId: scope.partyId + 999 };
    const own = { ...input, name: 'own', report: 'statement', parameters: {} } as const;
    await expect(
      schedules().add({ ...own, report: 'in-transit' }, scope, 'juma'),
    ).rejects.toMatchObject({ code: 'report.not-yours' });
    await schedules().add(own, scope, 'juma');
    expect((await schedules().list(scope)).map(({ name }) => name)).toEqual(['own']);
    expect(await schedules().list(others)).toEqual([]);
    await expect(schedules().remove('own', others, 'x')).rejects.toMatchObject({
      code: 'schedule.unknown',
    });
    await schedules().remove('own', scope, 'juma');
    expect((await schedules().list('everybody')).map(({ name }) => name)).toEqual([
      'daily-collections',
    ]);
    expect(await gateway.count('audit_event', `action like 'report-schedule.%'`)).toBe(3);
  });
});

describe('a report that is due', () => {
  it('is sent once, with its file, in its language', async () => {
    await sendDue();
    expect(await sendings()).toEqual([]);
    await gateway.setClock('2026-11-24T04:00:30Z');
    await Promise.all([sendDue(), sendDue()]);
    await sendDue();
    expect(await sendings()).toEqual([
      { name: 'daily-collections', day: '2026-11-24', state: 'sent', attempts: 1 },
    ]);
    expect(box.received).toHaveLength(1);
    const [{ to, content } = { to: [], content: '' }] = box.received;
    expect(to).toEqual(input.recipients);
    expect(content).toContain('Subject: Makusanyo, 23/11/2026');
    expect(content).toContain('filename=collections-2026-11-23.csv');
    const encoded = /Content-Disposition: attachment[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(
      content,
    );
    const file = Buffer.from(encoded?.[1] ?? '', 'base64').toString('utf8');
    expect(parse(file, { bom: true })).toEqual([
      [
        'Kipindi',
        'Kasma (GFS)',
        'Sarafu',
        'Maingizo',
        'Kilichokusanywa',
        'Kilichorudishwa',
        'Halisi',
      ],
    ]);
    const { rows } = await gateway.db.query<{ digest: string }>(
      `select digest from report_sending`,
    );
    expect(content.replaceAll('=\r\n', '')).toContain(rows[0]?.digest);
    expect(createHash('sha256').update('').digest('hex')).not.toBe(rows[0]?.digest);
  });

  it('waits while the server is away, raises one alarm, and goes out when it is back', async () => {
    await box.close();
    await gateway.setClock('2026-11-25T04:00:30Z');
    expect(await sendDue()).toBe(1);
    expect(await sendDue()).toBe(0);
    await gateway.setClock('2026-11-25T04:02:00Z');
    expect(await sendDue()).toBe(1);
    expect((await sendings()).at(-1)).toMatchObject({ state: 'waiting', attempts: 2 });
    expect(await gateway.count('alarm', `kind = 'report-not-sent'`)).toBe(1);
    await box.open();
    expect(await sendDue()).toBe(0);
    await gateway.setClock('2026-11-25T04:08:00Z');
    expect(await sendDue()).toBe(1);
    expect((await sendings()).at(-1)).toMatchObject({ state: 'sent', attempts: 3 });
    expect(box.received).toHaveLength(2);
  });

  it('is given up after eight attempts, and the next day begins anew', async () => {
    await box.close();
    await gateway.setClock('2026-11-26T04:00:30Z');
    for (let attempt = 1; attempt <= 8; attempt++) {
      await gateway.db.query(
        `update report_sending set next_attempt_at = gateway_now() where state = 'waiting'`,
      );
      expect(await sendDue()).toBe(1);
    }
    expect((await sendings()).at(-1)).toMatchObject({ state: 'failed', attempts: 8 });
    expect(await sendDue()).toBe(0);
    await box.open();
    await gateway.setClock('2026-11-27T04:00:30Z');
    expect(await sendDue()).toBe(1);
    expect((await sendings()).at(-1)).toMatchObject({ day: '2026-11-27', state: 'sent' });
  });

  it('that a server takes for some only counts as not sent', async () => {
    await schedules().remove(input.name, 'everybody', 'amina');
    const recipients = ['hazina@example.go.tz', 'nobody@example.go.tz'];
    await schedules().add({ ...input, recipients, format: 'pdf' }, 'everybody', 'amina');
    await gateway.setClock('2026-11-28T04:00:30Z');
    await sendDue();
    expect((await sendings()).at(-1)).toMatchObject({ state: 'waiting', attempts: 1 });
    const { rows } = await gateway.db.query<{ reason: string }>(
      `select reason from report_sending where state = 'waiting'`,
    );
    expect(rows[0]?.reason).toContain('nobody@example.go.tz');
  });
});
