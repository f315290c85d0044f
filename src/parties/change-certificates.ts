/**
 * Key rotation of a party without a gap: the new certificate is added, both are accepted for a while, the old one is
 * retired (gepg-decisions F4). The directory keeps a party for five seconds, so a change holds everywhere after that.
 */
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../platform/audit/audit-trail';
import { type CertificateFacts, readCertificate } from '../platform/crypto/certificate';
import { Database, type Reader, type Tx } from '../platform/database/database';
import { instantFromIso } from '../kernel/clock';
import { Refusal } from '../kernel/refusal';
import { AdmitCertificate } from './admit-certificate';
import { CertificateStore } from './certificate.store';
import { PartyDirectory } from './party-directory';
import type { PartyFile } from './party-file.rules';
import {
  certificateMeant,
  type CertificateState,
  leavesNoneUsable,
  stateOf,
} from './party-key.rules';

export interface PartyCertificate {
  readonly fingerprint: string;
  readonly publicKeyFingerprint: string;
  readonly subject: string;
  /** ISO 8601 in UTC. */
  readonly notBefore: string;
  /** ISO 8601 in UTC. */
  readonly notAfter: string;
  readonly state: CertificateState;
}

export interface CertificateChange {
  /** What this call did to it; `unchanged` when it was so already. */
  readonly outcome: 'added' | 'accepted-again' | 'retired' | 'unchanged';
  readonly fingerprint: string;
  /** All of the party, after the change. */
  readonly certificates: readonly PartyCertificate[];
}

@Injectable()
export class ChangeCertificates {
  constructor(
    private readonly database: Database,
    private readonly store: CertificateStore,
    private readonly admit: AdmitCertificate,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** Refuses: party.unknown. */
  async list(code: string): Promise<readonly PartyCertificate[]> {
    const party = await this.directory.find(code);
    if (party === undefined) throw unknownParty(code);
    return this.view(this.database.reader, party.id);
  }

  /**
   * Idempotent. `isForced` accepts again what was retired. Refuses: party.unknown, certificate.expired,
   * certificate.retired, certificate.key-misplaced, and what AdmitCertificate refuses.
   */
  async add(
    code: string,
    facts: CertificateFacts,
    options: { readonly isForced: boolean; readonly actor: string },
  ): Promise<CertificateChange> {
    return this.change(code, options.actor, async (tx, party) => {
      if (instantFromIso(facts.notAfter) < (await this.store.now(tx))) {
        throw new Refusal(
          'certificate.expired',
          `${facts.subject} was valid to ${facts.notAfter}`,
          'unprocessable',
        );
      }
      const admission = await this.admit.execute(tx, party, facts);
      const done = { fingerprint: facts.fingerprint, isForced: options.isForced };
      if (admission === 'active') return { ...done, outcome: 'unchanged' };
      if (admission === 'new') return { ...done, outcome: 'added' };
      if (!options.isForced) {
        throw new Refusal(
          'certificate.retired',
          `${facts.subject} was retired, or its key was; give --force to accept it again`,
          'conflict',
        );
      }
      await this.store.activate(tx, party.id, facts);
      return { ...done, outcome: 'accepted-again' };
    });
  }

  /** Idempotent. Refuses: party.unknown, certificate.last, and what `certificateMeant` refuses. */
  async retire(
    code: string,
    fingerprint: string,
    options: { readonly isForced: boolean; readonly actor: string },
  ): Promise<CertificateChange> {
    return this.change(code, options.actor, async (tx, party) => {
      const known = await this.store.ofParty(tx, party.id);
      const meant = certificateMeant(known, fingerprint);
      const done = { fingerprint: meant.fingerprint, isForced: options.isForced };
      if (meant.status === 'retired') return { ...done, outcome: 'unchanged' };
      const now = await this.store.now(tx);
      if (!options.isForced && leavesNoneUsable(known, meant.fingerprint, now)) {
        throw new Refusal(
          'certificate.last',
          `no other certificate of ${code} is valid now, so this would cut it off; give --force to do it`,
          'conflict',
        );
      }
      await this.store.retire(tx, party.id, meant.fingerprint);
      return { ...done, outcome: 'retired' };
    });
  }

  private async change(
    code: string,
    actor: string,
    work: (
      tx: Tx,
      party: { id: number; code: string; kind: PartyFile['kind'] },
    ) => Promise<Omit<CertificateChange, 'certificates'> & { isForced: boolean }>,
  ): Promise<CertificateChange> {
    const changed = await this.database.transaction(async (tx) => {
      const party = await this.store.lockParty(tx, code);
      if (party === undefined) throw unknownParty(code);
      const { outcome, fingerprint, isForced } = await work(tx, party);
      if (outcome !== 'unchanged') {
        await this.audit.record(tx, {
          actor,
          action: `certificate.${outcome}`,
          subject: code,
          detail: { fingerprint, isForced },
        });
      }
      return { outcome, fingerprint, certificates: await this.view(tx, party.id) };
    });
    this.directory.forget();
    return changed;
  }

  private async view(reader: Reader, partyId: number): Promise<readonly PartyCertificate[]> {
    const now = await this.store.now(reader);
    return (await this.store.ofParty(reader, partyId)).map((row) => {
      const { subject, notBefore, notAfter } = readCertificate(Buffer.from(row.pem), 'rsa or ec');
      const { fingerprint, publicKeyFingerprint } = row;
      const state = stateOf(row, now);
      return { fingerprint, publicKeyFingerprint, subject, notBefore, notAfter, state };
    });
  }
}

function unknownParty(code: string): Refusal {
  return new Refusal('party.unknown', `no party ${code} is enrolled`, 'not-found');
}
