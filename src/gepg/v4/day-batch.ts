/**
 * The day of an institution in generation 4, `gepgSpReconcResp`, in pieces (gepg-protocol.md §3.6). The `java-double`
 * form leaves the reserved fields out, whose spelling differs between clients, and never has empty remarks (§2.5).
 */
import type { DayBatch } from '../../deliveries/delivery-message';
import { formatWireInstant } from '../../kernel/business-day';
import { formatAmount } from '../../kernel/money';
import type { Party } from '../../parties/party-directory';
import type { Profile } from '../../parties/profile.rules';
import type { PaymentOfDay } from '../../payments/payment-of-day';
import { wireId } from '../wire-id';
import { writeElement } from '../xml';
import type { DayCodec } from '../codec';
import { remarkOf } from '../day-remark';
import { javaDouble } from './java-double';

function encodeHead(message: DayBatch, sp: Party, code: string): Buffer {
  return writeElement('ReconcBatchInfo', {
    SpReconcReqId: message.requestId,
    SpCode: sp.code,
    SpName: sp.name,
    ReconcStsCode: code,
  });
}

function encodeRow(row: PaymentOfDay, profile: Profile): Buffer {
  const isJava = profile.outputForm === 'java-double';
  const paid = formatAmount(row.paidMinor);
  return writeElement('ReconcTrxInf', {
    SpBillId: wireId(row.billId),
    BillCtrNum: row.controlNumber,
    pspTrxId: row.pspTransactionId,
    PaidAmt: isJava ? javaDouble(paid) : paid,
    CCy: row.currency,
    PayRefId: row.receiptNumber,
    TrxDtTm: formatWireInstant(row.paidAt),
    CtrAccNum: row.collectionAccount,
    UsdPayChnl: row.channel,
    PspName: row.pspName,
    PspCode: row.pspCode,
    DptCellNum: row.payerPhone,
    DptName: row.payerName,
    DptEmailAddr: row.payerEmail,
    Remarks: remarkOf(row),
    ...(isJava ? {} : { ReconcRsv1: '', ReconcRsv2: '', ReconcRsv3: '' }),
  });
}

/** An empty day keeps its pair of tags: a self-closing element would be no day to several clients. */
function wrap(head: Buffer, rows: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from('<gepgSpReconcResp>'),
    head,
    Buffer.from('<ReconcTrans>'),
    ...rows,
    Buffer.from('</ReconcTrans></gepgSpReconcResp>'),
  ]);
}

export const v4Day: DayCodec = { encodeHead, encodeRow, wrap };
