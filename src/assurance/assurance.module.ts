/** Wires assurance. The port SignedPartsReader is bound by the application. */
import { Module } from '@nestjs/common';
import { ClosingModule } from '../closing/closing.module';
import { AssuranceStore } from './assurance.store';
import { EvidenceStore } from './evidence.store';
import { MakeEvidence } from './make-evidence';
import { SettlementOfPayments } from './settlement-of-payments';
import { VerifyBooks } from './verify-books';
import { VerifySignatures } from './verify-signatures';

@Module({
  imports: [ClosingModule],
  providers: [
    AssuranceStore,
    EvidenceStore,
    MakeEvidence,
    SettlementOfPayments,
    VerifySignatures,
    VerifyBooks,
  ],
  exports: [MakeEvidence, SettlementOfPayments, VerifyBooks, VerifySignatures],
})
export class AssuranceModule {}
