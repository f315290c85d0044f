/**
 * The texts of the sample messages, letter by letter as a client spells them: nothing here escapes or lays out by
 * itself, since spelling is what the samples show. Element names and order: gepg-protocol.md §3.
 */

/** Name and text, in order; texts as on the wire. */
type Leaves = Readonly<Record<string, string>>;

export function leaves(fields: Leaves): string {
  return Object.entries(fields)
    .map(([name, text]) => `<${name}>${text}</${name}>`)
    .join('');
}

export interface V4Bill {
  readonly billId: string;
  readonly systemId: string;
  readonly amount: string;
  readonly payer: string;
  readonly description: string;
  readonly option: string;
  readonly generatedAt: string;
  readonly expiresAt: string;
  /** Each inner list is one `BillItems` wrapper; an item is its GFS code and amount. */
  readonly wrappers: readonly (readonly (readonly [gfs: string, amount: string])[])[];
  /** Written after the items, where one client puts a control number that it reuses. */
  readonly afterItems?: Leaves;
}

function v4Bill(bill: V4Bill): string {
  let count = 0;
  const item = ([gfs, amount]: readonly [string, string]): string =>
    `<BillItem>${leaves({
      BillItemRef: `${bill.billId}-${String((count += 1))}`,
      UseItemRefOnPay: 'N',
      BillItemAmt: amount,
      BillItemEqvAmt: amount,
      BillItemMiscAmt: '0',
      GfsCode: gfs,
    })}</BillItem>`;
  return `<BillTrxInf>${leaves({
    BillId: bill.billId,
    SubSpCode: '1001',
    SpSysId: bill.systemId,
    BillAmt: bill.amount,
    MiscAmt: '0',
    BillExprDt: bill.expiresAt,
    PyrId: `M-${bill.billId}`,
    PyrName: bill.payer,
    BillDesc: bill.description,
    BillGenDt: bill.generatedAt,
    BillGenBy: 'karani',
    BillApprBy: 'mhasibu',
    PyrCellNum: '255712000111',
    PyrEmail: 'mlipaji@example.com',
    Ccy: 'TZS',
    BillEqvAmt: bill.amount,
    RemFlag: 'true',
    BillPayOpt: bill.option,
  })}${bill.wrappers.map((items) => `<BillItems>${items.map(item).join('')}</BillItems>`).join('')}${leaves(
    bill.afterItems ?? {},
  )}</BillTrxInf>`;
}

export function v4Submission(spCode: string, bills: readonly V4Bill[]): string {
  return submissionOf(spCode, bills.map(v4Bill).join(''));
}

/** Three fields of a bill, all that one client sends to change it. */
export function v4Change(
  spCode: string,
  systemId: string,
  billId: string,
  expiresAt: string,
): string {
  const bill = leaves({ BillId: billId, SpSysId: systemId, BillExprDt: expiresAt });
  return submissionOf(spCode, `<BillTrxInf>${bill}</BillTrxInf>`);
}

function submissionOf(spCode: string, bills: string): string {
  const header = leaves({ SpCode: spCode, RtrRespFlg: 'true' });
  return `<gepgBillSubReq><BillHdr>${header}</BillHdr>${bills}</gepgBillSubReq>`;
}

export function v4Cancellation(
  spCode: string,
  systemId: string,
  reason: string | undefined,
  billIds: readonly string[],
): string {
  const head = { SpCode: spCode, SpSysId: systemId };
  return `<gepgBillCanclReq>${leaves(
    reason === undefined ? head : { ...head, CanclReasn: reason },
  )}${billIds.map((each) => leaves({ BillId: each })).join('')}</gepgBillCanclReq>`;
}

export function v4Reconciliation(
  requestId: string,
  spCode: string,
  systemId: string,
  day: string,
): string {
  return `<gepgSpReconcReq>${leaves({
    SpReconcReqId: requestId,
    SpCode: spCode,
    SpSysId: systemId,
    TnxDt: day,
    ReconcOpt: '1',
  })}</gepgSpReconcReq>`;
}

export function v4Enquiry(requestId: string, controlNumber: string): string {
  return `<gepgBillQryReq>${leaves({ BillReqId: requestId, BillCtrNum: controlNumber })}</gepgBillQryReq>`;
}

export function v4Payment(payment: {
  readonly pspCode: string;
  readonly resultUrl: string;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amount: string;
  readonly paidAt: string;
  readonly channel: string;
}): string {
  return `<gepgPmtPstReq><PspDtl>${leaves({
    PspCode: payment.pspCode,
    ResultUrl: payment.resultUrl,
  })}</PspDtl><PymtTrxInf>${leaves({
    TrxId: payment.transactionId,
    spCode: '',
    PayRefId: '',
    BillCtrNum: payment.controlNumber,
    PaidAmt: payment.amount,
    CCy: 'TZS',
    CtrAccNum: '',
    TrxDtTm: payment.paidAt,
    UsdPayChnl: payment.channel,
    DptCellNum: '255712000111',
    DptName: 'Zawadi Kimaro',
    DptNameEmailAddr: '',
  })}</PymtTrxInf></gepgPmtPstReq>`;
}

export interface V5Part {
  readonly billId: string;
  readonly spCode: string;
  readonly gfsCode: string;
  readonly amount: string;
  readonly payer: string;
  readonly description: string;
  readonly generatedAt: string;
  readonly expiresAt: string;
}

/** As a tree printed by Python: an empty element is `<CollPsp />`. */
function v5Part(part: V5Part): string {
  return `<BillDtl>${leaves({
    BillId: part.billId,
    SpCode: part.spCode,
    CollCentCode: 'CC1',
    BillDesc: part.description,
    CustTin: 'None',
    CustId: `M-${part.billId}`,
    CustIdTyp: '5',
    CustAccnt: part.billId,
    CustName: part.payer,
    CustCellNum: '255712000111',
    CustEmail: 'mlipaji@example.com',
    BillGenDt: part.generatedAt,
    BillExprDt: part.expiresAt,
    BillGenBy: 'karani',
    BillApprBy: 'mhasibu',
    BillAmt: part.amount,
    BillEqvAmt: part.amount,
    MinPayAmt: part.amount,
    Ccy: 'TZS',
    ExchRate: '1.00',
    BillPayOpt: '3',
    PayPlan: '1',
    PayLimTyp: '1',
    PayLimAmt: '0.00',
  })}<CollPsp /><BillItems><BillItem>${leaves({
    RefBillId: part.billId,
    SubSpCode: '1001',
    GfsCode: part.gfsCode,
    BillItemRef: `${part.billId}-1`,
    UseItemRefOnPay: 'N',
    BillItemAmt: part.amount,
    BillItemEqvAmt: part.amount,
    CollSp: part.spCode,
  })}</BillItem></BillItems></BillDtl>`;
}

/** One part makes a normal bill, more a combined one. */
export function v5Submission(
  header: {
    readonly requestId: string;
    readonly groupCode: string;
    readonly systemId: string;
    readonly groupBillId: string;
  },
  parts: readonly V5Part[],
): string {
  return `<billSubReq><BillHdr>${leaves({
    ReqId: header.requestId,
    SpGrpCode: header.groupCode,
    SysCode: header.systemId,
    BillTyp: parts.length === 1 ? '1' : '2',
    PayTyp: '1',
    GrpBillId: header.groupBillId,
  })}</BillHdr><BillDtls>${parts.map(v5Part).join('')}</BillDtls></billSubReq>`;
}

export function v5Cancellation(
  requestId: string,
  groupCode: string,
  systemId: string,
  groupBillId: string,
  reason: string,
): string {
  return `<billCanclReq>${leaves({
    ReqId: requestId,
    SpGrpCode: groupCode,
    SysCode: systemId,
    BillTyp: '1',
    GrpBillId: groupBillId,
    CanclGenBy: 'karani',
    CanclApprBy: 'mhasibu',
    CanclReasn: reason,
  })}</billCanclReq>`;
}

export function v5Reconciliation(
  requestId: string,
  groupCode: string,
  systemId: string,
  day: string,
): string {
  return `<sucSpPmtReq>${leaves({
    ReqId: requestId,
    SpGrpCode: groupCode,
    SysCode: systemId,
    TrxDt: day,
  })}<Rsv1 /><Rsv2 /><Rsv3 /></sucSpPmtReq>`;
}
