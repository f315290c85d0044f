/** The sealed record of a closed day as a printed document, and who took it is written down. */
import type { Writable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { subjectOf } from '../closing/day-record';
import { VerifyDay } from '../closing/verify-day';
import type { BusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import type { Language } from '../platform/locale/locale';
import { renderSealedDay } from './render-sealed-day';
import { ReportStore } from './report.store';

export interface SealedDayRequest {
  readonly day: BusinessDay;
  readonly language: Language;
  readonly askedBy: string;
}

@Injectable()
export class ExportSealedDay {
  constructor(
    private readonly verifying: VerifyDay,
    private readonly database: Database,
    private readonly store: ReportStore,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Ends `out`, a PDF. It says what was sealed; whether the rows are still so is asked of VerifyDay.
   * Refuses, before the first byte: day.not-closed, report.too-large.
   */
  async execute({ day, language, askedBy }: SealedDayRequest, out: Writable): Promise<void> {
    const sealed = await this.verifying.sealed(day);
    if (sealed === undefined)
      throw new Refusal('day.not-closed', `${day} is not closed`, 'not-found');
    const madeAt = await this.store.now(this.database.reader);
    await renderSealedDay(sealed, { language, askedBy, madeAt }, out);
    await this.database.transaction((tx) =>
      this.audit.record(tx, {
        actor: askedBy,
        action: 'day.exported',
        subject: subjectOf(day),
        detail: { format: 'pdf', digest: sealed.digest, seal: sealed.sealHash },
      }),
    );
  }
}
