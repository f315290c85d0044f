/**
 * The certification authority that a recipient's endpoint must show from now on, instead of the public ones
 * (security-reliability O7); or the public ones again. Audited with the fingerprint.
 */
import { X509Certificate } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { PartyDirectory } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { ReviewStore } from './review.store';

@Injectable()
export class PinAuthority {
  constructor(
    private readonly database: Database,
    private readonly store: ReviewStore,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** `pem` null for the public ones. Refuses: party.unknown, delivery.authority-malformed. */
  async execute(code: string, pem: string | null, actor: string): Promise<void> {
    const party = await this.directory.find(code);
    if (party === undefined)
      throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
    const fingerprint = pem === null ? null : fingerprintOf(pem);
    await this.database.transaction(async (tx) => {
      await this.store.pin(tx, party.id, pem);
      await this.audit.record(tx, {
        actor,
        action: pem === null ? 'delivery.authority-unpinned' : 'delivery.authority-pinned',
        subject: code,
        detail: { fingerprint },
      });
    });
  }
}

function fingerprintOf(pem: string): string {
  let certificate: X509Certificate | undefined;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    // Said below, in one sentence for every way of being unreadable.
  }
  if (certificate?.ca !== true) {
    throw new Refusal(
      'delivery.authority-malformed',
      'the file is not the PEM certificate of a certification authority',
    );
  }
  return certificate.fingerprint256;
}
