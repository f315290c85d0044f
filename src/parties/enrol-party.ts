/**
 * Enrols a party from its file, or brings an enrolled one up to its file: idempotent, all or nothing.
 * Outside the sandbox a public key belongs to one party only, sample keys are refused, and endpoints are https.
 */
import { Injectable } from '@nestjs/common';
import type { CertificateFacts } from '../platform/crypto/certificate';
import { isSandboxKey } from '../platform/crypto/sandbox-keys';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { Refusal } from '../kernel/refusal';
import type { PartyFile } from './party-file.rules';
import { PartyDirectory } from './party-directory';
import { PartyStore } from './party.store';

/** Port: control numbers belong to bills, above; enrolment only asks that an institution holds its prefixes. */
export abstract class NumberRanges {
  /** Allots what is new. Refuses: control-number.prefix-taken, control-number.prefix-removed. */
  abstract allot(tx: Tx, partyId: number, prefixes: readonly string[]): Promise<void>;
}

/** Whether this installation is the sandbox, where sample keys and plain http may be used. */
export class SandboxSwitch {
  constructor(readonly isOn: boolean) {}
}

export interface EnrolledParty {
  readonly code: string;
  readonly kind: PartyFile['kind'];
  readonly name: string;
  readonly isNew: boolean;
  readonly certificates: readonly {
    readonly subject: string;
    readonly fingerprint: string;
    readonly notAfter: string;
  }[];
  readonly controlNumberPrefixes: readonly string[];
}

@Injectable()
export class EnrolParty {
  constructor(
    private readonly database: Database,
    private readonly store: PartyStore,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
    private readonly ranges: NumberRanges,
    private readonly sandbox: SandboxSwitch,
  ) {}

  /**
   * Refuses: party.kind-different, party.key-shared, party.key-published, party.endpoint-insecure, and what
   * NumberRanges refuses.
   */
  async execute(
    file: PartyFile,
    certificates: readonly CertificateFacts[],
    actor: string,
  ): Promise<EnrolledParty> {
    if (!this.sandbox.isOn) this.requireProductionGrade(file, certificates);
    const enrolled = await this.database.transaction(async (tx) => {
      const known = await this.store.findByCode(tx, file.code);
      if (known !== null && known.kind !== file.kind) {
        throw new Refusal(
          'party.kind-different',
          `${file.code} is enrolled as a ${known.kind}`,
          'conflict',
        );
      }
      const partyId = await this.store.saveParty(tx, file);
      await this.store.saveDetails(tx, partyId, file);
      await this.store.saveAccounts(tx, partyId, file.collectionAccounts);
      for (const certificate of certificates) {
        await this.requireOwnKey(tx, file.code, certificate);
        await this.store.saveCertificate(tx, partyId, certificate);
      }
      if (file.kind === 'service-provider') {
        await this.store.saveGroups(tx, file.groups);
        await this.ranges.allot(tx, partyId, file.controlNumberPrefixes);
      }
      await this.audit.record(tx, {
        actor,
        action: known === null ? 'party.enrolled' : 'party.updated',
        subject: file.code,
        detail: { fingerprints: certificates.map((each) => each.fingerprint) },
      });
      return {
        code: file.code,
        kind: file.kind,
        name: file.name,
        isNew: known === null,
        certificates: certificates.map(({ subject, fingerprint, notAfter }) => ({
          subject,
          fingerprint,
          notAfter,
        })),
        controlNumberPrefixes: file.kind === 'service-provider' ? file.controlNumberPrefixes : [],
      };
    });
    this.directory.forget();
    return enrolled;
  }

  private async requireOwnKey(tx: Tx, code: string, certificate: CertificateFacts): Promise<void> {
    if (this.sandbox.isOn) return;
    const owners = await this.store.ownersOfKey(tx, certificate.publicKeyFingerprint);
    const other = owners.find((owner) => owner !== code);
    if (other !== undefined) {
      throw new Refusal(
        'party.key-shared',
        `the key of ${certificate.subject} belongs to ${other}`,
        'conflict',
      );
    }
  }

  private requireProductionGrade(file: PartyFile, certificates: readonly CertificateFacts[]): void {
    const published = certificates.find((each) => isSandboxKey(each.publicKeyFingerprint));
    if (published !== undefined) {
      throw new Refusal(
        'party.key-published',
        `${published.subject} is a published sandbox key`,
        'forbidden',
      );
    }
    const addresses =
      file.kind === 'service-provider'
        ? Object.values(file.endpoints)
        : [file.resultUrl, file.resultUrlPrefix];
    const insecure = addresses.find((address) => address !== null && !address.startsWith('https:'));
    if (insecure !== undefined) {
      throw new Refusal(
        'party.endpoint-insecure',
        `${String(insecure)} is not https`,
        'unprocessable',
      );
    }
  }
}
