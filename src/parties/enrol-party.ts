/**
 * Enrols a party from its file, or brings an enrolled one up to its file: idempotent, all or nothing.
 * Outside the sandbox a public key belongs to one party only, sample keys are refused, and endpoints are https.
 * A control-number prefix is nobody's beginning but its own, and never moves to another party (rulings.md §7).
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

/** How control numbers are made belongs to bills, above; parties only need a range's size and its key's fingerprint. */
export abstract class NumberRanges {
  abstract capacityOf(prefix: string): bigint;
  abstract keyCheckValue(prefix: string): string;
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
  readonly certificates: readonly { readonly subject: string; readonly fingerprint: string; readonly notAfter: string }[];
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
   * Refuses: party.kind-different, party.prefix-taken, party.prefix-removed, party.key-shared, party.key-published,
   * party.endpoint-insecure.
   */
  async execute(file: PartyFile, certificates: readonly CertificateFacts[], actor: string): Promise<EnrolledParty> {
    if (!this.sandbox.isOn) this.requireProductionGrade(file, certificates);
    const enrolled = await this.database.transaction(async (tx) => {
      const known = await this.store.findByCode(tx, file.code);
      if (known !== null && known.kind !== file.kind) {
        throw new Refusal('party.kind-different', `${file.code} is enrolled as a ${known.kind}`, 'conflict');
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
        await this.allotPrefixes(tx, partyId, file.controlNumberPrefixes);
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
        certificates: certificates.map(({ subject, fingerprint, notAfter }) => ({ subject, fingerprint, notAfter })),
        controlNumberPrefixes: file.kind === 'service-provider' ? file.controlNumberPrefixes : [],
      };
    });
    this.directory.forget();
    return enrolled;
  }

  private async allotPrefixes(tx: Tx, partyId: number, prefixes: readonly string[]): Promise<void> {
    const ranges = await this.store.lockRanges(tx);
    const own = ranges.filter((range) => range.partyId === partyId).map((range) => range.prefix);
    const dropped = own.find((prefix) => !prefixes.includes(prefix));
    if (dropped !== undefined) {
      throw new Refusal('party.prefix-removed', `prefix ${dropped} is allotted for ever; keep it in the file`, 'conflict');
    }
    for (const prefix of prefixes.filter((each) => !own.includes(each))) {
      const clash = [...ranges.map((range) => range.prefix), ...prefixes.filter((each) => each !== prefix)].find(
        (other) => other.startsWith(prefix) || prefix.startsWith(other),
      );
      if (clash !== undefined) {
        throw new Refusal('party.prefix-taken', `prefix ${prefix} overlaps with prefix ${clash}`, 'conflict');
      }
      await this.store.addRange(tx, {
        partyId,
        prefix,
        capacity: this.ranges.capacityOf(prefix),
        keyCheckValue: this.ranges.keyCheckValue(prefix),
      });
    }
  }

  private async requireOwnKey(tx: Tx, code: string, certificate: CertificateFacts): Promise<void> {
    if (this.sandbox.isOn) return;
    const owners = await this.store.ownersOfKey(tx, certificate.publicKeyFingerprint);
    const other = owners.find((owner) => owner !== code);
    if (other !== undefined) {
      throw new Refusal('party.key-shared', `the key of ${certificate.subject} belongs to ${other}`, 'conflict');
    }
  }

  private requireProductionGrade(file: PartyFile, certificates: readonly CertificateFacts[]): void {
    const published = certificates.find((each) => isSandboxKey(each.publicKeyFingerprint));
    if (published !== undefined) {
      throw new Refusal('party.key-published', `${published.subject} is a published sandbox key`, 'forbidden');
    }
    const addresses =
      file.kind === 'service-provider' ? Object.values(file.endpoints) : [file.resultUrl, file.resultUrlPrefix];
    const insecure = addresses.find((address) => address !== null && !address.startsWith('https:'));
    if (insecure !== undefined) {
      throw new Refusal('party.endpoint-insecure', `${String(insecure)} is not https`, 'unprocessable');
    }
  }
}
