/** Wires officers: accounts, sign-in, sessions, and the approvals that other folders register actions with. */
import { Module } from '@nestjs/common';
import { PartiesModule } from '../parties/parties.module';
import { ApprovalStore } from './approval.store';
import { Approvals } from './approvals';
import { Codes } from './codes';
import { ManageOfficers } from './manage-officers';
import { OfficerStore } from './officer.store';
import { Passwords } from './passwords';
import { ProposeCertificates } from './propose-certificates';
import { ProposeRole } from './propose-role';
import { SessionStore } from './session.store';
import { Sessions } from './sessions';
import { SignIn } from './sign-in';

@Module({
  imports: [PartiesModule],
  providers: [
    ApprovalStore,
    Approvals,
    Codes,
    ManageOfficers,
    OfficerStore,
    Passwords,
    ProposeCertificates,
    ProposeRole,
    SessionStore,
    Sessions,
    SignIn,
  ],
  exports: [Approvals, ManageOfficers, ProposeCertificates, ProposeRole, Sessions, SignIn],
})
export class OfficersModule {}
