/** Wires parties. The ports NumberRanges, PlaySelfTest and SandboxSwitch are bound by the application. */
import { Module } from '@nestjs/common';
import { ApiKeyDirectory } from './api-key-directory';
import { ApiKeyStore } from './api-key.store';
import { ChangeApiKeys } from './change-api-keys';
import { AdmitCertificate } from './admit-certificate';
import { CertificateStore } from './certificate.store';
import { ChangeCertificates } from './change-certificates';
import { EnrolParty } from './enrol-party';
import { LogWeaknesses } from './log-weaknesses';
import { PartyDirectory } from './party-directory';
import { PartySettings } from './party-settings';
import { PartyStore } from './party.store';
import { RequireAgreedKey } from './require-agreed-key';
import { SuspendParty } from './suspend-party';
import { TestParty } from './test-party';
import { WarnOfExpiry } from './warn-of-expiry';

@Module({
  providers: [
    PartyStore,
    CertificateStore,
    PartyDirectory,
    AdmitCertificate,
    ApiKeyDirectory,
    ApiKeyStore,
    ChangeApiKeys,
    EnrolParty,
    ChangeCertificates,
    LogWeaknesses,
    PartySettings,
    RequireAgreedKey,
    SuspendParty,
    TestParty,
    WarnOfExpiry,
  ],
  exports: [
    ApiKeyDirectory,
    ChangeApiKeys,
    PartyDirectory,
    EnrolParty,
    ChangeCertificates,
    LogWeaknesses,
    PartySettings,
    RequireAgreedKey,
    SuspendParty,
    TestParty,
    WarnOfExpiry,
  ],
})
export class PartiesModule {}
