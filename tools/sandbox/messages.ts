/** What sandbox parties say, in the shapes of real integrations; all persons and services are invented. */
import type { XmlTree } from '../../src/gepg/xml';
import type { Answer, SandboxParty } from './sandbox-party';

export interface SampleItem {
  readonly gfsCode: string;
  readonly amount: string;
}

export interface SampleBill {
  readonly billId: string;
  readonly amount: string;
  readonly option?: '1' | '2' | '3';
  readonly currency?: string;
  readonly expiresAt?: string;
  readonly generatedAt: string;
  readonly payerName?: string;
  readonly description?: string;
  readonly subSpCode: string;
  readonly systemId: string;
  /** A control number to use again. */
  readonly reuse?: string;
  readonly items: readonly SampleItem[];
}

export interface SamplePayment {
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amount: string;
  readonly paidAt: string;
  readonly currency?: string;
  readonly account?: string;
  readonly payerName?: string;
  readonly channel?: string;
  readonly resultUrl: string;
}

function billTree(bill: SampleBill): XmlTree {
  const currency = bill.currency ?? 'TZS';
  return {
    BillId: bill.billId,
    SubSpCode: bill.subSpCode,
    SpSysId: bill.systemId,
    BillAmt: bill.amount,
    MiscAmt: '0.00',
    BillExprDt: bill.expiresAt ?? '2027-12-31T23:59:59',
    PyrId: bill.billId,
    PyrName: bill.payerName ?? 'Neema Mollel',
    BillDesc: bill.description ?? 'Huduma',
    BillGenDt: bill.generatedAt,
    BillGenBy: 'karani',
    BillApprBy: 'mhasibu',
    PyrCellNum: '255700000001',
    PyrEmail: '',
    Ccy: currency,
    BillEqvAmt: bill.amount,
    RemFlag: 'false',
    BillPayOpt: bill.option ?? '3',
    ...(bill.reuse === undefined ? {} : { PayCntrNum: bill.reuse }),
    BillItems: {
      BillItem: bill.items.map((item, i) => ({
        BillItemRef: `${bill.billId}-${String(i + 1)}`,
        UseItemRefOnPay: 'N',
        BillItemAmt: item.amount,
        BillItemEqvAmt: item.amount,
        BillItemMiscAmt: '0.00',
        GfsCode: item.gfsCode,
      })),
    },
  };
}

export async function submitBills(
  party: SandboxParty,
  gateway: string,
  bills: readonly SampleBill[],
  path = '/api/bill/sigqrequest',
): Promise<Answer> {
  return party.send(gateway, path, 'gepgBillSubReq', {
    BillHdr: { SpCode: party.code, RtrRespFlg: 'true' },
    BillTrxInf: bills.map(billTree),
  });
}

export async function cancelBills(
  party: SandboxParty,
  gateway: string,
  systemId: string,
  billIds: readonly string[],
): Promise<Answer> {
  return party.send(gateway, '/api/bill/sigcancel_request', 'gepgBillCanclReq', {
    SpCode: party.code,
    SpSysId: systemId,
    CanclReasn: 'Ombi la mteja',
    BillId: billIds,
  });
}

export async function enquire(
  party: SandboxParty,
  gateway: string,
  controlNumber: string,
): Promise<Answer> {
  return party.send(gateway, '/api/bill/transfer-query', 'gepgBillQryReq', {
    BillReqId: `Q-${controlNumber}`,
    BillCtrNum: controlNumber,
  });
}

export function paymentTree(pspCode: string, payment: SamplePayment): XmlTree {
  return {
    PspDtl: { PspCode: pspCode, ResultUrl: payment.resultUrl },
    PymtTrxInf: {
      TrxId: payment.transactionId,
      spCode: '',
      PayRefId: '',
      BillCtrNum: payment.controlNumber,
      PaidAmt: payment.amount,
      CCy: payment.currency ?? 'TZS',
      CtrAccNum: payment.account ?? '',
      TrxDtTm: payment.paidAt,
      UsdPayChnl: payment.channel ?? 'MOBILE',
      DptCellNum: '255700000001',
      DptName: payment.payerName ?? 'Neema Mollel',
      DptNameEmailAddr: '',
    },
  };
}

export async function pay(
  party: SandboxParty,
  gateway: string,
  payment: SamplePayment,
): Promise<Answer> {
  return party.send(
    gateway,
    '/api/payment/sigqrequest',
    'gepgPmtPstReq',
    paymentTree(party.code, payment),
  );
}
