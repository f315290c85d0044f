/**
 * Raises an alarm 60, 30, 14, 7 and 1 days before a certificate ends, so that no party stops overnight (K2): those of
 * the parties, and our own. Each warning is raised once, however often this runs and whoever acknowledged it.
 */
import { Injectable } from '@nestjs/common';
import { instantFromIso } from '../kernel/clock';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Secrets } from '../platform/config/secrets';
import { Database } from '../platform/database/database';
import { CertificateStore } from './certificate.store';
import { warningDays, warningDue } from './party-key.rules';

@Injectable()
export class WarnOfExpiry {
  constructor(
    private readonly database: Database,
    private readonly store: CertificateStore,
    private readonly audit: AuditTrail,
    private readonly secrets: Secrets,
  ) {}

  /** Returns how many alarms were raised now. */
  async execute(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const now = await this.store.now(tx);
      const { gateway, gatewayEc } = this.secrets;
      const own = [gateway, ...(gatewayEc === undefined ? [] : [gatewayEc])];
      const ending = [
        ...own.map(({ certificate }) => ({
          partyCode: 'gateway',
          fingerprint: certificate.fingerprint,
          notAfter: instantFromIso(certificate.notAfter),
        })),
        ...(await this.store.endingWithin(tx, warningDays[0])),
      ];
      let raised = 0;
      for (const { partyCode, fingerprint, notAfter } of ending) {
        const days = warningDue(notAfter, now);
        if (days === undefined) continue;
        const isRaised = await this.audit.raiseAlarmOnce(tx, {
          kind: 'certificate-expiring',
          subject: `${partyCode} ${fingerprint} ${String(days)}`,
          detail: `the certificate ${fingerprint} of ${partyCode} is valid to ${notAfter.toISOString()}`,
        });
        if (isRaised) raised += 1;
      }
      return raised;
    });
  }
}
