/** Wires bills and control numbers. */
import { Module } from '@nestjs/common';
import { AllotPrefixes } from './allot-prefixes';
import { ApplyPayments } from './apply-payments';
import { BillStore } from './bill.store';
import { BillUploadStore } from './bill-upload.store';
import { BillViewStore } from './bill-view.store';
import { CancelBillGroup } from './cancel-bill-group';
import { CancelBills } from './cancel-bills';
import { ChangeBills } from './change-bills';
import { EnquiryLane } from './enquiry-lane';
import { EnquiryLimits } from './enquiry-limits';
import { ExpireBills } from './expire-bills';
import { FindPayableBill } from './find-payable-bill';
import { GroupStore } from './group.store';
import { ImportNumbers } from './import-numbers';
import { IssueUploads } from './issue-uploads';
import { ManageRanges } from './manage-ranges';
import { NumberImportStore } from './number-import.store';
import { NumberIssuer } from './number-issuer';
import { NumberReuse } from './number-reuse';
import { NumberStore } from './number.store';
import { PayableBillStore } from './payable-bill.store';
import { PartiesModule } from '../parties/parties.module';
import { ReadBills } from './read-bills';
import { ReadUploads } from './read-uploads';
import { StageUpload } from './stage-upload';
import { SubmitBillGroup } from './submit-bill-group';
import { SubmitBills } from './submit-bills';
import { TakeBack } from './take-back';

const useCases = [
  AllotPrefixes,
  SubmitBills,
  ChangeBills,
  CancelBills,
  SubmitBillGroup,
  ImportNumbers,
  CancelBillGroup,
  ApplyPayments,
  FindPayableBill,
  EnquiryLane,
  EnquiryLimits,
  ExpireBills,
  ManageRanges,
  NumberIssuer,
  ReadBills,
  StageUpload,
  IssueUploads,
  ReadUploads,
  TakeBack,
];

@Module({
  imports: [PartiesModule],
  providers: [
    BillStore,
    BillUploadStore,
    BillViewStore,
    GroupStore,
    NumberImportStore,
    NumberStore,
    PayableBillStore,
    NumberReuse,
    ...useCases,
  ],
  exports: useCases,
})
export class BillsModule {}
