/**
 * Sends the scheduled reports that are due. Each day of a schedule is one row, claimed by its key, so none is made twice;
 * no transaction is open while a mail is sent. A process that is killed between the server's answer and its record sends
 * the same mail again, under the same Message-ID: rather twice than never. What cannot be sent is tried again at longer
 * and longer pauses for eight hours; from the first failure on there is an alarm.
 */
import { Writable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { Mailer } from '../platform/mail/mailer';
import { writtenCell } from './cell-text.rules';
import { ExportReport, mediaTypes } from './export-report';
import { catalogue } from './report-catalogue';
import { word } from './report-words';
import { ReportStore } from './report.store';
import { lastDue, pauseAfter } from './schedule.rules';
import { ScheduleStore, type Sending } from './schedule.store';

/** What mail servers take, with a third more for its encoding. */
const mostBytes = 15 * 1_048_576;

@Injectable()
export class SendDueReports {
  constructor(
    private readonly database: Database,
    private readonly schedules: ScheduleStore,
    private readonly reports: ReportStore,
    private readonly exporter: ExportReport,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns how many were tried. */
  async execute(): Promise<number> {
    await this.claimDue();
    let tried = 0;
    for (; tried < 50; tried++) {
      const sending = await this.database.transaction((tx) => this.schedules.take(tx));
      if (sending === undefined) break;
      await this.sendOne(sending);
    }
    return tried;
  }

  private async claimDue(): Promise<void> {
    const all = await this.schedules.list(this.database.reader, null);
    const schedules = all.filter(({ pausedAt }) => pausedAt === null);
    if (schedules.length === 0) return;
    await this.database.transaction(async (tx) => {
      const now = await this.reports.now(tx);
      for (const { id, frequency, minuteOfDay, activeSince } of schedules) {
        const due = lastDue(frequency, minuteOfDay, now);
        if (due.dueAtMs >= activeSince.getTime()) await this.schedules.claim(tx, id, due);
      }
    });
  }

  private async sendOne(sending: Sending): Promise<void> {
    try {
      const digest = await this.make(sending);
      await this.database.transaction((tx) => this.schedules.sent(tx, sending, digest));
    } catch (fault) {
      const reason = fault instanceof Refusal ? fault.detail : String(fault).slice(0, 500);
      // What is refused today is refused in an hour, except for want of room.
      const isFinal = fault instanceof Refusal && fault.kind !== 'limited';
      await this.database.transaction(async (tx) => {
        const pauseMinutes = isFinal ? undefined : pauseAfter(sending.attempt);
        await this.schedules.failed(tx, sending, { reason, pauseMinutes });
        await this.audit.raiseAlarm(tx, {
          kind: 'report-not-sent',
          subject: `${sending.name} ${sending.dueDay}`,
          detail: `the report ${sending.name} of ${sending.dueDay} was not sent: ${reason}`,
        });
      });
    }
  }

  private async make(sending: Sending): Promise<string> {
    const { report: name, format, language, from, to, owner, partyId } = sending;
    const days = catalogue[name].isOfOneDay ? { to } : { from, to };
    const parts: Buffer[] = [];
    let size = 0;
    const into = new Writable({
      write(part: Buffer, _encoding, done) {
        size += part.length;
        if (size <= mostBytes) parts.push(part);
        done();
      },
    });
    const { digest, rowCount } = await this.exporter.execute(
      {
        name,
        parameters: { ...sending.parameters, ...days },
        scope: partyId === null ? 'everybody' : { partyId },
        askedBy: owner,
        language,
      },
      format,
      into,
    );
    if (size > mostBytes)
      throw new Refusal(
        'report.too-large',
        `the report is larger than ${String(mostBytes / 1_048_576)} MB, which no mail carries`,
        'too-large',
      );
    const title = word(language, `title.${name}`);
    const written = [from, to].map((day) => writtenCell(day, 'day'));
    const period = from === to ? (written[0] ?? '') : written.join(' – ');
    const values = { title, period, rows: String(rowCount), digest, schedule: sending.name, owner };
    await this.mailer.send({
      messageId: `<${sending.id}.${sending.dueDay}@malipo>`,
      to: sending.recipients,
      subject: word(language, 'mail.subject', values),
      text: word(language, 'mail.text', values),
      attachment: {
        fileName: `${name}-${from}${from === to ? '' : `-${to}`}.${format}`,
        mediaType: mediaTypes[format],
        content: Buffer.concat(parts),
      },
    });
    return digest;
  }
}
