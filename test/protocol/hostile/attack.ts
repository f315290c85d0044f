/**
 * What every table of hostile messages is written in: an attack is a body, the path it goes to, and what must come of
 * it. Messages are texts, spelled here letter by letter, since spelling is what the attacks play with.
 */
import { dammDigit } from '../../../src/bills/control-number.rules';
import { operations } from '../../../src/gepg/operations';
import { wrapSigned } from '../../../src/gepg/envelope';
import { type Digest, signBytes } from '../../../src/platform/crypto/signature';
import { sampleKeystore } from '../../../tools/sandbox/sample-keys';

/** What may come of a message; every answer but the edge's own is signed and has HTTP status 200. */
export interface Outcome {
  /** The status code of the answer; for `edge` the HTTP status. */
  readonly code: string | RegExp;
  /**
   * `nothing`: no row; `message`: the journal alone; `refusal`: the journal and a refused payment; `edge`: no row, and
   * an answer of the HTTP server.
   */
  readonly leaves: 'nothing' | 'message' | 'refusal' | 'edge';
  readonly securityLines: 0 | 1;
}

/** Nobody known: one security log line, no row. */
export const stranger = (code: string): Outcome => ({ code, leaves: 'nothing', securityLines: 1 });
/** A known party tried something: its message is kept, one security log line. */
export const known = (code: string | RegExp): Outcome => ({
  code,
  leaves: 'message',
  securityLines: 1,
});
/** An ordinary refusal of a payment, here always of a number that was never issued. */
export const refusedPayment: Outcome = { code: '7335', leaves: 'refusal', securityLines: 0 };
/** Read and answered as the ordinary message that it is, without a payment. */
export const ordinary = (code: string): Outcome => ({ code, leaves: 'message', securityLines: 0 });
/** An enquiry that is answered: nothing is written for it. */
export const answered = (code: string): Outcome => ({ code, leaves: 'nothing', securityLines: 0 });
export const edge = (status: string | RegExp): Outcome => ({
  code: status,
  leaves: 'edge',
  securityLines: 0,
});

export const paths = {
  pay4: '/api/payment/sigqrequest',
  pay5: '/api/payment/20/posting',
  ask4: '/api/bill/transfer-query',
  ask5: '/api/bill/20/query',
  status5: '/api/payment/20/status',
  bill4: '/api/bill/sigqrequest',
  billNow4: '/api/bill/sigsrequest',
  bill5: '/api/bill/20/submission',
  cancel4: '/api/bill/sigcancel_request',
  cancel5: '/api/bill/20/cancellation',
  day4: '/api/reconciliations/sig_sp_qrequest',
  day5: '/api/reconciliation/20/request',
} as const;

export interface Attack {
  readonly name: string;
  readonly to: keyof typeof paths;
  readonly body: () => Buffer | string;
  readonly outcome: Outcome;
  /** Beside the ordinary ones of the path's kind of party. */
  readonly headers: Readonly<Record<string, string>>;
}

export function attack(
  name: string,
  to: Attack['to'],
  body: Attack['body'],
  outcome: Outcome,
  headers: Attack['headers'] = {},
): Attack {
  return { name, to, body, outcome, headers };
}

export function operationAt(path: string): (typeof operations)[number] {
  const found = operations.find((each) => each.path === path);
  if (found === undefined) throw new Error(`no operation at ${path}`);
  return found;
}

export function leaves(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, text]) => `<${name}>${text}</${name}>`)
    .join('');
}

/** Well-formed, and never issued. */
export const unknownNumber = `99701999999${dammDigit('99701999999')}`;

let count = 0;
/** Transaction ids are taken once and for all, so every message that may get that far has its own. */
export const newId = (): string => `H-${String((count += 1))}`;

type Fields = Readonly<Record<string, string>>;

export function payment4(fields: Fields = {}, pspCode = 'PSP701', more = ''): string {
  return `<gepgPmtPstReq><PspDtl>${leaves({ PspCode: pspCode })}</PspDtl><PymtTrxInf>${leaves({
    TrxId: newId(),
    BillCtrNum: unknownNumber,
    PaidAmt: '100.00',
    CCy: 'TZS',
    TrxDtTm: '2026-11-24T10:00:00',
    ...fields,
  })}${more}</PymtTrxInf></gepgPmtPstReq>`;
}

export function payment5(fields: Fields = {}, pspCode = 'PSP701', more = ''): string {
  return `<pmtReq><PmtHdr>${leaves({ ReqId: 'R-1', PspCode: pspCode, CustCtrNum: unknownNumber })}</PmtHdr><PmtDtl>${leaves(
    {
      TrxId: newId(),
      PaidAmt: '100.00',
      Ccy: 'TZS',
      TrxDtTm: '2026-11-24T10:00:00',
      ...fields,
    },
  )}${more}</PmtDtl></pmtReq>`;
}

export function enquiry4(controlNumber: string = unknownNumber, id = 'Q-1'): string {
  return `<gepgBillQryReq>${leaves({ BillReqId: id, BillCtrNum: controlNumber })}</gepgBillQryReq>`;
}

export function enquiry5(pspCode = 'PSP701', id = 'Q-1'): string {
  return `<billQryReq>${leaves({ ReqId: id, PspCode: pspCode, CustCtrNum: unknownNumber })}</billQryReq>`;
}

export function cancellation4(spCode = 'SP70101', billId = 'none'): string {
  return `<gepgBillCanclReq>${leaves({ SpCode: spCode, SpSysId: 'THOSP001', BillId: billId })}</gepgBillCanclReq>`;
}

export function cancellation5(groupCode = 'SP70101', billId = 'none'): string {
  return `<billCanclReq>${leaves({ ReqId: 'C-1', SpGrpCode: groupCode, SysCode: 'THOSP001', GrpBillId: billId })}</billCanclReq>`;
}

export function bill4(fields: Fields = {}, spCode = 'SP70101'): string {
  const bill = {
    BillId: newId(),
    SubSpCode: '1001',
    SpSysId: 'THOSP001',
    BillAmt: '1000.00',
    MiscAmt: '0.00',
    BillExprDt: '2027-12-31T23:59:59',
    PyrId: 'M-1',
    PyrName: 'Neema Mollel',
    BillDesc: 'Huduma',
    BillGenDt: '2026-11-24T10:00:00',
    BillGenBy: 'karani',
    BillApprBy: 'mhasibu',
    PyrCellNum: '255700000001',
    Ccy: 'TZS',
    BillPayOpt: '3',
    ...fields,
  };
  const item = { UseItemRefOnPay: 'N', BillItemAmt: bill.BillAmt, GfsCode: '142202' };
  return `<gepgBillSubReq><BillHdr>${leaves({ SpCode: spCode, RtrRespFlg: 'true' })}</BillHdr><BillTrxInf>${leaves(
    bill,
  )}<BillItems><BillItem>${leaves(item)}</BillItem></BillItems></BillTrxInf></gepgBillSubReq>`;
}

/** Far from complete, so that it would be refused bill by bill; what is tried here is refused before. */
export function bill5(groupCode: string, ...spCodes: readonly string[]): string {
  const bills = spCodes.map(
    (code) => `<BillDtl>${leaves({ BillId: newId(), SpCode: code })}</BillDtl>`,
  );
  return `<billSubReq><BillHdr>${leaves({ ReqId: 'R-1', SpGrpCode: groupCode, BillTyp: '1' })}</BillHdr><BillDtls>${bills.join(
    '',
  )}</BillDtls></billSubReq>`;
}

/** The generation follows from the name, and the digest and the tag from the generation. */
export function generationOf(element: Buffer | string): 'v4' | 'v5' {
  return Buffer.from(element).toString('latin1', 0, 5) === '<gepg' ? 'v4' : 'v5';
}

export function signatureOf(element: Buffer | string, by: string, digest?: Digest): Buffer {
  const own = generationOf(element) === 'v4' ? 'sha1' : 'sha256';
  return signBytes(Buffer.from(element), sampleKeystore(by).privateKey, digest ?? own);
}

export function signed(element: Buffer | string, by = 'PSP701', digest?: Digest): Buffer {
  return wrapSigned(Buffer.from(element), signatureOf(element, by, digest), generationOf(element));
}

export function signatureTag(element: Buffer | string, by = 'PSP701'): string {
  const tag = generationOf(element) === 'v4' ? 'gepgSignature' : 'signature';
  return `<${tag}>${signatureOf(element, by).toString('base64')}</${tag}>`;
}

/** The element under a signature that may be of anything. */
export function under(element: Buffer | string, signature: Buffer | string): Buffer {
  const tag = generationOf(element) === 'v4' ? 'gepgSignature' : 'signature';
  const text = typeof signature === 'string' ? signature : signature.toString('base64');
  return Buffer.concat([
    Buffer.from('<Gepg>'),
    Buffer.from(element),
    Buffer.from(`<${tag}>${text}</${tag}></Gepg>`),
  ]);
}
