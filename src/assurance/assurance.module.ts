/** Wires assurance. The port SignedPartsReader is bound by the application. */
import { Module } from '@nestjs/common';
import { ClosingModule } from '../closing/closing.module';
import { AssuranceStore } from './assurance.store';
import { VerifyBooks } from './verify-books';
import { VerifySignatures } from './verify-signatures';

@Module({
  imports: [ClosingModule],
  providers: [AssuranceStore, VerifySignatures, VerifyBooks],
  exports: [VerifyBooks],
})
export class AssuranceModule {}
