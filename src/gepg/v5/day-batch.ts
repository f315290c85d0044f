/** The day of an institution in generation 5, `sucSpPmtRes`, in pieces (gepg-protocol.md §3.12). */
import type { DayBatch } from '../../deliveries/delivery-message';
import { formatWireInstant } from '../../kernel/business-day';
import { formatAmount } from '../../kernel/money';
import type { Party } from '../../parties/party-directory';
import type { PaymentOfDay } from '../../payments/payment-of-day';
import type { DayCodec } from '../codec';
import { remarkOf } from '../day-remark';
import { optionNumbers } from '../options';
import { statusTextOf } from '../status-codes';
import { wireId } from '../wire-id';
import { writeElement } from '../xml';

function encodeHead(message: DayBatch, sp: Party, code: string): Buffer {
  return writeElement('BatchHdr', {
    ResId: message.answerId,
    ReqId: message.requestId,
    SpGrpCode: message.groupCode || sp.code,
    SysCode: message.systemId,
    PayStsCode: code,
    PayStsDesc: statusTextOf(code),
  });
}

function encodeRow(row: PaymentOfDay): Buffer {
  return writeElement('PmtTrxDtl', {
    CustCntrNum: row.customerNumber,
    GrpBillId: wireId(row.groupBillId),
    SpCode: row.spCode,
    BillId: wireId(row.billId),
    BillCtrNum: row.controlNumber,
    PspCode: row.pspCode,
    PspName: row.pspName,
    TrxId: row.paymentId,
    PayRefId: row.receiptNumber,
    BillAmt: formatAmount(row.billMinor),
    PaidAmt: formatAmount(row.paidMinor),
    BillPayOpt: optionNumbers[row.option],
    Ccy: row.currency,
    CollAccNum: row.collectionAccount,
    TrxDtTm: formatWireInstant(row.paidAt),
    UsdPayChnl: row.channel,
    TrdPtyTrxId: '',
    QtRefId: '',
    PyrCellNum: row.payerPhone,
    PyrEmail: row.payerEmail,
    PyrName: row.payerName,
    Remarks: remarkOf(row),
    Rsv1: '',
    Rsv2: '',
    Rsv3: '',
  });
}

function wrap(head: Buffer, rows: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from('<sucSpPmtRes>'),
    head,
    Buffer.from('<PmtDtls>'),
    ...rows,
    Buffer.from('</PmtDtls></sucSpPmtRes>'),
  ]);
}

export const v5Day: DayCodec = { encodeHead, encodeRow, wrap };
