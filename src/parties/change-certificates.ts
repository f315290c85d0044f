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
  coveredUntil,
  leavesNoneUsable,
  sharedUntil,
  stateOf,
} from './party-key.rules';

export interface PartyCertificate {
  readonly fingerprint: string;
  readonly publicKeyFingerprint: string;
  readonly serial: string;
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

/** Which of a party's certificates stand, by fingerprint. */
export type Standing = Readonly<Record<string, 'active' | 'retired'>>;

interface Options {
  readonly isForced: boolean;
  readonly actor: string;
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

  /** Until when the party signs without a gap, and until when with more than one. Refuses: party.unknown. */
  async cover(code: string): Promise<{ until: Date | undefined; sharedUntil: Date | undefined }> {
    const party = await this.directory.find(code);
    if (party === undefined) throw unknownParty(code);
    const known = await this.store.ofParty(this.database.reader, party.id);
    const now = await this.store.now(this.database.reader);
    return { until: coveredUntil(known, now), sharedUntil: sharedUntil(known, now) };
  }

  /** In a transaction of its own. Refuses: what `addWithin` refuses. */
  async add(code: string, facts: CertificateFacts, options: Options): Promise<CertificateChange> {
    return this.alone((tx) => this.addWithin(tx, code, facts, options));
  }

  /** In a transaction of its own. Refuses: what `retireWithin` refuses. */
  async retire(code: string, fingerprint: string, options: Options): Promise<CertificateChange> {
    return this.alone((tx) => this.retireWithin(tx, code, fingerprint, options));
  }

  /** The party's row is held until the transaction ends. Refuses: party.unknown. */
  async standing(tx: Tx, code: string): Promise<Standing> {
    const party = await this.store.lockParty(tx, code);
    if (party === undefined) throw unknownParty(code);
    return standingOf(await this.store.ofParty(tx, party.id));
  }

  /**
   * Idempotent. `isForced` accepts again what was retired. Refuses: party.unknown, certificate.expired,
   * certificate.retired, certificate.key-misplaced, and what AdmitCertificate refuses.
   */
  async addWithin(
    tx: Tx,
    code: string,
    facts: CertificateFacts,
    options: Options,
  ): Promise<CertificateChange> {
    return this.change(tx, code, options.actor, async (party) => {
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
  async retireWithin(
    tx: Tx,
    code: string,
    fingerprint: string,
    options: Options,
  ): Promise<CertificateChange> {
    return this.change(tx, code, options.actor, async (party) => {
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

  private async alone(work: (tx: Tx) => Promise<CertificateChange>): Promise<CertificateChange> {
    const changed = await this.database.transaction(work);
    this.directory.forget();
    return changed;
  }

  private async change(
    tx: Tx,
    code: string,
    actor: string,
    work: (party: {
      id: number;
      code: string;
      kind: PartyFile['kind'];
    }) => Promise<Omit<CertificateChange, 'certificates'> & { isForced: boolean }>,
  ): Promise<CertificateChange> {
    const party = await this.store.lockParty(tx, code);
    if (party === undefined) throw unknownParty(code);
    const before = standingOf(await this.store.ofParty(tx, party.id));
    const { outcome, fingerprint, isForced } = await work(party);
    if (outcome !== 'unchanged') {
      const after = standingOf(await this.store.ofParty(tx, party.id));
      await this.audit.record(tx, {
        actor,
        action: `certificate.${outcome}`,
        subject: code,
        detail: { fingerprint, isForced, before, after },
      });
    }
    return { outcome, fingerprint, certificates: await this.view(tx, party.id) };
  }

  private async view(reader: Reader, partyId: number): Promise<readonly PartyCertificate[]> {
    const now = await this.store.now(reader);
    return (await this.store.ofParty(reader, partyId)).map((row) => {
      const facts = readCertificate(Buffer.from(row.pem), 'rsa or ec');
      const { serial, subject, notBefore, notAfter } = facts;
      const { fingerprint, publicKeyFingerprint } = row;
      const state = stateOf(row, now);
      return { fingerprint, publicKeyFingerprint, serial, subject, notBefore, notAfter, state };
    });
  }
}

function standingOf(
  known: readonly { readonly fingerprint: string; readonly status: 'active' | 'retired' }[],
): Standing {
  return Object.fromEntries(known.map(({ fingerprint, status }) => [fingerprint, status]));
}

function unknownParty(code: string): Refusal {
  return new Refusal('party.unknown', `no party ${code} is enrolled`, 'not-found');
}
