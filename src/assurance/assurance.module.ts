/** Wires assurance. The port SignedPartsReader is bound by the application. */
import { Module } from '@nestjs/common';
import { ClosingModule } from '../closing/closing.module';
import { AlarmStore } from './alarm.store';
import { Alarms } from './alarms';
import { AssuranceStore } from './assurance.store';
import { ChainCheckStore } from './chain-check.store';
import { CheckChain } from './check-chain';
import { ControlStore } from './control.store';
import { DrawSample } from './draw-sample';
import { EvidenceStore } from './evidence.store';
import { MakeEvidence } from './make-evidence';
import { RunControls } from './run-controls';
import { SampleStore } from './sample.store';
import { SettlementLinesStore } from './settlement-lines.store';
import { SettlementOfPayments } from './settlement-of-payments';
import { VerifyBooks } from './verify-books';
import { VerifySignatures } from './verify-signatures';

@Module({
  imports: [ClosingModule],
  providers: [
    AlarmStore,
    Alarms,
    AssuranceStore,
    ChainCheckStore,
    CheckChain,
    ControlStore,
    DrawSample,
    EvidenceStore,
    MakeEvidence,
    RunControls,
    SampleStore,
    SettlementLinesStore,
    SettlementOfPayments,
    VerifySignatures,
    VerifyBooks,
  ],
  exports: [
    Alarms,
    CheckChain,
    DrawSample,
    MakeEvidence,
    RunControls,
    SettlementOfPayments,
    VerifyBooks,
    VerifySignatures,
  ],
})
export class AssuranceModule {}
