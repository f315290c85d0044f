/**
 * The messages of generation 5 as data: element names exactly as on the wire, nested, with what may repeat.
 * Elements may come in any order and may be missing; each field has a status code of its own for that.
 * Source: the public clients, as collected in the protocol description. Imports nothing.
 */

/** A bill submission; with BillCntrNum or CustCntrNum a reuse, with UpdateReasn a change. */
export const billSubReq = {
  name: 'billSubReq',
  fields: {
    BillHdr: {
      fields: {
        ReqId: 'leaf',
        SpGrpCode: 'leaf',
        SysCode: 'leaf',
        BillTyp: 'leaf',
        PayTyp: 'leaf',
        GrpBillId: 'leaf',
        CustCntrNum: 'leaf',
        RtrRespFlg: 'leaf',
      },
    },
    BillDtls: {
      fields: {
        BillDtl: {
          many: true,
          fields: {
            BillId: 'leaf',
            SpCode: 'leaf',
            CollCentCode: 'leaf',
            BillDesc: 'leaf',
            CustTin: 'leaf',
            CustId: 'leaf',
            CustIdTyp: 'leaf',
            CustAccnt: 'leaf',
            CustName: 'leaf',
            CustCellNum: 'leaf',
            CustEmail: 'leaf',
            BillGenDt: 'leaf',
            BillExprDt: 'leaf',
            BillGenBy: 'leaf',
            BillApprBy: 'leaf',
            BillAmt: 'leaf',
            BillEqvAmt: 'leaf',
            MinPayAmt: 'leaf',
            Ccy: 'leaf',
            ExchRate: 'leaf',
            RemFlag: 'leaf',
            BillPayOpt: 'leaf',
            PayPlan: 'leaf',
            PayLimTyp: 'leaf',
            PayLimAmt: 'leaf',
            // One client puts Bill before these three.
            BillPayPlan: 'leaf',
            BillPayLimTyp: 'leaf',
            BillPayLimAmt: 'leaf',
            CollPsp: 'leaf',
            BillCntrNum: 'leaf',
            ReuseReasn: 'leaf',
            UpdateReasn: 'leaf',
            // Repeated wrappers as in generation 4: the client that sends them shares its code.
            BillItems: {
              many: true,
              fields: {
                BillItem: {
                  many: true,
                  fields: {
                    RefBillId: 'leaf',
                    SubSpCode: 'leaf',
                    GfsCode: 'leaf',
                    BillItemRef: 'leaf',
                    UseItemRefOnPay: 'leaf',
                    BillItemAmt: 'leaf',
                    BillItemEqvAmt: 'leaf',
                    BillItemMiscAmt: 'leaf',
                    CollSp: 'leaf',
                  },
                },
              },
            },
          },
        },
      },
    },
  },
} as const;

export const billCanclReq = {
  name: 'billCanclReq',
  fields: {
    ReqId: 'leaf',
    SpGrpCode: 'leaf',
    SysCode: 'leaf',
    BillTyp: 'leaf',
    GrpBillId: 'leaf',
    CanclGenBy: 'leaf',
    CanclApprBy: 'leaf',
    CanclReasn: 'leaf',
  },
} as const;

export const sucSpPmtReq = {
  name: 'sucSpPmtReq',
  fields: {
    ReqId: 'leaf',
    SpGrpCode: 'leaf',
    SysCode: 'leaf',
    TrxDt: 'leaf',
    Rsv1: 'leaf',
    Rsv2: 'leaf',
    Rsv3: 'leaf',
  },
} as const;

const billSubResAck = {
  name: 'billSubResAck',
  fields: { AckId: 'leaf', ResId: 'leaf', AckStsCode: 'leaf' },
} as const;

/** Sent by institutions that receive `billCanclRes` as a callback; they name the request or the result. */
const billCanclReqAck = {
  name: 'billCanclReqAck',
  fields: { AckId: 'leaf', ReqId: 'leaf', ResId: 'leaf', AckStsCode: 'leaf' },
} as const;

const pmtSpNtfReqAck = {
  name: 'pmtSpNtfReqAck',
  fields: { AckId: 'leaf', ReqId: 'leaf', AckStsCode: 'leaf' },
} as const;

const sucSpPmtResAck = {
  name: 'sucSpPmtResAck',
  fields: { AckId: 'leaf', ResId: 'leaf', AckStsCode: 'leaf' },
} as const;

/** Push to pay; only its request id is known for certain, and no PSP of ours prompts a payer's phone yet. */
export const billPushToPayReq = {
  name: 'billPushToPayReq',
  fields: {
    ReqId: 'leaf',
    SpGrpCode: 'leaf',
    SysCode: 'leaf',
    PspCode: 'leaf',
    CustCntrNum: 'leaf',
    BillCntrNum: 'leaf',
    PyrCellNum: 'leaf',
  },
} as const;

/** From here on the messages of PSPs, which are our own (gepg-decisions E1). */
export const billQryReq = {
  name: 'billQryReq',
  fields: { ReqId: 'leaf', PspCode: 'leaf', CustCtrNum: 'leaf' },
} as const;

export const pmtReq = {
  name: 'pmtReq',
  fields: {
    PmtHdr: { fields: { ReqId: 'leaf', PspCode: 'leaf', CustCtrNum: 'leaf', ResultUrl: 'leaf' } },
    PmtDtl: {
      fields: {
        TrxId: 'leaf',
        PayRefId: 'leaf',
        PaidAmt: 'leaf',
        Ccy: 'leaf',
        CollAccNum: 'leaf',
        TrxDtTm: 'leaf',
        UsdPayChnl: 'leaf',
        TrdPtyTrxId: 'leaf',
        PyrCellNum: 'leaf',
        PyrName: 'leaf',
        PyrEmail: 'leaf',
      },
    },
  },
} as const;

export const pmtStsReq = {
  name: 'pmtStsReq',
  fields: { ReqId: 'leaf', PspCode: 'leaf', TrxId: 'leaf' },
} as const;

export const pmtOlNtfReq = {
  name: 'pmtOlNtfReq',
  fields: {
    ReqId: 'leaf',
    PspCode: 'leaf',
    CustCtrNum: 'leaf',
    TrxId: 'leaf',
    Auth: 'leaf',
    PaidAmt: 'leaf',
    Ccy: 'leaf',
    TrxDtTm: 'leaf',
    UsdPayChnl: 'leaf',
    PyrCellNum: 'leaf',
    PyrName: 'leaf',
    PyrEmail: 'leaf',
  },
} as const;

const pmtFinResAck = {
  name: 'pmtFinResAck',
  fields: { AckId: 'leaf', ResId: 'leaf', AckStsCode: 'leaf' },
} as const;

/** Every shape the gateway reads in this generation. */
export const v5Shapes = [
  billSubReq,
  billCanclReq,
  sucSpPmtReq,
  billSubResAck,
  billCanclReqAck,
  pmtSpNtfReqAck,
  sucSpPmtResAck,
  billPushToPayReq,
  billQryReq,
  pmtReq,
  pmtStsReq,
  pmtOlNtfReq,
  pmtFinResAck,
] as const;

/** Message and signature names of this generation, in and out: what free text may not hold (SIG-15). */
export const v5MessageNames: readonly string[] = [
  ...v5Shapes.map((shape) => shape.name),
  'signature',
  'billSubReqAck',
  'billSubRes',
  'billCanclRes',
  'pmtSpNtfReq',
  'sucSpPmtReqAck',
  'sucSpPmtRes',
  'billPushToPayReqAck',
  'billQryRes',
  'pmtReqAck',
  'pmtFinRes',
  'pmtStsRes',
  'pmtOlNtfReqAck',
];
