/**
 * Enrols a party from its file, or brings an enrolled one up to its file: idempotent, all or nothing. Certificates that
 * the file no longer names stay, and those that were retired stay retired. Outside the sandbox endpoints are https.
 */
import { Injectable } from '@nestjs/common';
import type { CertificateFacts } from '../platform/crypto/certificate';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { Refusal } from '../kernel/refusal';
import { AdmitCertificate, SandboxSwitch } from './admit-certificate';
import type { PartyFile } from './party-file.rules';
import { PartyDirectory } from './party-directory';
import type { Admission } from './party-key.rules';
import { PartyStore } from './party.store';
import { NumberRanges } from './number-ranges';
import { PartySettings } from './party-settings';
import { RequireAgreedKey } from './require-agreed-key';

export interface EnrolledParty {
  readonly code: string;
  readonly kind: PartyFile['kind'];
  readonly name: string;
  readonly isNew: boolean;
  readonly certificates: readonly {
    readonly subject: string;
    readonly fingerprint: string;
    readonly notAfter: string;
    /** A retired certificate is not brought back by its file; `certificate add --force` does that. */
    readonly admission: Admission;
  }[];
  readonly controlNumberPrefixes: readonly string[];
}

@Injectable()
export class EnrolParty {
  constructor(
    private readonly database: Database,
    private readonly store: PartyStore,
    private readonly admit: AdmitCertificate,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
    private readonly ranges: NumberRanges,
    private readonly sandbox: SandboxSwitch,
    private readonly agreedKey: RequireAgreedKey,
    private readonly settings: PartySettings,
  ) {}

  /**
   * `only`: as a new party, or as a change of one that is enrolled. Refuses: party.kind-different, party.enrolled-already,
   * party.unknown, party.endpoint-insecure, party.gateway-key-missing, and what AdmitCertificate and NumberRanges refuse.
   */
  async execute(
    file: PartyFile,
    certificates: readonly CertificateFacts[],
    actor: string,
    only?: 'new' | 'change',
  ): Promise<EnrolledParty> {
    if (!this.sandbox.isOn) this.requireSecureEndpoints(file);
    this.agreedKey.forParty(file.code, file.profile);
    const enrolled = await this.database.transaction(async (tx) => {
      const known = await this.store.findByCode(tx, file.code);
      if (known !== null && known.kind !== file.kind) {
        throw new Refusal(
          'party.kind-different',
          `${file.code} is enrolled as a ${known.kind}`,
          'conflict',
        );
      }
      requireOnly(only, file.code, known !== null);
      const before = known === null ? null : await this.settings.within(tx, known);
      const partyId = await this.store.saveParty(tx, file);
      await this.store.saveDetails(tx, partyId, file);
      await this.store.saveAccounts(tx, partyId, file.collectionAccounts);
      const admitted: EnrolledParty['certificates'][number][] = [];
      for (const facts of certificates) {
        const admission = await this.admit.execute(
          tx,
          { id: partyId, code: file.code, kind: file.kind },
          facts,
        );
        const { subject, fingerprint, notAfter } = facts;
        admitted.push({ subject, fingerprint, notAfter, admission });
      }
      if (file.kind === 'service-provider') {
        await this.store.saveGroups(tx, file.groups);
        await this.ranges.allot(tx, partyId, file.controlNumberPrefixes);
      }
      const saved = await this.store.findByCode(tx, file.code);
      const after = saved === null ? null : await this.settings.within(tx, saved);
      await this.audit.record(tx, {
        actor,
        action: known === null ? 'party.enrolled' : 'party.updated',
        subject: file.code,
        detail: {
          fingerprints: admitted
            .filter((each) => each.admission !== 'retired')
            .map((each) => each.fingerprint),
          before,
          after,
        },
      });
      return {
        code: file.code,
        kind: file.kind,
        name: file.name,
        isNew: known === null,
        certificates: admitted,
        controlNumberPrefixes: file.kind === 'service-provider' ? file.controlNumberPrefixes : [],
      };
    });
    this.directory.forget();
    return enrolled;
  }

  private requireSecureEndpoints(file: PartyFile): void {
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

function requireOnly(only: 'new' | 'change' | undefined, code: string, isKnown: boolean): void {
  if (only === 'new' && isKnown)
    throw new Refusal('party.enrolled-already', `${code} is enrolled already`, 'conflict');
  if (only === 'change' && !isKnown)
    throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
}
