/** Wires parties. The ports NumberRanges and SandboxSwitch are bound by the application. */
import { Module } from '@nestjs/common';
import { AdmitCertificate } from './admit-certificate';
import { CertificateStore } from './certificate.store';
import { ChangeCertificates } from './change-certificates';
import { EnrolParty } from './enrol-party';
import { LogWeaknesses } from './log-weaknesses';
import { PartyDirectory } from './party-directory';
import { PartyStore } from './party.store';
import { SuspendParty } from './suspend-party';
import { WarnOfExpiry } from './warn-of-expiry';

@Module({
  providers: [
    PartyStore,
    CertificateStore,
    PartyDirectory,
    AdmitCertificate,
    EnrolParty,
    ChangeCertificates,
    LogWeaknesses,
    SuspendParty,
    WarnOfExpiry,
  ],
  exports: [
    PartyDirectory,
    EnrolParty,
    ChangeCertificates,
    LogWeaknesses,
    SuspendParty,
    WarnOfExpiry,
  ],
})
export class PartiesModule {}
