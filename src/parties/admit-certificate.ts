/**
 * The one way a certificate comes to a party, at its enrolment and later. Outside the sandbox a public key belongs to
 * one party only and sample keys are refused (K1). P-256 signs JSON alone, as ES256, so it is for PSPs. What was retired stays retired until somebody says otherwise.
 */
import { Injectable } from '@nestjs/common';
import type { CertificateFacts } from '../platform/crypto/certificate';
import { isSandboxKey } from '../platform/crypto/sandbox-keys';
import type { Tx } from '../platform/database/database';
import { Refusal } from '../kernel/refusal';
import { CertificateStore } from './certificate.store';
import type { PartyFile } from './party-file.rules';
import { type Admission, admissionOf } from './party-key.rules';

/** Whether this installation is the sandbox, where sample keys and plain http may be used. */
export class SandboxSwitch {
  constructor(readonly isOn: boolean) {}
}

@Injectable()
export class AdmitCertificate {
  constructor(
    private readonly store: CertificateStore,
    private readonly sandbox: SandboxSwitch,
  ) {}

  /** The caller holds the party's row. Refuses: certificate.key-misplaced, party.key-published, party.key-shared. */
  async execute(
    tx: Tx,
    party: { readonly id: number; readonly code: string; readonly kind: PartyFile['kind'] },
    facts: CertificateFacts,
  ): Promise<Admission> {
    if (facts.publicKey.asymmetricKeyType === 'ec' && party.kind !== 'payment-service-provider') {
      throw new Refusal(
        'certificate.key-misplaced',
        `${party.code} signs XML, which needs RSA; P-256 is for PSPs that use JSON`,
      );
    }
    if (!this.sandbox.isOn) await this.requireOwnKey(tx, party.code, facts);
    const admission = admissionOf(await this.store.ofParty(tx, party.id), facts);
    if (admission === 'new') await this.store.activate(tx, party.id, facts);
    return admission;
  }

  private async requireOwnKey(tx: Tx, code: string, facts: CertificateFacts): Promise<void> {
    if (isSandboxKey(facts.publicKeyFingerprint)) {
      throw new Refusal(
        'party.key-published',
        `${facts.subject} is a published sandbox key`,
        'forbidden',
      );
    }
    const owners = await this.store.ownersOfKey(tx, facts.publicKeyFingerprint);
    const other = owners.find((owner) => owner !== code);
    if (other !== undefined) {
      throw new Refusal(
        'party.key-shared',
        `the key of ${facts.subject} belongs to ${other}`,
        'conflict',
      );
    }
  }
}
