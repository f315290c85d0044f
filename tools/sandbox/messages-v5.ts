/** What sandbox parties say in generation 5, in the shapes of real integrations; all persons and services are invented. */
import type { XmlTree } from '../../src/gepg/xml';
import type { SampleBill } from './messages';
import type { Answer, SandboxParty } from './sandbox-party';

export interface SampleBillV5 extends SampleBill {
  /** Whose bill it is; the sender's unless it is a part of a combined bill. */
  readonly spCode?: string;
  readonly minimum?: string;
  readonly limit?: string;
  readonly reuse?: string;
  readonly updateReason?: string;
}

export interface SubmissionV5 {
  readonly requestId: string;
  readonly groupCode: string;
  readonly groupBillId: string;
  readonly isCombined?: boolean;
  readonly reuse?: string;
  readonly bills: readonly SampleBillV5[];
}

function billTree(sender: string, bill: SampleBillV5): XmlTree {
  const spCode = bill.spCode ?? sender;
  return {
    BillId: bill.billId,
    SpCode: spCode,
    CollCentCode: 'CC1000000000001',
    BillDesc: bill.description ?? 'Huduma',
    CustTin: '',
    CustId: bill.billId,
    CustIdTyp: '5',
    CustAccnt: '',
    CustName: bill.payerName ?? 'Neema Mollel',
    CustCellNum: '255700000001',
    CustEmail: '',
    BillGenDt: bill.generatedAt,
    BillExprDt: bill.expiresAt ?? '2027-12-31T23:59:59',
    BillGenBy: 'karani',
    BillApprBy: 'mhasibu',
    BillAmt: bill.amount,
    BillEqvAmt: bill.amount,
    MinPayAmt: bill.minimum ?? '0.01',
    Ccy: bill.currency ?? 'TZS',
    ExchRate: '1.00',
    BillPayOpt: bill.option ?? '3',
    PayPlan: '1',
    PayLimTyp: '1',
    PayLimAmt: bill.limit ?? '0.00',
    CollPsp: '',
    ...(bill.reuse === undefined ? {} : { BillCntrNum: bill.reuse, ReuseReasn: 'Muda umeisha' }),
    ...(bill.updateReason === undefined ? {} : { UpdateReasn: bill.updateReason }),
    BillItems: {
      BillItem: bill.items.map((item, i) => ({
        RefBillId: bill.billId,
        SubSpCode: bill.subSpCode,
        GfsCode: item.gfsCode,
        BillItemRef: `${bill.billId}-${String(i + 1)}`,
        UseItemRefOnPay: 'N',
        BillItemAmt: item.amount,
        BillItemEqvAmt: item.amount,
        CollSp: spCode,
      })),
    },
  };
}

export async function submitBillsV5(
  party: SandboxParty,
  gateway: string,
  submission: SubmissionV5,
  path = '/api/bill/20/submission',
): Promise<Answer> {
  return party.send(gateway, path, 'billSubReq', {
    BillHdr: {
      ReqId: submission.requestId,
      SpGrpCode: submission.groupCode,
      SysCode: submission.bills[0]?.systemId ?? '',
      BillTyp: submission.isCombined === true ? '2' : '1',
      PayTyp: '2',
      GrpBillId: submission.groupBillId,
      ...(submission.reuse === undefined ? {} : { CustCntrNum: submission.reuse }),
    },
    BillDtls: { BillDtl: submission.bills.map((bill) => billTree(party.code, bill)) },
  });
}

export async function cancelBillV5(
  party: SandboxParty,
  gateway: string,
  facts: { requestId: string; groupCode: string; systemId: string; groupBillId: string },
): Promise<Answer> {
  return party.send(gateway, '/api/bill/20/cancellation', 'billCanclReq', {
    ReqId: facts.requestId,
    SpGrpCode: facts.groupCode,
    SysCode: facts.systemId,
    BillTyp: '1',
    GrpBillId: facts.groupBillId,
    CanclGenBy: 'karani',
    CanclApprBy: 'mhasibu',
    CanclReasn: 'Ombi la mteja',
  });
}

export async function requestDayV5(
  party: SandboxParty,
  gateway: string,
  facts: { requestId: string; groupCode: string; systemId: string; day: string },
): Promise<Answer> {
  return party.send(gateway, '/api/reconciliation/20/request', 'sucSpPmtReq', {
    ReqId: facts.requestId,
    SpGrpCode: facts.groupCode,
    SysCode: facts.systemId,
    TrxDt: facts.day,
    Rsv1: '',
    Rsv2: '',
    Rsv3: '',
  });
}

export async function enquireV5(
  party: SandboxParty,
  gateway: string,
  controlNumber: string,
): Promise<Answer> {
  return party.send(gateway, '/api/bill/20/query', 'billQryReq', {
    ReqId: `Q-${controlNumber}`,
    PspCode: party.code,
    CustCtrNum: controlNumber,
  });
}

export interface SamplePaymentV5 {
  readonly requestId: string;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amount: string;
  readonly paidAt: string;
  readonly resultUrl: string;
}

export async function payV5(
  party: SandboxParty,
  gateway: string,
  payment: SamplePaymentV5,
): Promise<Answer> {
  return party.send(gateway, '/api/payment/20/posting', 'pmtReq', {
    PmtHdr: {
      ReqId: payment.requestId,
      PspCode: party.code,
      CustCtrNum: payment.controlNumber,
      ResultUrl: payment.resultUrl,
    },
    PmtDtl: {
      TrxId: payment.transactionId,
      PayRefId: '',
      PaidAmt: payment.amount,
      Ccy: 'TZS',
      CollAccNum: '',
      TrxDtTm: payment.paidAt,
      UsdPayChnl: 'MOBILE',
      TrdPtyTrxId: '3P-1',
      PyrCellNum: '255700000001',
      PyrName: 'Neema Mollel',
      PyrEmail: '',
    },
  });
}

export async function askStatusV5(
  party: SandboxParty,
  gateway: string,
  requestId: string,
  transactionId: string,
): Promise<Answer> {
  return party.send(gateway, '/api/payment/20/status', 'pmtStsReq', {
    ReqId: requestId,
    PspCode: party.code,
    TrxId: transactionId,
  });
}
