/** Wires parties. The ports NumberRanges and SandboxSwitch are bound by the application. */
import { Module } from '@nestjs/common';
import { EnrolParty } from './enrol-party';
import { PartyDirectory } from './party-directory';
import { PartyStore } from './party.store';

@Module({
  providers: [PartyStore, PartyDirectory, EnrolParty],
  exports: [PartyDirectory, EnrolParty],
})
export class PartiesModule {}
