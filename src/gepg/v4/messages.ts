/**
 * The messages of generation 4 as data: element names exactly as on the wire, nested, with what may repeat.
 * Elements may come in any order and may be missing; each field has a status code of its own for that.
 * Source: the public clients and two banks, as collected in the protocol description. Imports nothing.
 */

/** A bill submission, and with fewer elements also a change (BillId, SpSysId, BillExprDt) or a reuse (PayCntrNum). */
export const gepgBillSubReq = {
  name: 'gepgBillSubReq',
  fields: {
    BillHdr: { fields: { SpCode: 'leaf', RtrRespFlg: 'leaf' } },
    BillTrxInf: {
      many: true,
      fields: {
        BillId: 'leaf',
        SubSpCode: 'leaf',
        SpSysId: 'leaf',
        BillAmt: 'leaf',
        MiscAmt: 'leaf',
        BillExprDt: 'leaf',
        PyrId: 'leaf',
        PyrName: 'leaf',
        BillDesc: 'leaf',
        BillGenDt: 'leaf',
        BillGenBy: 'leaf',
        BillApprBy: 'leaf',
        PyrCellNum: 'leaf',
        PyrEmail: 'leaf',
        Ccy: 'leaf',
        BillEqvAmt: 'leaf',
        RemFlag: 'leaf',
        BillPayOpt: 'leaf',
        PayCntrNum: 'leaf',
        BillRsv1: 'leaf',
        BillRsv2: 'leaf',
        BillRsv3: 'leaf',
        // One client in the field wraps each item in a BillItems of its own.
        BillItems: {
          many: true,
          fields: {
            BillItem: {
              many: true,
              fields: {
                BillItemRef: 'leaf',
                UseItemRefOnPay: 'leaf',
                BillItemAmt: 'leaf',
                BillItemEqvAmt: 'leaf',
                BillItemMiscAmt: 'leaf',
                GfsCode: 'leaf',
              },
            },
          },
        },
      },
    },
  },
} as const;

export const gepgBillCanclReq = {
  name: 'gepgBillCanclReq',
  fields: { SpCode: 'leaf', SpSysId: 'leaf', CanclReasn: 'leaf', BillId: 'leaves' },
} as const;

export const gepgSpReconcReq = {
  name: 'gepgSpReconcReq',
  fields: {
    SpReconcReqId: 'leaf',
    SpCode: 'leaf',
    SpSysId: 'leaf',
    TnxDt: 'leaf',
    ReconcOpt: 'leaf',
  },
} as const;

export const gepgBillQryReq = {
  name: 'gepgBillQryReq',
  fields: { BillReqId: 'leaf', BillCtrNum: 'leaf' },
} as const;

/** `spCode` has its small s in one bank's messages; the usual spelling is accepted too, as is the e-mail's. */
export const gepgPmtPstReq = {
  name: 'gepgPmtPstReq',
  fields: {
    PspDtl: { fields: { PspCode: 'leaf', ResultUrl: 'leaf' } },
    PymtTrxInf: {
      fields: {
        TrxId: 'leaf',
        spCode: 'leaf',
        SpCode: 'leaf',
        PayRefId: 'leaf',
        BillCtrNum: 'leaf',
        PaidAmt: 'leaf',
        CCy: 'leaf',
        CtrAccNum: 'leaf',
        TrxDtTm: 'leaf',
        UsdPayChnl: 'leaf',
        DptCellNum: 'leaf',
        DptName: 'leaf',
        DptNameEmailAddr: 'leaf',
        DptEmailAddr: 'leaf',
      },
    },
  },
} as const;

const gepgBillSubRespAck = {
  name: 'gepgBillSubRespAck',
  fields: { TrxStsCode: 'leaf' },
} as const;

/** The misspelling of one client library; the same acknowledgement. */
const gepgBillSubResAck = {
  name: 'gepgBillSubResAck',
  fields: { TrxStsCode: 'leaf' },
} as const;

const gepgPmtSpInfoAck = {
  name: 'gepgPmtSpInfoAck',
  fields: { TrxStsCode: 'leaf' },
} as const;

const gepgSpReconcRespAck = {
  name: 'gepgSpReconcRespAck',
  fields: { ReconcStsCode: 'leaf' },
} as const;

const gepgPmtFinRespAck = {
  name: 'gepgPmtFinRespAck',
  fields: { PayFinRespId: 'leaf', PayStsCode: 'leaf' },
} as const;

const gepgOlPmtNtfSpAck = {
  name: 'gepgOlPmtNtfSpAck',
  fields: { OlStsCode: 'leaf' },
} as const;

/** Every shape the gateway reads in this generation. */
export const v4Shapes = [
  gepgBillSubReq,
  gepgBillCanclReq,
  gepgSpReconcReq,
  gepgBillQryReq,
  gepgPmtPstReq,
  gepgBillSubRespAck,
  gepgBillSubResAck,
  gepgPmtSpInfoAck,
  gepgSpReconcRespAck,
  gepgPmtFinRespAck,
  gepgOlPmtNtfSpAck,
] as const;

/** Message and signature names of this generation, in and out: what free text may not hold (SIG-15). */
export const v4MessageNames: readonly string[] = [
  ...v4Shapes.map((shape) => shape.name),
  'gepgSignature',
  'gepgBillSubReqAck',
  'gepgBillCanclReqAck',
  'gepgBillSubResp',
  'gepgBillCanclResp',
  'gepgPmtSpInfo',
  'gepgOlPmtNtfSpInfo',
  'gepgSpReconcReqAck',
  'gepgSpReconcResp',
  'gepgBillQryResp',
  'gepgPmtPstReqAck',
  'gepgPmtFinResp',
  'gepgQuotFinResp',
  'gepgQuotFinRespAck',
  'gepgPymtResp',
];
