/** Wires assurance. The port SignedPartsReader is bound by the application. */
import { Module } from '@nestjs/common';
import { AssuranceStore } from './assurance.store';
import { VerifyBooks } from './verify-books';
import { VerifyChain } from './verify-chain';
import { VerifySignatures } from './verify-signatures';

@Module({
  providers: [AssuranceStore, VerifySignatures, VerifyChain, VerifyBooks],
  exports: [VerifyBooks],
})
export class AssuranceModule {}
