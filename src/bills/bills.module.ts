/** Wires bills and control numbers. */
import { Module } from '@nestjs/common';
import { AllotPrefixes } from './allot-prefixes';
import { ApplyPayments } from './apply-payments';
import { BillStore } from './bill.store';
import { CancelBills } from './cancel-bills';
import { ExpireBills } from './expire-bills';
import { FindPayableBill } from './find-payable-bill';
import { NumberIssuer } from './number-issuer';
import { SubmitBills } from './submit-bills';

const useCases = [
  AllotPrefixes,
  SubmitBills,
  CancelBills,
  ApplyPayments,
  FindPayableBill,
  ExpireBills,
  NumberIssuer,
];

@Module({ providers: [BillStore, ...useCases], exports: useCases })
export class BillsModule {}
